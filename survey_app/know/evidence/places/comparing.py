"""Localities beside each other: funnel, smoothing, reliability. Only jobs load this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.know.disclosure.quarter_sums import ItemCounts
from survey_app.know.evidence.places.documents import Position, Smoothing
from survey_app.know.evidence.places.figuring import Yardstick, interval, pooled_sd
from survey_app.know.measures.formulas import Figure
from survey_app.stats.funnel import (
    Band,
    Funnel,
    FunnelPlace,
    FunnelRules,
    funnel_of_means,
    funnel_of_shares,
    limits_at,
)
from survey_app.stats.place_reliability import answers_needed, place_reliability
from survey_app.stats.shrinkage import FEWEST_PLACES, Shrunken, shrink

RELIABLE = 0.7
"""From here on a place's mean tells it from others well enough; below, a list by value is mostly chance."""
STEPS = 40
RULES = FunnelRules()


@dataclass(frozen=True, slots=True)
class Entrant:
    """One place of a comparison; `counts` is None where its figure is withheld."""

    place_id: str
    counts: ItemCounts | None


@dataclass(frozen=True, slots=True)
class _Field:
    figures: Mapping[str, Figure]
    sd: float
    unit: float  # shares are compared on 0-1

    @property
    def shares(self) -> bool:
        return self.unit != 1


def compare(yardstick: Yardstick, entrants: list[Entrant]) -> dict[str, Any]:
    """Compare the places of one quarter.

    Parameters
    ----------
    yardstick : Yardstick
        A measure of one item.
    entrants : list of Entrant
        Places of different people; withheld ones stay withheld.

    Returns
    -------
    dict
        The comparison's document, rounded to four decimals.

    References
    ----------
    docs/algorithms/comparing-places.md, funnel.md, shrinkage.md, reliability.md.
    """
    figures = {
        one.place_id: figure
        for one in entrants
        if one.counts is not None and (figure := yardstick.figure(one.counts)) is not None
    }
    found = list(figures.values())
    shares = any(figure.n_top is not None for figure in found)
    field = _Field(figures, pooled_sd(found) if found else 0.0, 100.0 if shares else 1.0)
    funnel = _funnel(field)
    smooth = shrink([f.value for f in found], [f.n for f in found], field.sd**2) if funnel else None
    smoothing = _smoothing(smooth, len(found))
    judged = dict(zip(figures, funnel.places, strict=True)) if funnel else {}
    rows: list[dict[str, Any]] = []
    for one in entrants:
        if one.place_id not in figures:
            rows.append({"place": one.place_id, "withheld": "small_number"})
            continue
        row = _row(one.place_id, figures[one.place_id], judged.get(one.place_id), field.unit)
        if smooth is not None and smoothing is Smoothing.SHOWN:
            row |= _smoothed(smooth, list(figures).index(one.place_id), figures[one.place_id], field.sd)
        rows.append(row)
    return {
        "target": _rounded(funnel.target * field.unit) if funnel else None,
        "widened": bool(funnel and funnel.tau2),
        "smoothing": smoothing.value,
        "needed": _needed(smooth, field.sd) if smoothing is Smoothing.SHOWN else None,
        "places": rows,
        "lines": _lines(field, funnel) if funnel else [],
    }


def _funnel(field: _Field) -> Funnel | None:
    found = list(field.figures.values())
    if len(found) < 2 or field.sd == 0:
        return None
    sizes = [float(figure.n) for figure in found]
    if field.shares:
        return funnel_of_shares([figure.n_top or 0.0 for figure in found], sizes, RULES)
    return funnel_of_means([figure.value for figure in found], sizes, field.sd, RULES)


def _row(place_id: str, figure: Figure, judged: FunnelPlace | None, unit: float) -> dict[str, Any]:
    low, high = interval(figure)
    row: dict[str, Any] = {
        "place": place_id,
        "value": _rounded(figure.value),
        "n": figure.n,
        "low": _rounded(low),
        "high": _rounded(high),
    }
    band = judged.adjusted if judged else None
    if band is not None:
        row["position"] = _position(figure.value / unit, band).value
        row["usual"] = [_rounded(band.low95 * unit), _rounded(band.high95 * unit)]
        row["limits"] = [_rounded(band.low998 * unit), _rounded(band.high998 * unit)]
    return row


def _position(value: float, band: Band) -> Position:
    if value < band.low998:
        return Position.FAR_BELOW
    if value > band.high998:
        return Position.FAR_ABOVE
    if value < band.low95:
        return Position.BELOW
    return Position.ABOVE if value > band.high95 else Position.USUAL


def _smoothing(smooth: Shrunken | None, n_places: int) -> Smoothing:
    if n_places < FEWEST_PLACES:
        return Smoothing.FEW_PLACES
    if smooth is None:
        return Smoothing.ALIKE
    return Smoothing.SHOWN if smooth.tau2 > 0 else Smoothing.NO_DIFFERENCES


def _smoothed(smooth: Shrunken, index: int, figure: Figure, sd: float) -> dict[str, Any]:
    return {
        "smoothed": _rounded(float(smooth.means[index])),
        "reliability": _rounded(place_reliability(figure.n, _icc(smooth, sd))),
    }


def _icc(smooth: Shrunken, sd: float) -> float:
    return smooth.tau2 / (smooth.tau2 + sd**2)


def _needed(smooth: Shrunken | None, sd: float) -> int | None:
    return answers_needed(RELIABLE, _icc(smooth, sd)) if smooth else None


def _lines(field: _Field, funnel: Funnel) -> list[list[float | None]]:
    # Closer steps where few answered: there the limits bend.
    last = 1.05 * max(figure.n for figure in field.figures.values())
    first = float(RULES.fewest_answers)
    sizes = [first + (last - first) * (step / STEPS) ** 2 for step in range(STEPS + 1)]
    bands = limits_at(funnel, sizes, None if field.shares else field.sd)
    return [
        [_rounded(size), *(_rounded(end * field.unit) for end in _ends(band))]
        for size, band in zip(sizes, bands, strict=True)
    ]


def _ends(band: Band) -> tuple[float, float, float, float]:
    return band.low95, band.high95, band.low998, band.high998


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
