"""What signals mean once it is known which way is good: point states and the two icons."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from survey_app.stats.baselines import Stage
from survey_app.stats.charts import Chart
from survey_app.stats.limits import outside
from survey_app.stats.signals import Side, Signal


class Direction(StrEnum):
    """Which way a measure should move."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class PointState(StrEnum):
    """How one point is shown; NONE where the chart cannot judge it."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    NONE = "none"


class VariationIcon(StrEnum):
    """The icon of the latest point; high and low say which way its signal points."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """Whether the process, as it runs now, will meet its target: always, never, or now and then."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONSISTENT = "inconsistent"


def point_state(signals: Sequence[Signal], direction: Direction) -> PointState:
    """Return the state of a point that has limits, by the first of its signals.

    Parameters
    ----------
    signals : sequence of Signal
        As a chart gives them: the one that names the point first.
    direction : Direction
        Which way is good.

    Returns
    -------
    PointState
        Never NONE; see `point_states` for points that cannot be judged.

    Examples
    --------
    >>> from survey_app.stats.signals import SignalKind
    >>> point_state([Signal(SignalKind.SHIFT, Side.LOW)], Direction.INCREASE).value
    'concern'
    """
    if not signals:
        return PointState.COMMON_CAUSE
    high = signals[0].side is Side.HIGH
    if direction is Direction.NEUTRAL:
        return PointState.NEUTRAL_HIGH if high else PointState.NEUTRAL_LOW
    good = high is (direction is Direction.INCREASE)
    return PointState.IMPROVEMENT if good else PointState.CONCERN


def point_states(chart: Chart, direction: Direction) -> tuple[PointState, ...]:
    """Return the state of every point of a chart.

    Parameters
    ----------
    chart : Chart
        The chart, n points.
    direction : Direction
        Which way is good.

    Returns
    -------
    tuple of PointState, shape (n,)
        NONE for gaps and for segments without limits; under the parity preset, which judges
        everything, COMMON_CAUSE instead.
    """
    return tuple(
        PointState.NONE
        if not chart.rules.parity and (point.value is None or point.limits is None)
        else point_state(point.signals, direction)
        for point in chart.points
    )


def variation_icon(chart: Chart, direction: Direction) -> VariationIcon | None:
    """Return the icon of the latest point, whatever came before it.

    Parameters
    ----------
    chart : Chart
        The chart; its last point is the latest closed period.
    direction : Direction
        Which way is good.

    Returns
    -------
    VariationIcon or None
        None where the latest point cannot be judged.
    """
    states = point_states(chart, direction)
    if not states or states[-1] is PointState.NONE:
        return None
    if states[-1] in {PointState.IMPROVEMENT, PointState.CONCERN}:
        return VariationIcon(f"{states[-1].value}_{chart.points[-1].signals[0].side.value}")
    return VariationIcon(states[-1].value)


def assurance(chart: Chart, target: float | None, direction: Direction) -> Assurance | None:
    """Return what the latest limits promise about a target.

    Parameters
    ----------
    chart : Chart
        The chart; only the limits of its last segment matter.
    target : float or None
        In the measure's unit; None where there is none.
    direction : Direction
        Which way is good.

    Returns
    -------
    Assurance or None
        None without target, for a neutral measure and until limits are locked (under the parity preset:
        from two points on, INCONSISTENT without limits). A target on a limit is INCONSISTENT. Where each
        point has limits of its own, those of the median number of answers decide.

    References
    ----------
    docs/algorithms/assurance.md.
    """
    if target is None or direction is Direction.NEUTRAL or not chart.segments:
        return None
    segment = chart.segments[-1]
    if not chart.rules.parity and segment.stage is not Stage.LOCKED:
        return None
    limits = segment.process.lines_at(segment.typical_n).limits if segment.process else None
    if limits is None:
        return Assurance.INCONSISTENT
    beyond = outside(target, limits.lower, limits.upper)
    if not beyond:
        return Assurance.INCONSISTENT
    return Assurance.FAIL if (beyond > 0) is (direction is Direction.INCREASE) else Assurance.PASS
