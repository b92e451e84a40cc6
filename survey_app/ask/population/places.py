"""The tree of places: system, places, localities and practices, with their official codes."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.sheets import Faults, Row, formula_fault, parse_sheet, unprintable_fault
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.database import upsert

COLUMNS = ("id", "name", "kind", "code", "parent")
KINDS = tuple(PlaceKind)
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_NAME = 120
CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
ALL = sa.select(Place).order_by(Place.path)


def place(session: Session, place_id: str) -> Place | None:
    """Return a place by its id, or None."""
    return session.get(Place, place_id)


def top(session: Session) -> Place | None:
    """Return the system, the one place that has no parent, or None before any import."""
    return session.scalar(sa.select(Place).where(Place.parent_id.is_(None)))


def children(session: Session, place_id: str) -> list[Place]:
    """Return the places directly below one, by name."""
    return list(
        session.scalars(sa.select(Place).where(Place.parent_id == place_id).order_by(Place.name, Place.id))
    )


def localities_under(session: Session, place_id: str) -> list[Place]:
    """Return the localities at or below a place, by path; none for an unknown place."""
    above = session.get(Place, place_id)
    if above is None:
        return []
    below = sa.and_(Place.kind == PlaceKind.LOCALITY, Place.path.startswith(above.path, autoescape=True))
    return list(session.scalars(sa.select(Place).where(below).order_by(Place.path)))


def all_places(session: Session) -> list[Place]:
    """Return the whole tree, parents before children."""
    return list(session.scalars(ALL))


def ancestors(path: str) -> tuple[str, ...]:
    """Return the ids above the last place of a path, from the top: /a/b/c/ gives a, b."""
    return tuple(path.strip("/").split("/")[:-1])


def import_places(session: Session, text: bytes | str) -> int:
    """Store the places of a file and return how many rows it had, or raise BadRows and store nothing.

    A place that exists gets its new name and code. It never changes parent or kind here: parents change only
    between quarters, because closed blocks keep theirs.
    """
    faults = Faults()
    rows = parse_sheet(text, columns=COLUMNS, faults=faults)
    existing = {found.id: found for found in session.scalars(sa.select(Place))}
    _check(rows, existing, faults)
    faults.raise_any()
    paths = {found.id: found.path for found in existing.values()}
    for row in sorted(rows, key=lambda row: KINDS.index(PlaceKind(row["kind"]))):
        paths[row["id"]] = f"{paths[row['parent']] if row['parent'] else '/'}{row['id']}/"
        upsert(session, Place, _values(row, paths[row["id"]]), key=["id"])
    session.expire_all()
    return len(rows)


def name_fault(name: str) -> str | None:
    """Return what keeps a text from naming a place or a group of places: names go into e-mails and sheets."""
    if not 1 <= len(name) <= LONGEST_NAME:
        return f"name must have 1 to {LONGEST_NAME} characters"
    return unprintable_fault("name", name) or formula_fault(Row(0, {"name": name}), ("name",))


def _values(row: Row, path: str) -> dict[str, object]:
    return {
        "id": row["id"],
        "name": row["name"],
        "kind": PlaceKind(row["kind"]),
        "code": row["code"],
        "parent_id": row["parent"] or None,
        "path": path,
    }


def _check(rows: list[Row], existing: dict[str, Place], faults: Faults) -> None:
    kinds = {found.id: found.kind.value for found in existing.values()}
    kinds |= {row["id"]: row["kind"] for row in rows}
    owners = {found.code: found.id for found in existing.values()}
    root = next((found.id for found in existing.values() if found.parent_id is None), None)
    seen: set[str] = set()
    for row in rows:
        if row["kind"] == PlaceKind.SYSTEM:
            root = root or row["id"]
        reason = (
            _cell_fault(row)
            or _parent_fault(row, kinds)
            or _moved_fault(row, existing.get(row["id"]))
            or _twice_fault(row, seen, owners, root)
        )
        seen.add(row["id"])
        if reason:
            faults.add(row.line, reason)
    if root is None:
        faults.add(0, "the file has no place of kind system, and there is none yet")


def _cell_fault(row: Row) -> str | None:
    if not ID.fullmatch(row["id"]):
        return "id must be 1 to 40 small letters, digits and hyphens"
    if fault := name_fault(row["name"]):
        return fault
    if row["kind"] not in KINDS:
        return f"kind must be one of {', '.join(KINDS)}, not {row['kind']!r}"
    if not CODE.fullmatch(row["code"]):
        return "code must be 1 to 20 letters, digits and hyphens"
    return formula_fault(row, ("code",))


def _parent_fault(row: Row, kinds: dict[str, str]) -> str | None:
    level = KINDS.index(PlaceKind(row["kind"]))
    if level == 0:
        return "a system has no parent" if row["parent"] else None
    expected = KINDS[level - 1]
    if row["parent"] not in kinds:
        return f"parent {row['parent']!r} is not known; a {row['kind']} needs a {expected} as parent"
    if kinds[row["parent"]] != expected:
        return f"parent {row['parent']!r} is a {kinds[row['parent']]}; a {row['kind']} needs a {expected}"
    return None


def _moved_fault(row: Row, found: Place | None) -> str | None:
    if found is None or (found.kind == row["kind"] and (found.parent_id or "") == row["parent"]):
        return None
    return f"{row['id']!r} is a {found.kind} under {found.parent_id or 'nothing'}: an import moves no place"


def _twice_fault(row: Row, seen: set[str], owners: dict[str, str], root: str | None) -> str | None:
    if row["id"] in seen:
        return f"id {row['id']!r} stands twice"
    owner = owners.setdefault(row["code"], row["id"])
    if owner != row["id"]:
        return f"code {row['code']!r} belongs to {owner!r}"
    if row["kind"] == PlaceKind.SYSTEM and row["id"] != root:
        return f"{root!r} is the system: one installation serves one system"
    return None
