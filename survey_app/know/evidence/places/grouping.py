"""Groups of people beside each other: figures, differences, slope. Only jobs load this module."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.know.disclosure.quarter_sums import ItemCounts
from survey_app.know.evidence.places.documents import NoSlope
from survey_app.know.evidence.places.figuring import Yardstick, added, difference, interval
from survey_app.know.measures.formulas import Figure
from survey_app.stats.inequality import FEWEST_ANSWERS, gradient_interval
from survey_app.stats.intervals import Interval

NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """The released counts of one place and quarter by category of the declared breakdown.

    Attributes
    ----------
    order : tuple of str
        The categories as declared when the quarter was released.
    ordered : bool
        Whether that order means something, such as from most to least deprived.
    counts : mapping of str to mapping
        Category (empty: not stated) to released counts; withheld ones are left out.
    residents : mapping of str to int
        Category to the people who live here.
    weighted : mapping or None
        Released weighted counts.
    n_effective : float or None
        Of the weighted figure.
    """

    order: tuple[str, ...]
    ordered: bool
    counts: Mapping[str, ItemCounts]
    residents: Mapping[str, int]
    weighted: ItemCounts | None
    n_effective: float | None


def contrast(yardstick: Yardstick, groups: Groups) -> dict[str, Any]:
    """Set the groups of one place beside each other.

    Parameters
    ----------
    yardstick : Yardstick
        The measure.
    groups : Groups
        Released counts.

    Returns
    -------
    dict
        The finding's document, rounded to four decimals.

    References
    ----------
    docs/algorithms/equity.md, differences.md, inequality.md.
    """
    figures = {
        category: figure
        for category, counts in groups.counts.items()
        if (figure := yardstick.figure(counts)) is not None
    }
    rows = [_row(yardstick, groups, figures, category) for category in (*groups.order, NOT_STATED)]
    return {"groups": rows, **_slope(yardstick, groups, figures), **_weighted(yardstick, groups, figures)}


def _row(
    yardstick: Yardstick, groups: Groups, figures: Mapping[str, Figure], category: str
) -> dict[str, Any]:
    figure = figures.get(category)
    if figure is None:
        return {"category": category, "withheld": "small_number"}
    low, high = interval(figure)
    row: dict[str, Any] = {"category": category, "value": _rounded(figure.value), "n": figure.n}
    row |= {"low": _rounded(low), "high": _rounded(high)}
    if category != NOT_STATED and (found := _against_others(yardstick, groups, figures, category)):
        row["difference"] = [_rounded(found.estimate), _rounded(found.low), _rounded(found.high)]
    return row


def _against_others(
    yardstick: Yardstick, groups: Groups, figures: Mapping[str, Figure], category: str
) -> Interval | None:
    others = [groups.counts[one] for one in groups.order if one in figures and one != category]
    rest = yardstick.figure(added(others)) if others and yardstick.has_spread else None
    return difference(figures[category], rest) if rest else None


def _slope(yardstick: Yardstick, groups: Groups, figures: Mapping[str, Figure]) -> dict[str, Any]:
    if (reason := _why_none(yardstick, groups, figures)) is not None:
        return {"no_slope": reason.value}
    item_id = yardstick.measure.items[0]
    table = [yardstick.scores(groups.counts[one].get(item_id, {})) for one in groups.order]
    found = gradient_interval(
        [groups.residents[one] for one in groups.order],
        [value for value, _ in table[0]],
        [[n for _, n in row] for row in table],
        seed=zlib.crc32(f"{yardstick.measure.id}:{sorted(groups.residents.items())}".encode()),
    )
    if found is None:
        return {"no_slope": NoSlope.TOO_FEW.value}
    slope = [_rounded(found.slope.estimate), _rounded(found.slope.low), _rounded(found.slope.high)]
    ratio = found.ratio
    ends = [_rounded(ratio.estimate), _rounded(ratio.low), _rounded(ratio.high)] if ratio else None
    return {"slope": slope, "ratio": ends}


def _why_none(yardstick: Yardstick, groups: Groups, figures: Mapping[str, Figure]) -> NoSlope | None:
    if not groups.ordered:
        return NoSlope.UNORDERED
    if not yardstick.has_spread:
        return NoSlope.SCALE
    if any(one not in figures for one in groups.order):
        return NoSlope.WITHHELD
    if min(figures[one].n for one in groups.order) < FEWEST_ANSWERS:
        return NoSlope.TOO_FEW
    if not all(groups.residents.get(one) for one in groups.order):
        return NoSlope.NO_POPULATION
    return None


def _weighted(yardstick: Yardstick, groups: Groups, figures: Mapping[str, Figure]) -> dict[str, Any]:
    if groups.weighted is None or groups.n_effective is None:
        return {}
    if any(one not in figures for one in groups.order):
        return {}
    weighted = yardstick.figure(groups.weighted)
    plain = yardstick.figure(added(groups.counts[one] for one in groups.order))
    if weighted is None or plain is None:
        return {}
    return {
        "weighted": _numbers(weighted, groups.n_effective)
        | {
            "n_effective": _rounded(groups.n_effective),
            "design_effect": _rounded(weighted.n / groups.n_effective),
        },
        "unweighted": _numbers(plain, None),
    }


def _numbers(figure: Figure, n_effective: float | None) -> dict[str, Any]:
    low, high = interval(figure, n_effective)
    return {"value": _rounded(figure.value), "n": figure.n, "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
