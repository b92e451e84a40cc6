"""Building one series: values, intervals, limits, signals and the sentence, from released figures alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.know.evidence.figures import BinFigures
from survey_app.know.evidence.series import ANSWERS, Gap, LimitsStage, Point, Series, Version, Withheld
from survey_app.know.evidence.summary import Standing, summarise
from survey_app.know.improvement.marks import Mark, MarkKind, in_order
from survey_app.know.improvement.rebases import propose
from survey_app.know.improvement.steering import NOTHING, Steering
from survey_app.know.measures.formulas import Figure
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.stats.baselines import Stage
from survey_app.stats.charting import I_PRIME, PERCENT, XMR, Method, control_chart
from survey_app.stats.charts import Chart, ChartPoint, Segment
from survey_app.stats.intervals import mean_interval, wilson
from survey_app.stats.kinds import ChartKind
from survey_app.stats.presets import MDC7
from survey_app.stats.runs import FEWEST_USEFUL
from survey_app.stats.variation import PointState, assurance, point_states, variation_icon

METHODS = {
    MeasureKind.ITEM_MEAN: I_PRIME,
    MeasureKind.SCALE: I_PRIME,
    MeasureKind.TOP_SHARE: PERCENT,
    MeasureKind.REPLIES: XMR,
    MeasureKind.MODE: PERCENT,
    MeasureKind.HELPED: PERCENT,
}
"""Which chart a measure has: replies are counts of people, not figures made from their answers."""

FIRMNESS = {Stage.TRIAL: LimitsStage.TRIAL, Stage.LOCKED: LimitsStage.LOCKED}


@dataclass(frozen=True, slots=True)
class Counted:
    """How figures that nobody answered for are drawn and spoken of.

    Attributes
    ----------
    method : Method
        Which chart.
    sizes : tuple of float
        What its limits weigh each bin by.
    what : str
        What the figures' `n` counts.
    missing : Withheld
        Why the latest bin has no figure, where it has none.
    """

    method: Method
    sizes: tuple[float, ...]
    what: str
    missing: Withheld


@dataclass(frozen=True, slots=True)
class Beside:
    """What a series takes into account beside its figures; nothing of it changes a value.

    Attributes
    ----------
    steering : Steering
        Target, rebases and marks that people set.
    versions : tuple of Version
        The wording of these figures, then earlier ones.
    marks : tuple of Mark
        Marks found in what is released.
    counted : Counted or None
        Of operational measures.
    """

    steering: Steering = NOTHING
    versions: tuple[Version, ...] = ()
    marks: tuple[Mark, ...] = ()
    counted: Counted | None = None


NOTHING_BESIDE = Beside()


def build(
    measure: Measure,
    place_id: str,
    release: str,
    bins: list[BinFigures],
    figures: list[Figure | None],
    beside: Beside = NOTHING_BESIDE,
) -> Series:
    """Return the series of one measure at one place.

    Parameters
    ----------
    measure : Measure
        What was measured.
    place_id, release : str
        Where, and the opaque token of the release.
    bins : list of BinFigures, length n
        Oldest first.
    figures : list of Figure or None, length n
        The measure's figure for each bin.
    beside : Beside
        Target, rebases, marks and versions.

    Returns
    -------
    Series
        With limits and signals from closed bins only; a provisional bin stays out of the rules.

    References
    ----------
    docs/algorithms/series.md, baselines.md, signals.md.
    """
    closed = [(bin_, figure) for bin_, figure in zip(bins, figures, strict=True) if not bin_.provisional]
    starts = [bin_.start for bin_, _ in closed]
    chart = _chart(measure, [figure for _, figure in closed], _rows(starts, beside.steering), beside.counted)
    points = _closed_points(chart, closed, point_states(chart, measure.direction))
    latest = points[-1] if points else None
    points += [
        _point(bin_, figure)
        for bin_, figure in zip(bins, figures, strict=True)
        if bin_.provisional and figure is not None  # an open week without a figure is not yet anything
    ]
    target = beside.steering.target
    return Series(
        measure=measure.id,
        place=place_id,
        element=measure.elements[0] if measure.elements else None,
        unit=measure.unit,
        direction=measure.direction,
        release=release,
        rules=chart.rules.name,
        chart=chart.kind,
        target=target.value if target else None,
        points=tuple(points),
        variation=variation_icon(chart, measure.direction),
        assurance=assurance(chart, target.value if target else None, measure.direction),
        summary=summarise(
            latest if isinstance(latest, Point) else None,
            (latest.start, latest.end) if latest else None,
            measure.unit,
            _standing(chart, starts, beside.counted),
            is_counting=len(points) > len(closed),
        ),
        limits=FIRMNESS.get(chart.stage, LimitsStage.NONE),
        marks=_marks(beside, bins),
        revision=beside.steering.revision,
        target_since=target.since if target else None,
        proposal=propose(chart, starts),
        versions=beside.versions,
        counted=beside.counted.what if beside.counted else ANSWERS,
    )


def _rows(starts: Sequence[dt.date], steering: Steering) -> set[int]:
    # Bins may have changed their width since: the first that begins on the day or later takes it.
    found = {sum(start < rebase.day for start in starts) for rebase in steering.rebases}
    return found & set(range(1, len(starts)))


def _marks(beside: Beside, bins: list[BinFigures]) -> tuple[Mark, ...]:
    if not bins:
        return ()
    marks = [*beside.steering.marks, *beside.marks]
    if len(beside.versions) > 1:
        now, before = beside.versions[:2]
        text = f"version {now.number} of the wording; figures of version {before.number} do not continue here"
        marks.append(Mark(now.first, MarkKind.VERSION, text))
    return in_order(mark for mark in marks if mark.day >= bins[0].start)


def _chart(
    measure: Measure, figures: Sequence[Figure | None], rebases: set[int], counted: Counted | None
) -> Chart:
    values = [figure.value if figure else None for figure in figures]
    sizes: list[float | None] = [figure.n if figure else None for figure in figures]
    method = METHODS.get(measure.kind, XMR)
    if counted is not None:
        method, sizes = counted.method, list(counted.sizes)
    return control_chart(values, sizes, method=method, rules=MDC7, rebases=rebases)


def _standing(chart: Chart, starts: Sequence[dt.date], counted: Counted | None) -> Standing:
    segment = chart.segments[-1] if chart.segments else None
    rebased = segment is not None and len(chart.segments) > 1
    runs = segment.runs if segment else None
    return Standing(
        chart=chart.kind,
        limits=FIRMNESS.get(chart.stage, LimitsStage.NONE),
        n_figures=segment.baseline.n_figures if segment else 0,
        since=starts[segment.start] if segment and rebased else None,
        before=_average(chart.segments[-2]) if rebased else None,
        now=_average(chart.segments[-1]) if rebased else None,
        counted=counted.what if counted else ANSWERS,
        missing=counted.missing if counted else Withheld.SMALL_NUMBER,
        one_sided=runs is not None and runs.n_useful >= FEWEST_USEFUL and runs.signal,
    )


def _average(segment: Segment) -> float | None:
    return segment.process.centre if segment.process and segment.kind is not ChartKind.RUN else None


def _closed_points(
    chart: Chart, closed: list[tuple[BinFigures, Figure | None]], states: Sequence[PointState]
) -> list[Point | Gap]:
    ends = [bin_.end for bin_, _ in closed]
    rows = zip(closed, chart.points, states, strict=True)
    points: list[Point | Gap] = []
    for (bin_, figure), drawn, state in rows:
        found = tuple(ends[signal.found_at] for signal in drawn.signals)
        points.append(_point(bin_, figure, drawn, state, found))
    return points


def _point(
    bin_: BinFigures,
    figure: Figure | None,
    drawn: ChartPoint | None = None,
    state: PointState = PointState.NONE,
    found: tuple[dt.date, ...] = (),
) -> Point | Gap:
    if figure is None:
        return Gap(bin_.start, bin_.end, Withheld.SMALL_NUMBER)
    low, high = _interval(figure)
    limits = drawn.limits if drawn else None
    return Point(
        start=bin_.start,
        end=bin_.end,
        value=figure.value,
        n=figure.n,
        low=low,
        high=high,
        centre=drawn.centre if drawn else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        state=state,
        signals=tuple(str(signal) for signal in drawn.signals) if drawn else (),
        provisional=bin_.provisional,
        carried=bin_.carried,
        found=found,
    )


def _interval(figure: Figure) -> tuple[float | None, float | None]:
    if figure.n_top is not None:
        share = wilson(figure.n_top, figure.n)
        return (100 * share.low, 100 * share.high) if share else (None, None)
    if figure.sd is not None:
        mean = mean_interval(figure.value, figure.sd, figure.n)
        return (max(0.0, mean.low), min(100.0, mean.high)) if mean else (None, None)
    return None, None
