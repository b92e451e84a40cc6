"""The list of series: where each stands, without its points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from survey_app.know.evidence.tables import StoredSeries
from survey_app.show.api.paging import Part
from survey_app.stats.variation import PointState

COLUMNS = (
    StoredSeries.measure_id,
    StoredSeries.place_id,
    StoredSeries.release,
    StoredSeries.revision,
    StoredSeries.latest_from,
    StoredSeries.latest_to,
    StoredSeries.latest_n,
    StoredSeries.state,
)


@dataclass(frozen=True, slots=True)
class Head:
    """One series of the list."""

    measure: str
    place: str
    release: str
    revision: str
    first: dt.date | None
    last: dt.date | None
    n: int | None
    state: PointState

    @property
    def key(self) -> str:
        """Return what orders the list and continues it."""
        return f"{self.place}:{self.measure}"

    def to_dict(self) -> dict[str, object]:
        """Return it as the API shows it."""
        return {
            "measure": self.measure,
            "place": self.place,
            "release": self.release,
            "revision": self.revision,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "n": self.n,
            "state": self.state.value,
            "href": url_for("api.one", measure_id=self.measure, place_id=self.place),
        }


def heads(session: Session, places: Collection[str], measures: Collection[str], part: Part) -> list[Head]:
    """Return the heads after a cursor of some measures at some places, one more than the part holds."""
    place, _, measure = part.after.partition(":")
    later = sa.or_(
        StoredSeries.place_id > place,
        sa.and_(StoredSeries.place_id == place, StoredSeries.measure_id > measure),
    )
    query = (
        sa.select(*COLUMNS)
        .where(_any_of(StoredSeries.place_id, places), _any_of(StoredSeries.measure_id, measures), later)
        .order_by(StoredSeries.place_id, StoredSeries.measure_id)
        .limit(part.limit + 1)
    )
    return [Head(*row) for row in session.execute(query)]


def _any_of(column: sa.orm.InstrumentedAttribute[str], ids: Collection[str]) -> sa.ColumnElement[bool]:
    known: Sequence[str] = sorted(ids)
    return column.in_(known)
