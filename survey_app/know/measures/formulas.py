"""Figures from counts: an item's mean, its share of most positive answers, the mean of a scale's items."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.ask.instruments.model import Composite, Item, Scale

# Of one item: option code to the number of people who chose it (a fraction where answers are weighted).
Counts = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value on 0-100 with the number of valid answers behind it; intervals are drawn up in evidence.

    `sd` is the sample standard deviation of the answers on 0-100 (means only); `n_top` the number of most
    positive answers (shares only).
    """

    value: float
    n: int
    sd: float | None = None
    n_top: float | None = None


def valid(item: Item, counts: Counts) -> int:
    """Count the valid answers: those with a scored option.

    Parameters
    ----------
    item : Item
        The item counted.
    counts : Mapping of int to int
        Option code to people; not sure and does not apply may be among them.

    Returns
    -------
    int
        People whose answer has a score.

    Raises
    ------
    BadAnswer
        If a code is no answer to the item.

    Examples
    --------
    >>> from survey_app.ask.instruments.model import Item, Option, OptionKind
    >>> options = (Option(1, "Yes", 3), Option(2, "No", 0), Option(0, "Not sure", None, OptionKind.NOT_SURE))
    >>> item = Item("a.b", 1, "yes_no", "", "", "", "", options)
    >>> valid(item, {1: 7, 2: 3, 0: 4})
    10
    """
    return round(math.fsum(n for _, n in _cells(item, counts)))


def all_alike(item: Item, counts: Counts) -> bool:
    """Tell whether all valid answers to an item are the same one.

    Parameters
    ----------
    item : Item
        The item counted.
    counts : Mapping of int to int
        Option code to people.

    Returns
    -------
    bool
        True as well when nobody gave a valid answer.
    """
    return sum(1 for _, n in _cells(item, counts) if n) <= 1


def item_mean(item: Item, counts: Counts) -> Figure | None:
    """Give the mean of an item's valid answers on 0-100, reversed where the item is.

    Parameters
    ----------
    item : Item
        The item counted.
    counts : Mapping of int to int
        Option code to people.

    Returns
    -------
    Figure or None
        `value` and `sd` on 0-100; None when nobody gave a valid answer.

    References
    ----------
    .. [1] docs/algorithms/scoring.md

    Examples
    --------
    >>> from survey_app.ask.instruments.model import Item, Option
    >>> item = Item("a.b", 1, "yes_no", "", "", "", "", (Option(1, "Yes", 3), Option(2, "No", 0)))
    >>> item_mean(item, {1: 3, 2: 1})
    Figure(value=75.0, n=4, sd=50.0, n_top=None)
    """
    cells = [
        (100 * (score - item.lowest) / (item.highest - item.lowest), n) for score, n in _cells(item, counts)
    ]
    total = math.fsum(n for _, n in cells)
    if total == 0:
        return None
    mean = math.fsum(value * n for value, n in cells) / total
    squares = math.fsum(n * (value - mean) ** 2 for value, n in cells)
    return Figure(mean, round(total), sd=math.sqrt(squares / (total - 1)) if total > 1 else None)


def top_share(item: Item, counts: Counts) -> Figure | None:
    """Give the percentage of valid answers that are most positive.

    Parameters
    ----------
    item : Item
        The item counted, with options.
    counts : Mapping of int to int
        Option code to people.

    Returns
    -------
    Figure or None
        `value` in percent and `n_top`; None when nobody gave a valid answer.

    References
    ----------
    .. [1] docs/algorithms/scoring.md
    """
    total = valid(item, counts)
    if total == 0:
        return None
    n_top = sum(counts.get(code, 0) for code in top_codes(item))
    return Figure(100 * n_top / total, total, n_top=n_top)


def mode_share(counts: Counts, code: int) -> Figure | None:
    """Give the percentage of answers that came in one way, or from one kind of helper.

    Parameters
    ----------
    counts : Mapping of int to int
        Code of a channel, or of who filled it in, to people.
    code : int
        The one asked for.

    Returns
    -------
    Figure or None
        `value` in percent and `n_top`; None when nothing is known of anybody.

    References
    ----------
    .. [1] docs/algorithms/mode-mix.md

    Examples
    --------
    >>> mode_share({1: 15, 2: 5}, 2)
    Figure(value=25.0, n=20, sd=None, n_top=5)
    """
    total = round(math.fsum(counts.values()))
    if total == 0:
        return None
    n = counts.get(code, 0)
    return Figure(100 * n / total, total, n_top=n)


def top_codes(item: Item) -> tuple[int, ...]:
    """List the codes of the most positive answers, in the order shown.

    Parameters
    ----------
    item : Item
        An item with options.

    Returns
    -------
    tuple of int
        The two best of four or more scored options; the best of two or three.
    """
    best_first = sorted(item.scored, key=lambda option: item.score(option.code) or 0.0, reverse=True)
    best = best_first[: 2 if len(best_first) >= 4 else 1]
    return tuple(option.code for option in item.options if option in best)


def top_labels(item: Item) -> tuple[str, ...]:
    """List the labels of the most positive answers, in the order shown.

    Parameters
    ----------
    item : Item
        An item with options.

    Returns
    -------
    tuple of str
        One label for each of `top_codes`.
    """
    return tuple(item.option(code).label for code in top_codes(item))


def scale_mean(figures: Sequence[Figure]) -> Figure:
    """Give the plain mean of figures on 0-100.

    Parameters
    ----------
    figures : sequence of Figure
        One for each part of a scale, at least one.

    Returns
    -------
    Figure
        `n` is the smallest of theirs: every part rests on at least that many answers. No `sd`: people's
        own scale scores are never published, so their spread is not either.

    Raises
    ------
    ValueError
        If there are no figures.

    Examples
    --------
    >>> scale_mean([Figure(60.0, 12), Figure(80.0, 10)])
    Figure(value=70.0, n=10, sd=None, n_top=None)
    """
    if not figures:
        raise ValueError("expected at least one figure")
    return Figure(
        math.fsum(figure.value for figure in figures) / len(figures), min(figure.n for figure in figures)
    )


def scale_figure(scale: Scale, figures: Mapping[str, Figure]) -> Figure | None:
    """Give a scale's figure from its items' mean figures.

    Parameters
    ----------
    scale : Scale
        The scale.
    figures : Mapping of str to Figure
        Item id to that item's `item_mean`.

    Returns
    -------
    Figure or None
        The mean of the items' figures; a composite counts once, as the mean of its children's figures.
        None while an item of `scale.item_ids` has no figure.

    Notes
    -----
    A composite's gate (having a plan) is a measure of its own and not part of the figure.

    References
    ----------
    .. [1] docs/algorithms/scoring.md
    """
    if any(item_id not in figures for item_id in scale.item_ids):
        return None
    parts = [figures[item_id] for item_id in scale.items]
    return scale_mean([*parts, *(_composite_mean(composite, figures) for composite in scale.composites)])


def _composite_mean(composite: Composite, figures: Mapping[str, Figure]) -> Figure:
    return scale_mean([figures[child] for child in composite.children])


def _cells(item: Item, counts: Counts) -> list[tuple[float, float]]:
    scored = ((item.score(code), n) for code, n in sorted(counts.items()))
    return [(score, n) for score, n in scored if score is not None]
