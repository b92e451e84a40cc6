"""Series of operational measures: computed anew after an import, drawn and judged like all others."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from survey_app.know.evidence.building import Beside, Counted, build
from survey_app.know.evidence.compute import place_paths, stored_editions
from survey_app.know.evidence.figures import BinFigures
from survey_app.know.evidence.series import Gap, LimitsStage, Point, Series, Withheld
from survey_app.know.evidence.summary import span_words
from survey_app.know.evidence.units import spoken
from survey_app.know.improvement.steering import Steering, Steerings
from survey_app.know.measures.formulas import Figure
from survey_app.know.records.definitions import RecordChart, RecordMeasure, RecordMeasures
from survey_app.know.records.figures import editions, figures
from survey_app.know.records.rounding import Shown
from survey_app.stats.charting import XMR, Method
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

METHODS = {RecordChart.XMR: XMR, RecordChart.U_PRIME: Method(ChartKind.U_PRIME), RecordChart.TABLE: XMR}
YEARLY = "It was {value} {span}. One figure a year is read as it is: chance cannot be told from change."


def stale_records(session: Session, measures: RecordMeasures) -> list[Series]:
    """Return anew the series of every operational measure that was imported or steered since it was stored.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.
    measures : RecordMeasures
        Their definitions.

    Returns
    -------
    list of Series
        Made of rounded figures alone.
    """
    newest = editions(session, measures)
    if not newest:
        return []
    stored, steerings, paths = stored_editions(session), Steerings(session), place_paths(session)
    found = []
    for (measure_id, place_id), edition in newest.items():
        steering = steerings.of(measure_id, place_id, paths.get(place_id, ""))
        if stored.get((measure_id, place_id)) != (edition, steering.revision):
            measure = measures.get(measure_id)
            shown = figures(session, measure, place_id)
            found.append(record_series(measure, place_id, edition, shown, steering))
    return found


def record_series(
    measure: RecordMeasure, place_id: str, edition: str, shown: list[Shown], steering: Steering
) -> Series:
    """Return the series of one operational measure at one place.

    Parameters
    ----------
    measure : RecordMeasure
        Its definition.
    place_id, edition : str
        Where, and the opaque text that changes with its records.
    shown : list of Shown, length n
        Oldest first.
    steering : Steering
        Target, rebases and marks.

    Returns
    -------
    Series
        `n` is the rounded numerator. Of a yearly measure: figures without lines or verdicts.

    References
    ----------
    docs/algorithms/records.md.
    """
    bins = [BinFigures(one.start, one.end, {}, 0, provisional=False, carried=False) for one in shown]
    values = [None if one.value is None else Figure(one.value, one.numerator or 0) for one in shown]
    counts = any(one.numerator is not None for one in shown)
    counted = Counted(
        method=METHODS[measure.chart],
        sizes=tuple(one.size for one in shown),
        what=measure.numerator if counts else "",
        missing=_reason(shown[-1]) if shown else Withheld.NOT_GIVEN,
    )
    series = build(measure.measure, place_id, edition, bins, values, Beside(steering, counted=counted))
    reasons = {one.start: _reason(one) for one in shown}
    points = tuple(
        replace(point, withheld=reasons[point.start]) if isinstance(point, Gap) else point
        for point in series.points
    )
    series = replace(series, points=points)
    return _without_chart(series) if measure.chart is RecordChart.TABLE else series


def _reason(one: Shown) -> Withheld:
    return Withheld.SMALL_NUMBER if one.hidden else Withheld.NOT_GIVEN


def _without_chart(series: Series) -> Series:
    points = tuple(_bare(point) if isinstance(point, Point) else point for point in series.points)
    latest = points[-1] if points else None
    summary = series.summary
    if isinstance(latest, Point):
        span = span_words(latest.start, latest.end)
        summary = YEARLY.format(value=spoken(latest.value, series.unit), span=span)
    return replace(
        series,
        points=points,
        chart=ChartKind.NONE,
        limits=LimitsStage.NONE,
        variation=None,
        assurance=None,
        proposal=None,
        summary=summary,
    )


def _bare(point: Point) -> Point:
    return replace(point, centre=None, lower=None, upper=None, state=PointState.NONE, signals=(), found=())
