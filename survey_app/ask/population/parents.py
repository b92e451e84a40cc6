"""Parents that change: planned for the first day of a quarter, and in the tree from that day on."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place, PlaceKind, PlaceParent
from survey_app.database import insert_or_ignore, upsert

ALWAYS = dt.date(1970, 1, 5)


class BadMove(ValueError):
    """A place cannot stand under another; the message says why."""


def plan_parent(session: Session, *, place_id: str, parent_id: str, from_quarter: dt.date) -> None:
    """Note that a locality stands under another place from a quarter on; the tree follows on that day."""
    moved, parent = session.get(Place, place_id), session.get(Place, parent_id)
    if moved is None or moved.kind is not PlaceKind.LOCALITY:
        raise BadMove(f"{place_id!r} is no locality: only localities move")
    if parent is None or parent.kind is not PlaceKind.PLACE:
        raise BadMove(f"{parent_id!r} is no place that localities stand under")
    first = {"place_id": place_id, "from_quarter": ALWAYS, "parent_id": moved.parent_id}
    insert_or_ignore(session, PlaceParent, [first])
    row = {"place_id": place_id, "from_quarter": from_quarter, "parent_id": parent_id}
    upsert(session, PlaceParent, row, key=["place_id", "from_quarter"])


def follow_plans(session: Session, day: dt.date) -> list[tuple[str, str]]:
    """Move the places whose day has come, and return each path that changed: before, after."""
    changed = []
    for place_id, parent_id in _parents_on(session, day).items():
        moved = session.get_one(Place, place_id)
        if moved.parent_id != parent_id:
            before, above = moved.path, session.get_one(Place, parent_id).path
            moved.parent_id = parent_id
            changed.append((before, f"{above}{place_id}/"))
            _rename(session, *changed[-1])
    session.flush()
    return changed


def _parents_on(session: Session, day: dt.date) -> dict[str, str]:
    query = sa.select(PlaceParent).where(PlaceParent.from_quarter <= day).order_by(PlaceParent.from_quarter)
    return {row.place_id: row.parent_id for row in session.scalars(query)}


def _rename(session: Session, before: str, after: str) -> None:
    for place in session.scalars(sa.select(Place).where(Place.path.startswith(before, autoescape=True))):
        place.path = after + place.path.removeprefix(before)
