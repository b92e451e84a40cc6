"""Places and neighbour groups as the API names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.population.places import all_places
from survey_app.know.disclosure.groups import groups_on


@dataclass(frozen=True, slots=True)
class Spot:
    """A place or, with members, a neighbour group."""

    id: str
    name: str
    kind: str
    parent: str | None
    members: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return it as the API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "parent": self.parent,
            "members": list(self.members),
        }


def spots(session: Session, paths: Sequence[str], day: dt.date) -> list[Spot]:
    """Return every place and neighbour group that may be read, with nothing of what lies outside."""
    seen = [place for place in all_places(session) if place.path.startswith(tuple(paths))]
    ids = {place.id for place in seen}
    groups = [group for group in groups_on(session, day) if group.path.startswith(tuple(paths))]
    return [
        Spot(place.id, place.name, place.kind.value, place.parent_id if place.parent_id in ids else None)
        for place in seen
    ] + [
        Spot(group.id, group.name, "neighbour_group", None, tuple(p for p in group.places if p in ids))
        for group in groups
    ]
