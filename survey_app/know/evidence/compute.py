"""Computing series from released figures: values, intervals, limits, signals. Only jobs load this module."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Audience
from survey_app.database import upsert
from survey_app.know.disclosure.tables import Figure as ReleasedFigure, Release
from survey_app.know.evidence.figures import BinFigures, released, values
from survey_app.know.evidence.series import Gap, Point, Series, Withheld
from survey_app.know.evidence.summary import summarise
from survey_app.know.evidence.tables import StoredSeries
from survey_app.know.measures.formulas import Figure
from survey_app.know.measures.measures import Measure, Measures
from survey_app.stats.intervals import mean_interval, wilson
from survey_app.stats.presets import MDC7
from survey_app.stats.variation import PointState, point_states, variation_icon
from survey_app.stats.xmr import XmrChart, XmrPoint, xmr_chart

LOCK_AT = 26
"""Limits rest on the first 26 weeks once there are as many: locking at 12 flags noise, never locking hides change (domain reference 1.3)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a series' figures come from, and the release they were last changed by."""

    place_id: str
    instrument_id: str
    version: int
    audience: Audience
    release: str


def refresh(session: Session, library: Library, measures: Measures, *, now: dt.datetime) -> int:
    """Compute anew every series whose figures have changed since it was stored.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    library : Library
        Instruments.
    measures : Measures
        What to compute.
    now : datetime
        Stamped on the series.

    Returns
    -------
    int
        How many series were stored.
    """
    stored = {
        (measure_id, place_id): release
        for measure_id, place_id, release in session.connection().execute(
            sa.select(StoredSeries.measure_id, StoredSeries.place_id, StoredSeries.release)
        )
    }
    n_stored = 0
    for source in _sources(session):
        wanted = [
            measure
            for measure in measures.for_instrument(source.instrument_id, source.version)
            if measure.audience is source.audience
        ]
        stale = [measure for measure in wanted if stored.get((measure.id, source.place_id)) != source.release]
        if not stale:
            continue
        instrument = library.get(source.instrument_id, source.version)
        bins = released(session, source.place_id, instrument, source.audience)
        for measure in stale:
            figures = list(values(measure, instrument, bins))
            save(session, build(measure, source.place_id, source.release, bins, figures), now=now)
        n_stored += len(stale)
    return n_stored


def _sources(session: Session) -> list[Source]:
    latest = (
        sa.select(
            ReleasedFigure.place_id,
            ReleasedFigure.instrument_id,
            ReleasedFigure.instrument_version,
            ReleasedFigure.audience,
            sa.func.max(ReleasedFigure.release_id).label("release_id"),
        )
        .group_by(
            ReleasedFigure.place_id,
            ReleasedFigure.instrument_id,
            ReleasedFigure.instrument_version,
            ReleasedFigure.audience,
        )
        .subquery()
    )
    query = sa.select(
        latest.c.place_id,
        latest.c.instrument_id,
        latest.c.instrument_version,
        latest.c.audience,
        Release.token,
    ).join(Release, Release.id == latest.c.release_id)
    return [
        Source(*row)
        for row in session.connection().execute(
            query.order_by(latest.c.instrument_id, latest.c.instrument_version, latest.c.place_id)
        )
    ]


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
    chart = xmr_chart(
        [figure.value if figure else None for _, figure in closed],
        rules=MDC7,
        baseline=LOCK_AT if len(closed) >= LOCK_AT else None,
    )
    states = point_states(chart, measure.direction)
    points: list[Point | Gap] = [
        _point(bin_, figure, drawn, state)
        for (bin_, figure), drawn, state in zip(closed, chart.points, states, strict=True)
    ]
    latest = points[-1] if points else None
    points += [
        _point(bin_, figure, None, PointState.NONE)
        for bin_, figure in zip(bins, figures, strict=True)
        if bin_.provisional
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


def save(session: Session, series: Series, *, now: dt.datetime) -> None:
    """Store a series, replacing the one of the same measure and place.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    series : Series
        What to store.
    now : datetime
        Stamped on the row.
    """
    closed = [point for point in series.points if not (isinstance(point, Point) and point.provisional)]
    latest = closed[-1] if closed else None
    before = closed[-2] if len(closed) > 1 else None
    state = latest.state if isinstance(latest, Point) else PointState.NONE
    row = {
        "measure_id": series.measure,
        "place_id": series.place,
        "release": series.release,
        "document": series.to_json(),
        "latest_to": latest.end if latest else None,
        "latest_n": latest.n if isinstance(latest, Point) else None,
        "state": state,
        "strength": _strength(latest) if isinstance(latest, Point) else 0.0,
        "is_new": not isinstance(before, Point) or before.state is not state,
        "computed_at": now,
    }
    upsert(session, StoredSeries, row, key=["measure_id", "place_id"])


def _strength(point: Point) -> float:
    if not point.signals or point.centre is None or point.upper is None:
        return 0.0
    sigma = (point.upper - point.centre) / 3
    return abs(point.value - point.centre) / sigma if sigma > 0 else 0.0


__all__ = ["XmrChart", "build", "refresh", "save"]
