"""Making control charts of every kind from a series of figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from survey_app.stats.baselines import Baseline, Stage, baseline_of, check_options
from survey_app.stats.charts import Chart, ChartPoint, Segment
from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import BadSeriesError, Lines, check_series, check_sizes, tolerance
from survey_app.stats.presets import MDC7, Rules
from survey_app.stats.processes import Manner, Process, fit
from survey_app.stats.runs import runs_test
from survey_app.stats.signals import Signal, find_signals


@dataclass(frozen=True, slots=True)
class Method:
    """Which chart a series asks for, and what all of a share is in its unit (100 for percent)."""

    kind: ChartKind
    whole: float = 1.0

    def __post_init__(self) -> None:
        if self.kind in {ChartKind.RUN, ChartKind.NONE}:
            message = f"{self.kind.value} is no chart with limits: choose the preset anhoej for a run chart"
            raise BadSeriesError(message)


XMR = Method(ChartKind.XMR)
I_PRIME = Method(ChartKind.I_PRIME)
PERCENT = Method(ChartKind.P_PRIME, whole=100.0)


@dataclass(frozen=True, slots=True)
class _Data:
    values: Sequence[float | None]
    sizes: Sequence[float | None] | None
    method: Method
    rules: Rules

    def part(self, start: int, stop: int) -> _Data:
        sizes = self.sizes[start:stop] if self.sizes is not None else None
        return _Data(self.values[start:stop], sizes, self.method, self.rules)

    def process(self, n_rows: int) -> Process | None:
        part = self.part(0, n_rows)
        manner = Manner(screen=self.rules.screen_outliers, whole=self.method.whole)
        return fit(self.method.kind, part.values, part.sizes, manner)


def control_chart(
    values: Sequence[float | None],
    sizes: Sequence[float | None] | None = None,
    *,
    method: Method = XMR,
    rules: Rules = MDC7,
    rebases: Collection[int] = (),
    baseline: int | None = None,
) -> Chart:
    """Make the chart of one series.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order, in the measure's unit; None is a missing or withheld period.
    sizes : sequence of float or None, shape (n,)
        Answers behind each value; needed by every method but XmR, which ignores it.
    method : Method
        Which chart.
    rules : Rules
        The preset; printed under the chart.
    rebases : collection of int
        Rows at which a new segment starts; nothing crosses a rebase.
    baseline : int or None
        Fix the lines on the first so many rows of each segment, in place of the preset's lock.

    Returns
    -------
    Chart
        One point per value. A rebase at row 0 makes segment numbers start at 1.

    Raises
    ------
    BadSeriesError
        For a value that is not finite or comes from no answers, a rebase outside the series, or a
        baseline too short to trust.

    References
    ----------
    docs/algorithms: xmr.md, i-prime.md, p-prime.md, u-prime.md, run-chart.md, baselines.md, signals.md.

    Examples
    --------
    >>> chart = control_chart([3, 4] * 13)
    >>> chart.stage.value, round(chart.points[0].limits.upper, 2)
    ('locked', 6.16)
    """
    check_series(values)
    check_options(len(values), rules, sorted(rebases), baseline)
    if method.kind.weighs:
        check_sizes(values, sizes if sizes is not None else [])
    data = _Data(values, sizes if method.kind.weighs else None, method, rules)
    bounds = sorted({0, len(values), *rebases})
    segments = tuple(_segment(data, span, baseline) for span in pairwise(bounds))
    first = 1 if 0 in rebases else 0
    points = [
        point
        for number, segment in enumerate(segments, start=first)
        for point in _points(data.part(segment.start, segment.stop), segment, number)
    ]
    return Chart(rules, tuple(points), segments)


def _segment(whole: _Data, span: tuple[int, int], fixed: int | None) -> Segment:
    data, rules = whole.part(*span), whole.rules
    rests_on = baseline_of(data.values, rules, fixed, lambda n_rows: _has_limits(data.process(n_rows), rules))
    process = data.process(rests_on.n_rows)
    drawn = rules.parity or rests_on.stage in {Stage.TRIAL, Stage.LOCKED}
    if drawn and _has_limits(process, rules):
        return Segment(*span, rests_on, data.method.kind, process, _typical_n(data), None)
    return _without_limits(data.values, span, rests_on, process if rules.parity else None)


def _typical_n(data: _Data) -> float:
    pairs = zip(data.values, data.sizes or (), strict=False)
    sizes = [size for value, size in pairs if value is not None and size is not None]
    return float(median(sizes)) if sizes else 1.0


def _has_limits(process: Process | None, rules: Rules) -> bool:
    if process is None or process.sigma is None or not rules.limits:
        return False
    return rules.parity or process.sigma > tolerance(process.centre)


def _without_limits(
    values: Sequence[float | None], span: tuple[int, int], rests_on: Baseline, mean: Process | None
) -> Segment:
    present = [value for value in values if value is not None]
    if mean is None and (rests_on.stage is Stage.DOTS or not present):
        return Segment(*span, rests_on, ChartKind.NONE, None, 1.0, None)
    process = mean or Process(float(median(present)), None)
    return Segment(*span, rests_on, ChartKind.RUN, process, 1.0, runs_test(values, process.centre))


def _points(data: _Data, segment: Segment, number: int) -> list[ChartPoint]:
    process, values, rules = segment.process, data.values, data.rules
    if process is None:
        return [ChartPoint(value, None, (), number, segment.stage) for value in values]
    lines = _lines(process, data)
    signals: list[tuple[Signal, ...]] = [()] * len(values)
    if process.sigma is not None or rules.parity:
        signals = find_signals(values, lines, rules, first_row=segment.start)
    rows = zip(values, lines, signals, strict=True)
    return [ChartPoint(value, line, found, number, segment.stage) for value, line, found in rows]


def _lines(process: Process, data: _Data) -> list[Lines]:
    if not process.weighs:
        return [process.lines_at(1)] * len(data.values)
    bare = Lines(process.centre, None)
    sizes = zip(data.values, data.sizes or [], strict=True)
    return [bare if value is None or size is None else process.lines_at(size) for value, size in sizes]
