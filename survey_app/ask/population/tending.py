"""Places made, renamed, closed and opened again, one at a time; who stands where over time."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.parents import ALWAYS
from survey_app.ask.population.places import CODE, KINDS, name_fault
from survey_app.ask.population.tables import Place, PlaceKind, PlaceParent


class BadPlace(ValueError):
    """A place cannot be made or changed; `field` names what is wrong, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Stay:
    """Under which parent a place stood, stands or will stand; None for a day that is not known."""

    parent: Place
    first: dt.date | None
    last: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Tell whether the place stands there on a day."""
        return (self.first or day) <= day <= (self.last or day)


def add_place(session: Session, *, name: str, code: str, parent: Place | None) -> Place:
    """Make a place below another, or the system where there is none yet."""
    name, code = name.strip(), code.strip()
    kind = PlaceKind.SYSTEM if parent is None else kind_below(parent)
    if kind is None:
        raise BadPlace("parent", "nothing stands below a practice")
    refuse_bad(session, name=name, code=code)
    place_id = _free_id(session, name)
    path = f"{parent.path if parent else '/'}{place_id}/"
    place = Place(
        id=place_id, name=name, kind=kind, code=code, parent_id=parent.id if parent else None, path=path
    )
    session.add(place)
    session.flush()
    return place


def refuse_bad(session: Session, *, name: str, code: str) -> None:
    """Raise BadPlace where a new place cannot have a name or a code."""
    _refuse_name(name.strip())
    _refuse_code(session, code.strip())


def kind_below(parent: Place) -> PlaceKind | None:
    """Return what kind of place stands below one, or None."""
    below = KINDS.index(parent.kind) + 1
    return KINDS[below] if below < len(KINDS) else None


def rename(session: Session, place: Place, *, name: str) -> None:
    """Give a place another name; its id, and with it every figure, stays."""
    _refuse_name(name.strip())
    place.name = name.strip()
    session.flush()


def close(session: Session, place: Place, *, from_day: dt.date) -> None:
    """Ask nobody of a place any more from a day on; what is below it must be closed before."""
    if place.parent_id is None:
        raise BadPlace("close", "The system itself is not closed")
    below = sa.select(Place).where(Place.parent_id == place.id).order_by(Place.name)
    open_below = [
        one.name for one in session.scalars(below) if not (one.closed_from and one.closed_from <= from_day)
    ]
    if open_below:
        raise BadPlace("close", f"Close what is below it first: {', '.join(open_below)}")
    place.closed_from = from_day
    session.flush()


def reopen(session: Session, place: Place) -> None:
    """Let people of a place be asked again; what stands above it must be open."""
    parent = session.get(Place, place.parent_id or "")
    if parent is not None and parent.closed_from is not None:
        raise BadPlace("close", f"Open {parent.name} first")
    place.closed_from = None
    session.flush()


def stays_of(session: Session, place: Place) -> list[Stay]:
    """Return where a place has stood, stands and will stand, in order; one stay where nobody moved it."""
    query = sa.select(PlaceParent).where(PlaceParent.place_id == place.id).order_by(PlaceParent.from_quarter)
    rows = [(row.from_quarter, row.parent_id) for row in session.scalars(query)]
    if not rows and place.parent_id:
        rows = [(ALWAYS, place.parent_id)]
    ends = [*(start - dt.timedelta(days=1) for start, _ in rows[1:]), None][: len(rows)]
    return [
        Stay(session.get_one(Place, parent_id), None if start == ALWAYS else start, last)
        for (start, parent_id), last in zip(rows, ends, strict=True)
    ]


def take_back_move(session: Session, place: Place, *, today: dt.date) -> bool:
    """Forget a move that has not happened yet; tell whether there was one."""
    planned = sa.delete(PlaceParent).where(PlaceParent.place_id == place.id, PlaceParent.from_quarter > today)
    return session.execute(planned.returning(PlaceParent.place_id)).first() is not None


def _refuse_name(name: str) -> None:
    if not name:
        raise BadPlace("name", "Enter a name")
    if fault := name_fault(name):
        raise BadPlace("name", fault[:1].upper() + fault[1:])


def _refuse_code(session: Session, code: str) -> None:
    if not CODE.fullmatch(code) or code.startswith("-"):
        raise BadPlace("code", "Enter a code of 1 to 20 letters, digits and hyphens")
    owner = session.scalars(sa.select(Place).where(sa.func.lower(Place.code) == code.lower())).first()
    if owner is not None:
        raise BadPlace("code", f"The code {code} belongs to {owner.name}")


def _free_id(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:34].strip("-") or "place"
    taken = set(session.scalars(sa.select(Place.id).where(Place.id.startswith(stem, autoescape=True))))
    return next(
        found
        for number in range(1, 10_000)
        if (found := stem if number == 1 else f"{stem}-{number}") not in taken
    )
