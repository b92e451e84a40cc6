"""Building one series: values, intervals, limits, signals and the sentence, from released figures alone."""

from __future__ import annotations

from survey_app.know.evidence.figures import BinFigures
from survey_app.know.evidence.series import Gap, Point, Series, Withheld
from survey_app.know.evidence.summary import summarise
from survey_app.know.measures.formulas import Figure
from survey_app.know.measures.measures import Measure
from survey_app.stats.intervals import mean_interval, wilson
from survey_app.stats.presets import MDC7
from survey_app.stats.variation import PointState, point_states, variation_icon
from survey_app.stats.xmr import XmrPoint, xmr_chart

LOCK_AT = 26
"""From 26 figures on, limits rest on the first 26: locking at 12 flags noise, never locking hides change."""


def build(
    measure: Measure, place_id: str, release: str, bins: list[BinFigures], figures: list[Figure | None]
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

    Returns
    -------
    Series
        With limits and signals from closed bins only; a provisional bin stays out of the rules.
    """
    closed = [(bin_, figure) for bin_, figure in zip(bins, figures, strict=True) if not bin_.provisional]
    shown = [figure.value if figure else None for _, figure in closed]
    chart = xmr_chart(shown, rules=MDC7, baseline=_locked_rows(shown))
    states = point_states(chart, measure.direction)
    points: list[Point | Gap] = [
        _point(bin_, figure, drawn, state)
        for (bin_, figure), drawn, state in zip(closed, chart.points, states, strict=True)
    ]
    latest = points[-1] if points else None
    points += [
        _point(bin_, figure, None, PointState.NONE)
        for bin_, figure in zip(bins, figures, strict=True)
        if bin_.provisional and figure is not None  # an open week without a figure is not yet anything
    ]
    return Series(
        measure=measure.id,
        place=place_id,
        element=measure.elements[0] if measure.elements else None,
        unit=measure.unit,
        direction=measure.direction,
        release=release,
        rules=chart.rules.name,
        chart=chart.kind,
        target=None,
        points=tuple(points),
        variation=variation_icon(chart, measure.direction),
        assurance=None,
        summary=summarise(
            latest if isinstance(latest, Point) else None,
            (latest.start, latest.end) if latest else None,
            measure.unit,
        ),
    )


def _locked_rows(values: list[float | None]) -> int | None:
    with_figure = [row for row, value in enumerate(values, start=1) if value is not None]
    return with_figure[LOCK_AT - 1] if len(with_figure) >= LOCK_AT else None


def _point(bin_: BinFigures, figure: Figure | None, drawn: XmrPoint | None, state: PointState) -> Point | Gap:
    if figure is None:
        return Gap(bin_.start, bin_.end, Withheld.SMALL_NUMBER)
    low, high = _interval(figure)
    return Point(
        start=bin_.start,
        end=bin_.end,
        value=figure.value,
        n=figure.n,
        low=low,
        high=high,
        centre=drawn.mean if drawn else None,
        lower=drawn.lower if drawn else None,
        upper=drawn.upper if drawn else None,
        state=state,
        signals=tuple(str(signal) for signal in drawn.signals) if drawn else (),
        provisional=bin_.provisional,
        carried=bin_.carried,
    )


def _interval(figure: Figure) -> tuple[float | None, float | None]:
    if figure.n_top is not None:
        share = wilson(figure.n_top, figure.n)
        return (100 * share.low, 100 * share.high) if share else (None, None)
    if figure.sd is not None:
        mean = mean_interval(figure.value, figure.sd, figure.n)
        return (max(0.0, mean.low), min(100.0, mean.high)) if mean else (None, None)
    return None, None
