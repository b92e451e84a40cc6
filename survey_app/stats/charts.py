"""A control chart: each point with lines of its own, segment by segment, and what is special."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.stats.baselines import Baseline, Stage
from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import Limits, Lines, outside, side_of
from survey_app.stats.presets import Rules
from survey_app.stats.processes import Process
from survey_app.stats.runs import RunsTest
from survey_app.stats.signals import Signal


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One period of the chart.

    Attributes
    ----------
    value : float or None
        In the measure's unit; None at a gap.
    lines : Lines or None
        What the point is judged by; None where its segment has no lines. At a gap of a chart that weighs
        how many answered there is only the centre.
    signals : tuple of Signal
        The one that names the point first.
    segment : int
        Number of its segment.
    stage : Stage
        How much its segment can say.
    """

    value: float | None
    lines: Lines | None
    signals: tuple[Signal, ...]
    segment: int
    stage: Stage

    @property
    def centre(self) -> float | None:
        """The centre line: a mean, or the median where the segment is a run chart.

        Returns
        -------
        float or None
            None where the segment has no lines.
        """
        return self.lines.centre if self.lines else None

    @property
    def limits(self) -> Limits | None:
        """The point's own limits.

        Returns
        -------
        Limits or None
            None on dots and run charts, and at gaps where limits depend on the number of answers.
        """
        return self.lines.limits if self.lines else None

    @property
    def outside(self) -> bool | None:
        """Whether the value lies beyond a process limit.

        Returns
        -------
        bool or None
            None where value or limits are missing.
        """
        limits = self.limits
        if self.value is None or limits is None:
            return None
        return outside(self.value, limits.lower, limits.upper) != 0

    @property
    def side(self) -> int | None:
        """On which side of the centre the value lies.

        Returns
        -------
        int or None
            1, 0 or -1; None where value or centre is missing.
        """
        return None if self.value is None or self.lines is None else side_of(self.value, self.lines.centre)


@dataclass(frozen=True, slots=True)
class Segment:
    """The points from one rebase up to the next: rows ``start`` to ``stop`` (not included).

    Attributes
    ----------
    baseline : Baseline
        Rows the lines rest on.
    kind : ChartKind
        What is drawn.
    process : Process or None
        Where the lines come from; without a spread on a run chart.
    typical_n : float
        Median number of answers behind a figure; 1 on charts that do not weigh.
    runs : RunsTest or None
        Of a run chart.
    """

    start: int
    stop: int
    baseline: Baseline
    kind: ChartKind
    process: Process | None
    typical_n: float
    runs: RunsTest | None

    @property
    def stage(self) -> Stage:
        """How much the segment can say.

        Returns
        -------
        Stage
            RUN where figures enough give no limits: nothing moves, or no two neighbours have a figure.
        """
        found = self.baseline.stage
        return Stage.RUN if self.kind is ChartKind.RUN and found is not Stage.DOTS else found


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole chart; its last segment says what can be said today."""

    rules: Rules
    points: tuple[ChartPoint, ...]
    segments: tuple[Segment, ...]

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
