"""A series that has everything: limits, a shift, a week outside, gaps, carried answers, an open week."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from survey_app.know.evidence.series import Gap, LimitsStage, Point, Series, Withheld
from survey_app.know.measures.measures import Direction
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState, VariationIcon

FIRST = dt.date(2026, 6, 1)
SIGNALS = {4: ("astronomical_low", PointState.CONCERN)} | dict.fromkeys(
    range(14, 21), ("shift_high", PointState.IMPROVEMENT)
)


def example(*, n_weeks: int = 22, gaps: tuple[int, ...] = (8,), **changed) -> Series:
    points = [gap(i) if i in gaps else point(i) for i in range(n_weeks)]
    points[-1] = replace(point(n_weeks - 1), provisional=True, state=PointState.NONE, signals=())
    series = Series(
        measure="ex.say.mean",
        place="riverside",
        element="outcomes.experience.3",
        unit="score 0-100",
        direction=Direction.INCREASE,
        release="r1",
        rules="mdc7",
        chart=ChartKind.XMR,
        target=None,
        points=tuple(points),
        variation=VariationIcon.IMPROVEMENT_HIGH,
        assurance=None,
        summary="Better: it was 66 out of 100.",
        limits=LimitsStage.LOCKED,
    )
    return replace(series, **changed)


def week(i: int) -> tuple[dt.date, dt.date]:
    start = FIRST + dt.timedelta(weeks=i)
    return start, start + dt.timedelta(days=6)


def gap(i: int) -> Gap:
    return Gap(*week(i), Withheld.SMALL_NUMBER)


def point(i: int) -> Point:
    signal, state = SIGNALS.get(i, ("", PointState.COMMON_CAUSE))
    value = {"astronomical_low": 40.25, "shift_high": 63.0 + i % 3}.get(signal, 57.0 + i % 5)
    return Point(
        *week(i),
        value=value,
        n=20 + i,
        low=value - 9.5,
        high=value + 9.5,
        centre=59.0,
        lower=51.6,
        upper=66.4,
        state=state,
        signals=(signal,) if signal else (),
        provisional=False,
        carried=i == 9,
        found=(week(max(i, 20 if signal == "shift_high" else i))[1],) if signal else (),
    )


def weighing(**changed) -> Series:
    """Return the example as a chart whose limits follow the number of answers: 10 to 80 a week."""
    drawn = example(chart=ChartKind.I_PRIME, **changed)
    return replace(drawn, points=tuple(own_limits(p) if isinstance(p, Point) else p for p in drawn.points))


def own_limits(point: Point) -> Point:
    n = 10 + (point.start.toordinal() * 37) % 71
    half = 75 / n**0.5
    return replace(point, n=n, lower=59.0 - half, upper=59.0 + half)
