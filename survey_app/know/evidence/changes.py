"""What changed at the newest bin in scope: the strongest first, and how much of it chance explains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.false_alarms import expected
from survey_app.know.evidence.heads import COLUMNS, Head, heads_of
from survey_app.know.evidence.tables import StoredSeries
from survey_app.stats.variation import PointState

BETTER_OR_WORSE = (PointState.IMPROVEMENT, PointState.CONCERN)
NEITHER = (PointState.NEUTRAL_HIGH, PointState.NEUTRAL_LOW)


@dataclass(frozen=True, slots=True)
class Tally:
    """The charts with a figure that could be judged in the newest bin.

    Attributes
    ----------
    latest_to : date or None
        Last day of that bin; None where nothing has closed.
    n_charts : int
        How many there are; a place and the places in it count as one each.
    n_better, n_worse, n_other : int
        How many of them broke a rule; other: where no direction is the good one.
    by_chance : float
        How many would have if nothing had changed anywhere.
    """

    latest_to: dt.date | None
    n_charts: int
    n_better: int
    n_worse: int
    n_other: int
    by_chance: float

    @property
    def n_flagged(self) -> int:
        """Return how many charts broke a rule.

        Returns
        -------
        int
            Of `n_charts`.
        """
        return self.n_better + self.n_worse + self.n_other


def tally(session: Session, paths: Iterable[str], *, apart: Iterable[str] = ()) -> Tally:
    """Count the charts of the newest bin by state, kind and stage of limits, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.
    apart : iterable of str
        Measures that are not counted by the week: a month that ends later would make every week an old one.

    Returns
    -------
    Tally
        Zeros where nothing has closed.
    """
    places, newest, weekly = _newest(paths, apart)
    query = (
        sa.select(
            StoredSeries.chart,
            StoredSeries.limits,
            StoredSeries.state,
            sa.func.max(StoredSeries.latest_to),
            sa.func.count(),
        )
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.latest_to == newest, weekly)
        .group_by(StoredSeries.chart, StoredSeries.limits, StoredSeries.state)
    )
    rows = session.connection().execute(query).all()
    judged = [(row[0], row[1], row[2], row[4]) for row in rows if row[2] is not PointState.NONE]
    return Tally(
        latest_to=max((row[3] for row in rows if row[3]), default=None),
        n_charts=sum(n for *_, n in judged),
        n_better=sum(n for _, _, state, n in judged if state is PointState.IMPROVEMENT),
        n_worse=sum(n for _, _, state, n in judged if state is PointState.CONCERN),
        n_other=sum(n for _, _, state, n in judged if state in NEITHER),
        by_chance=expected(((chart, limits), n) for chart, limits, _, n in judged),
    )


def is_counting(session: Session, paths: Iterable[str], *, apart: Iterable[str] = ()) -> bool:
    """Tell whether figures are out, though no bin has closed: the first days of a first survey.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.
    apart : iterable of str
        Measures that are not counted by the week.

    Returns
    -------
    bool
        A series is stored once there is a figure or a gap, and a gap has closed.
    """
    places, newest, weekly = _newest(paths, apart)
    any_series = (
        sa.select(StoredSeries.place_id).join(places, places.c.id == StoredSeries.place_id).where(weekly)
    )
    return bool(session.scalar(sa.select(sa.and_(any_series.exists(), newest.is_(None)))))


def changes(session: Session, paths: Iterable[str], limit: int, *, apart: Iterable[str] = ()) -> list[Head]:
    """Return the series that broke a rule in the newest bin, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see.
    limit : int
        At most so many.
    apart : iterable of str
        Measures that are not counted by the week.

    Returns
    -------
    list of Head
        Those with a state that they did not have the bin before come first, then the strongest; improvements
        and concerns alike, after them those where no direction is the good one.
    """
    places, newest, weekly = _newest(paths, apart)
    neither = sa.case((StoredSeries.state.in_(NEITHER), 1), else_=0)
    query = (
        sa.select(*COLUMNS)
        .join(places, places.c.id == StoredSeries.place_id)
        .where(StoredSeries.state.in_([*BETTER_OR_WORSE, *NEITHER]), StoredSeries.latest_to == newest, weekly)
        .order_by(
            StoredSeries.is_new.desc(),
            neither,
            StoredSeries.strength.desc(),
            StoredSeries.measure_id,
            StoredSeries.place_id,
        )
    )
    return heads_of(session, query.limit(limit))


def _newest(
    paths: Iterable[str], apart: Iterable[str]
) -> tuple[sa.Subquery, sa.ScalarSelect[dt.date | None], sa.ColumnElement[bool]]:
    places, weekly = in_scope(paths), StoredSeries.measure_id.not_in(list(apart))
    latest = sa.select(sa.func.max(StoredSeries.latest_to)).join(places, places.c.id == StoredSeries.place_id)
    return places, latest.where(weekly).scalar_subquery(), weekly
