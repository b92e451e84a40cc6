"""XmR charts: a weekly series with its centre line, process limits and special causes, segment by segment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median

from survey_app.stats.limits import BadSeriesError, XmrLimits, check_series, side_of, xmr_limits
from survey_app.stats.presets import MDC7, Rules
from survey_app.stats.signals import Signal, find_signals, outside

__all__ = [
    "BadSeriesError",
    "ChartKind",
    "Stage",
    "XmrChart",
    "XmrLimits",
    "XmrPoint",
    "XmrSegment",
    "stage_of",
    "xmr_chart",
    "xmr_limits",
]


class ChartKind(StrEnum):
    """What is drawn behind the points: limits and mean, a median alone, or nothing."""

    XMR = "xmr"
    RUN = "run"
    NONE = "none"


class Stage(StrEnum):
    """How much a segment can say: under 5 points, under 13, under 20, from 20."""

    DOTS = "dots"
    RUN = "run"
    TRIAL = "trial"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """One period of the chart; lines are None where the segment has none, sides are None at a gap.

    ``mean`` is the centre line: the mean, or the median where the segment is a run chart.
    ``outside`` is None where value or limits are missing; ``relative_to_mean`` is -1, 0 or 1.
    """

    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    outside: bool | None
    relative_to_mean: int | None
    signals: tuple[Signal, ...]
    segment: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class XmrSegment:
    """The points from one rebase up to the next: rows ``start`` to ``stop`` (not included)."""

    start: int
    stop: int
    n_based_on: int
    stage: Stage
    kind: ChartKind
    centre: float | None
    limits: XmrLimits | None


@dataclass(frozen=True, slots=True)
class XmrChart:
    """A whole chart; its last segment says what can be said today."""

    rules: Rules
    points: tuple[XmrPoint, ...]
    segments: tuple[XmrSegment, ...]

    @property
    def kind(self) -> ChartKind:
        """What the latest segment shows.

        Returns
        -------
        ChartKind
            NONE for an empty chart.
        """
        return self.segments[-1].kind if self.segments else ChartKind.NONE

    @property
    def stage(self) -> Stage:
        """How much the latest segment can say.

        Returns
        -------
        Stage
            DOTS for an empty chart.
        """
        return self.segments[-1].stage if self.segments else Stage.DOTS


def stage_of(n_points: int) -> Stage:
    """Return how much so many points can say.

    Parameters
    ----------
    n_points : int
        Values present among the rows the limits rest on.

    Returns
    -------
    Stage
        DOTS under 5, RUN under 13, TRIAL under 20, else READY.

    Examples
    --------
    >>> stage_of(13).value
    'trial'
    """
    for stage, end in ((Stage.DOTS, 5), (Stage.RUN, 13), (Stage.TRIAL, 20)):
        if n_points < end:
            return stage
    return Stage.READY


def xmr_chart(
    values: Sequence[float | None],
    *,
    rules: Rules = MDC7,
    rebases: Collection[int] = (),
    baseline: int | None = None,
) -> XmrChart:
    """Make the chart of one series.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order, in the measure's unit; None is a missing or withheld period.
    rules : Rules
        The preset; printed under the chart.
    rebases : collection of int
        Rows at which a new segment starts; nothing crosses a rebase.
    baseline : int or None
        Fix centre line and limits on the first so many rows of each segment; None uses all rows.

    Returns
    -------
    XmrChart
        One point per value. A rebase at row 0 makes segment numbers start at 1.

    Raises
    ------
    BadSeriesError
        For a value that is not finite, a rebase outside the series, or a baseline too short to trust.

    References
    ----------
    docs/algorithms/spc.md; NHSRplotthedots 0.2.2, R/ptd_spc_standard.R.

    Examples
    --------
    >>> chart = xmr_chart([3, 4] * 10)
    >>> chart.stage.value, round(chart.points[0].upper, 2)
    ('ready', 6.16)
    """
    check_series(values)
    _check_options(len(values), rules, rebases, baseline)
    bounds = sorted({0, len(values), *rebases})
    segments = tuple(_segment(values, span, rules, baseline) for span in pairwise(bounds))
    first = 1 if 0 in rebases else 0
    points = [
        point
        for number, segment in enumerate(segments, start=first)
        for point in _points(values[segment.start : segment.stop], segment, number, rules)
    ]
    return XmrChart(rules, tuple(points), segments)


def _check_options(n: int, rules: Rules, rebases: Collection[int], baseline: int | None) -> None:
    outsiders = [row for row in rebases if not 0 <= row < n]
    if outsiders:
        message = f"rebases {outsiders} lie outside the series: expected rows 0 to {n - 1}"
        raise BadSeriesError(message)
    if baseline is not None and baseline < rules.min_baseline:
        message = f"a baseline of {baseline} is too short: expected at least {rules.min_baseline} points"
        raise BadSeriesError(message)


def _segment(
    values: Sequence[float | None], span: tuple[int, int], rules: Rules, baseline: int | None
) -> XmrSegment:
    start, stop = span
    rows = values[start:stop] if baseline is None else values[start : min(stop, start + baseline)]
    present = [value for value in rows if value is not None]
    stage = stage_of(len(present))
    drawn = rules.parity or stage in {Stage.TRIAL, Stage.READY}
    limits = xmr_limits(rows, rules=rules) if drawn else None
    centre = _centre(present, stage, limits, rules)
    return XmrSegment(start, stop, len(present), stage, _kind(centre, limits), centre, limits)


def _centre(present: list[float], stage: Stage, limits: XmrLimits | None, rules: Rules) -> float | None:
    if limits is not None:
        return limits.mean
    if not present or (stage is Stage.DOTS and not rules.parity):
        return None
    return fmean(present) if rules.parity else float(median(present))


def _kind(centre: float | None, limits: XmrLimits | None) -> ChartKind:
    if limits is not None:
        return ChartKind.XMR
    return ChartKind.NONE if centre is None else ChartKind.RUN


def _points(values: Sequence[float | None], segment: XmrSegment, number: int, rules: Rules) -> list[XmrPoint]:
    signals: list[tuple[Signal, ...]] = [()] * len(values)
    if segment.centre is not None and (segment.limits is not None or rules.parity):
        signals = find_signals(values, centre=segment.centre, limits=segment.limits, rules=rules)
    return [_point(value, segment, number, found) for value, found in zip(values, signals, strict=True)]


def _point(value: float | None, segment: XmrSegment, number: int, signals: tuple[Signal, ...]) -> XmrPoint:
    limits, centre = segment.limits, segment.centre
    return XmrPoint(
        value=value,
        mean=centre,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        near_lower=limits.near_lower if limits else None,
        near_upper=limits.near_upper if limits else None,
        outside=None if value is None or limits is None else outside(value, limits.lower, limits.upper) != 0,
        relative_to_mean=None if value is None or centre is None else side_of(value, centre),
        signals=signals,
        segment=number,
        stage=segment.stage,
    )
