"""The Series: one measure at one place over time, of which sentence, table, picture and twins are made."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from survey_app.know.improvement.marks import Mark, mark_from
from survey_app.know.measures.measures import Direction
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import Assurance, PointState, VariationIcon


class Withheld(StrEnum):
    """Why a week has no figure."""

    SMALL_NUMBER = "small_number"


class LimitsStage(StrEnum):
    """How firm the limits are: there are none, they move with each new figure, or they never move again."""

    NONE = "none"
    TRIAL = "trial"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Point:
    """One bin with a figure; the limits are those the rules used for it, given how many answered.

    Attributes
    ----------
    signals : tuple of str
        Rules it breaks, such as ``shift_low``; the one that named it first stands first.
    found : tuple of date
        For each signal the last day of the bin that completed its pattern.
    """

    start: dt.date
    end: dt.date
    value: float
    n: int
    low: float | None
    high: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    state: PointState
    signals: tuple[str, ...]
    provisional: bool
    carried: bool = False
    found: tuple[dt.date, ...] = ()

    @property
    def flagged(self) -> dt.date | None:
        """Return the day since which the point is marked, where that came later than the point.

        Returns
        -------
        date or None
            None for a point that was marked when it closed, or is not marked.
        """
        first = min(self.found, default=self.end)
        return first if first > self.end else None


@dataclass(frozen=True, slots=True)
class Gap:
    """One bin without a figure, and why."""

    start: dt.date
    end: dt.date
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class Series:
    """Everything shown of one measure at one place; made only from released figures.

    Attributes
    ----------
    points : tuple of Point or Gap
        Oldest first, one per bin, values in `unit`.
    release : str
        Opaque; changes only when a release changes figures of this instrument at this place.
    limits : LimitsStage
        How firm the limits are.
    variation, assurance : str or None
        Icons of the latest closed point, against chance and against the target.
    summary : str
        One plain sentence that says what the series means.
    marks : tuple of Mark
        Dated things to know when reading the chart, oldest first; none changes a figure.
    revision : str
        Opaque; changes with target, rebases and marks, which are no part of a release. Empty without any.
    """

    measure: str
    place: str
    element: str | None
    unit: str
    direction: Direction
    release: str
    rules: str
    chart: ChartKind
    target: float | None
    points: tuple[Point | Gap, ...]
    variation: VariationIcon | None
    assurance: Assurance | None
    summary: str
    limits: LimitsStage = LimitsStage.NONE
    marks: tuple[Mark, ...] = ()
    revision: str = ""

    @property
    def latest(self) -> Point | None:
        """Return the newest closed point.

        Returns
        -------
        Point or None
            Older than the latest bin where that one is a gap.
        """
        closed = [point for point in self.points if isinstance(point, Point) and not point.provisional]
        return closed[-1] if closed else None

    @property
    def open(self) -> Point | None:
        """Return the provisional point of the bin that is still open.

        Returns
        -------
        Point or None
            None while the open bin has no figure.
        """
        last = self.points[-1] if self.points else None
        return last if isinstance(last, Point) and last.provisional else None

    def to_json(self) -> str:
        """Return the Series JSON of the contract.

        Returns
        -------
        str
            Always the same text for the same series; values rounded to four decimals.
        """
        return json.dumps(_document(self), ensure_ascii=False, separators=(",", ":"))


def _document(series: Series) -> dict[str, Any]:
    return {
        "measure": series.measure,
        "place": series.place,
        "element": series.element,
        "unit": series.unit,
        "direction": series.direction.value,
        "release": series.release,
        "rules": series.rules,
        "chart": series.chart.value,
        "limits": series.limits.value,
        "target": series.target,
        "points": [_point(point) for point in series.points],
        "variation": series.variation.value if series.variation else None,
        "assurance": series.assurance.value if series.assurance else None,
        "summary": series.summary,
        "marks": [mark.to_dict() for mark in series.marks],
        "revision": series.revision,
    }


def _point(point: Point | Gap) -> dict[str, Any]:
    span: dict[str, Any] = {"from": point.start.isoformat(), "to": point.end.isoformat()}
    if isinstance(point, Gap):
        return span | {"withheld": point.withheld.value}
    figures = {
        name: _rounded(getattr(point, name)) for name in ("value", "low", "high", "centre", "lower", "upper")
    }
    return (
        span
        | figures
        | {
            "n": point.n,
            "state": point.state.value,
            "signals": list(point.signals),
            "found": [day.isoformat() for day in point.found],
            "flagged": point.flagged.isoformat() if point.flagged else None,
            "provisional": point.provisional,
            "carried": point.carried,
        }
    )


def _rounded(value: float | None) -> float | None:
    # Rounding once, here, is what makes page, table, CSV, JSON and picture show the same figure.
    return None if value is None else round(value, 4)


def series_from_json(text: str) -> Series:
    """Read back what `to_json` wrote.

    Parameters
    ----------
    text : str
        Series JSON.

    Returns
    -------
    Series
        As it was written, with rounded values; of a text written before limits had stages, on trial; of one
        written before there were marks, without.
    """
    raw = json.loads(text)
    points = tuple(_point_from(point) for point in raw["points"])
    return Series(
        measure=raw["measure"],
        place=raw["place"],
        element=raw["element"],
        unit=raw["unit"],
        direction=Direction(raw["direction"]),
        release=raw["release"],
        rules=raw["rules"],
        chart=ChartKind(raw["chart"]),
        target=raw["target"],
        points=points,
        variation=VariationIcon(raw["variation"]) if raw["variation"] else None,
        assurance=Assurance(raw["assurance"]) if raw["assurance"] else None,
        summary=raw["summary"],
        limits=LimitsStage(raw["limits"]) if "limits" in raw else _assumed(points),
        marks=tuple(mark_from(mark) for mark in raw.get("marks", [])),
        revision=raw.get("revision", ""),
    )


def _assumed(points: tuple[Point | Gap, ...]) -> LimitsStage:
    drawn = any(isinstance(point, Point) and point.upper is not None for point in points)
    return LimitsStage.TRIAL if drawn else LimitsStage.NONE


def _point_from(raw: dict[str, Any]) -> Point | Gap:
    start, end = dt.date.fromisoformat(raw["from"]), dt.date.fromisoformat(raw["to"])
    if "withheld" in raw:
        return Gap(start, end, Withheld(raw["withheld"]))
    figures = {
        name: raw[name]
        for name in ("value", "n", "low", "high", "centre", "lower", "upper", "provisional", "carried")
    }
    return Point(
        start=start,
        end=end,
        state=PointState(raw["state"]),
        signals=tuple(raw["signals"]),
        found=tuple(dt.date.fromisoformat(day) for day in raw.get("found", [])),
        **figures,
    )
