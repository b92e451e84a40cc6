"""From opened ballots to figures: factors and items of one team, each coarse enough to be shown."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.ask.instruments.model import BadAnswer, Instrument, Item, Scale
from survey_app.ask.instruments.scoring import scale_score
from survey_app.know.evidence.climate.masks import (
    TEN,
    coarse_spread,
    outward,
    shown_deviation,
    shown_points,
    shown_share,
)
from survey_app.know.evidence.climate.result import Agreement, Change, Figure, Level, Spread, Verdict
from survey_app.stats.agreement import team_agreement, uniform_variance
from survey_app.stats.differences import welch

STRICT = 0.67
"""What a slight lean to one side leaves of the variance of answers at random: 1.34 of 2 for five options."""
SHARED_FROM, SOME_FROM = 0.70, 0.51


@dataclass(frozen=True, slots=True)
class Said:
    """One opened ballot: item to code, and whether it was filled in very fast."""

    answers: Mapping[str, int]
    quick: bool = False


def scores_on(scale: Scale, instrument: Instrument, said: Sequence[Said]) -> list[float]:
    """Score everybody who answered enough of a factor.

    Parameters
    ----------
    scale : Scale
        A factor.
    instrument : Instrument
        The version they answered.
    said : sequence of Said
        Ballots, in any order.

    Returns
    -------
    list of float
        The mean of the answered items, 0 to 100, ascending, so that no order of ballots is left.
    """
    scored = (scale_score(scale, instrument, _known(instrument, one.answers)) for one in said)
    return sorted(score for score in scored if score is not None)


def item_scores(item: Item, said: Sequence[Said]) -> list[float]:
    """Score everybody who answered an item.

    Parameters
    ----------
    item : Item
        An item with options.
    said : sequence of Said
        Ballots, in any order.

    Returns
    -------
    list of float
        0 to 100, ascending.
    """
    scored = (score_of(item, one.answers) for one in said)
    span = item.highest - item.lowest
    return sorted(100 * (score - item.lowest) / span for score in scored if score is not None)


def factor_figure(scale: Scale, instrument: Instrument, said: Sequence[Said], needed: int) -> Figure:
    """Make the figure of a factor.

    Parameters
    ----------
    scale : Scale
        A factor.
    instrument : Instrument
        The version they answered.
    said : sequence of Said
        A wave's ballots.
    needed : int
        People a figure needs: 5 besides a reader.

    Returns
    -------
    Figure
        Without points where fewer answered it.
    """
    scores = scores_on(scale, instrument, said)
    if len(scores) < needed:
        return Figure(scale.id, scale.title, None)
    items = [instrument.item(item_id) for item_id in scale.items]
    answers = [share for item in items for share in item_scores(item, said)]
    return Figure(
        scale.id,
        scale.title,
        shown_points(statistics.fmean(scores), len(scores)),
        _spread(answers),
        _agreement(items, said, needed),
    )


def item_figure(item: Item, said: Sequence[Said]) -> Figure:
    """Make the figure of an item.

    Parameters
    ----------
    item : Item
        An item with options.
    said : sequence of Said
        A wave's ballots.

    Returns
    -------
    Figure
        Without points where fewer than 10 answered it.
    """
    scores = item_scores(item, said)
    if len(scores) < TEN:
        return Figure(item.id, item.text, None)
    return Figure(item.id, item.text, shown_points(statistics.fmean(scores), len(scores)), _spread(scores))


def change_between(
    now: Figure, scores: Sequence[float], before: int | None, scores_before: Sequence[float]
) -> Change | None:
    """Compare two waves of one team.

    Parameters
    ----------
    now : Figure
        As shown now.
    scores : sequence of float
        People's scores now; they give only a coarse spread and how many they are.
    before : int or None
        As shown then.
    scores_before : sequence of float
        People's scores then.

    Returns
    -------
    Change or None
        The difference of what is shown, with Welch's interval widened to fives; None without both figures.
        Nobody is paired, because ballots carry no names: for people who mostly stayed the interval is wider
        than need be.

    References
    ----------
    docs/algorithms/differences.md, docs/algorithms/team-climate.md.
    """
    if now.points is None or before is None or min(len(scores), len(scores_before)) < 2:
        return None
    found = welch(_moments(now.points, scores), _moments(before, scores_before))
    if found is None:
        return None
    low, high = outward(found.low, found.high)
    verdict = Verdict.HIGHER if low > 0 else Verdict.LOWER if high < 0 else Verdict.SAME
    return Change(now.points - before, low, high, verdict)


def n_alike(instrument: Instrument, said: Sequence[Said]) -> int:
    """Count the ballots with one and the same answer throughout.

    Parameters
    ----------
    instrument : Instrument
        The version they answered.
    said : sequence of Said
        A wave's ballots.

    Returns
    -------
    int
        Of ballots with at least half of the items, and three, answered.
    """
    fewest = max(3, len(instrument.items) / 2)
    codes = [list(_known(instrument, one.answers).values()) for one in said]
    return sum(len(found) >= fewest and len(set(found)) == 1 for found in codes)


def _known(instrument: Instrument, answers: Mapping[str, int]) -> dict[str, int]:
    found = {item.id: answers[item.id] for item in instrument.items if score_of(item, answers) is not None}
    return {item_id: int(code) for item_id, code in found.items()}


def score_of(item: Item, answers: Mapping[str, int]) -> float | None:
    """Score one answer.

    Parameters
    ----------
    item : Item
        An item with options.
    answers : mapping of str to int
        One ballot.

    Returns
    -------
    float or None
        None where it is missing or no answer to the item.
    """
    try:
        return item.score(answers.get(item.id))
    except BadAnswer:  # checked when it was sealed; one odd value must not lose the whole wave
        return None


def _spread(shares: Sequence[float]) -> Spread:
    n = len(shares)
    low, high = sum(share < 50 for share in shares), sum(share > 50 for share in shares)
    return Spread(shown_share(low / n), shown_share((n - low - high) / n), shown_share(high / n))


def _agreement(items: Sequence[Item], said: Sequence[Said], needed: int) -> Agreement | None:
    n_options = {len(item.scored) for item in items}
    if len(n_options) != 1:  # r_wg(j) is defined for items of one scale
        return None
    rows = [[score_of(item, one.answers) for item in items] for one in said]
    null = uniform_variance(n_options.pop())
    found, strict = team_agreement(rows, null), team_agreement(rows, STRICT * null)
    if found is None or strict is None or found.n < needed:
        return None
    return Agreement(_level(found.rwg_j), _level(strict.rwg_j), shown_deviation(found.ad_m))


def _level(rwg_j: float) -> Level:
    if rwg_j >= SHARED_FROM:
        return Level.SHARED
    return Level.SOME if rwg_j >= SOME_FROM else Level.APART


def _moments(points: int, scores: Sequence[float]) -> tuple[float, float, int]:
    return float(points), float(coarse_spread(statistics.stdev(scores))), len(scores)
