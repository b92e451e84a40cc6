"""The bins of a series: a point with its figure and limits, or a gap and why; and how JSON carries them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from survey_app.stats.variation import PointState


class Withheld(StrEnum):
    """Why a week has no figure."""

    SMALL_NUMBER = "small_number"
    NOT_GIVEN = "not_given"  # of records, which somebody must import


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


def point_document(point: Point | Gap) -> dict[str, Any]:
    """Return a bin as the Series JSON carries it.

    Parameters
    ----------
    point : Point or Gap
        One bin.

    Returns
    -------
    dict
        Values rounded to four decimals.
    """
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


def point_from(raw: dict[str, Any]) -> Point | Gap:
    """Read back what `point_document` wrote.

    Parameters
    ----------
    raw : dict
        One bin of the Series JSON.

    Returns
    -------
    Point or Gap
        With rounded values.
    """
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
