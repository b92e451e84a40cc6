"""One measure's figure from counts of its items, with what comparing it takes. Only jobs load this module."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.ask.instruments.model import Instrument
from survey_app.know.disclosure.quarter_sums import ItemCounts
from survey_app.know.measures.formulas import Figure, item_mean, scale_figure, top_share
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.stats.differences import newcombe, welch
from survey_app.stats.intervals import Interval, mean_interval, wilson

Numbers = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A measure with its instrument: from counts to figures, intervals and differences, all on 0-100."""

    measure: Measure
    instrument: Instrument

    @property
    def has_spread(self) -> bool:
        """Tell whether people's answers vary in a way that may be published: not those of a scale.

        Returns
        -------
        bool
            True for means and shares of one item.
        """
        return self.measure.kind in {MeasureKind.ITEM_MEAN, MeasureKind.TOP_SHARE}

    def figure(self, counts: ItemCounts) -> Figure | None:
        """Compute the measure.

        Parameters
        ----------
        counts : mapping
            Item to code to answers, of one place or group.

        Returns
        -------
        Figure or None
            None where an item it needs has no answers.
        """
        compute = top_share if self.measure.kind is MeasureKind.TOP_SHARE else item_mean
        found = {
            item_id: figure
            for item_id in self.measure.items
            if (figure := compute(self.instrument.item(item_id), counts.get(item_id, {}))) is not None
        }
        if self.measure.kind is MeasureKind.SCALE:
            return scale_figure(self.instrument.scale(self.measure.scale or ""), found)
        return found.get(self.measure.items[0])

    def scores(self, counts: Mapping[int, float]) -> list[tuple[float, float]]:
        """List the scores of a one-item measure on 0-100, each with its answers.

        Parameters
        ----------
        counts : mapping of int to float
            Code to answers.

        Returns
        -------
        list of tuple of float and float
            Every scored option, in the item's order, also those nobody chose.
        """
        item = self.instrument.item(self.measure.items[0])
        one = [self.figure({item.id: {option.code: 1}}) for option in item.scored]
        return [
            (figure.value if figure else 0.0, counts.get(option.code, 0))
            for option, figure in zip(item.scored, one, strict=True)
        ]


def interval(figure: Figure, n: float | None = None) -> tuple[float | None, float | None]:
    """Compute how sure a figure is.

    Parameters
    ----------
    figure : Figure
        On 0-100.
    n : float or None
        Effective number of answers where they are weighted.

    Returns
    -------
    tuple of float or None
        Both ends, cut to 0-100; None for scales and where all are alike.
    """
    size = n or float(figure.n)
    if figure.n_top is not None:
        share = wilson(size * figure.value / 100, size)
        return (100 * share.low, 100 * share.high) if share else (None, None)
    if figure.sd is None:
        return None, None
    mean = mean_interval(figure.value, figure.sd, max(2, int(size)))
    return (max(0.0, mean.low), min(100.0, mean.high)) if mean else (None, None)


def difference(one: Figure, other: Figure) -> Interval | None:
    """Compute how two groups of different people differ.

    Parameters
    ----------
    one, other : Figure
        Of the same measure.

    Returns
    -------
    Interval or None
        First minus second, in points; None without a spread.
    """
    if one.n_top is not None and other.n_top is not None:
        found = newcombe(one.n_top, one.n, other.n_top, other.n)
        return found and Interval(100 * found.estimate, 100 * found.low, 100 * found.high)
    if one.sd is None or other.sd is None:
        return None
    return welch((one.value, one.sd, one.n), (other.value, other.sd, other.n))


def added(counts: Iterable[ItemCounts]) -> dict[str, dict[int, float]]:
    """Add up counts of different people.

    Parameters
    ----------
    counts : iterable of mapping
        Item to code to answers.

    Returns
    -------
    dict
        The same, all together.
    """
    found: dict[str, dict[int, float]] = {}
    for one in counts:
        for item_id, codes in one.items():
            total = found.setdefault(item_id, {})
            for code, n in codes.items():
                total[code] = total.get(code, 0) + n
    return found


def pooled_sd(figures: Iterable[Figure]) -> float:
    """Compute the standard deviation of answers within places.

    Parameters
    ----------
    figures : iterable of Figure
        One a place, of a one-item measure.

    Returns
    -------
    float
        On 0-100; for shares from the common share. 0 where all are alike.
    """
    found = list(figures)
    n = sum(figure.n for figure in found)
    if any(figure.n_top is not None for figure in found):
        share = sum(figure.n_top or 0.0 for figure in found) / n
        return 100 * math.sqrt(share * (1 - share))
    squares = math.fsum((figure.n - 1) * (figure.sd or 0.0) ** 2 for figure in found)
    return math.sqrt(squares / max(1, n - len(found)))
