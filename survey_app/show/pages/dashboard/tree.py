"""The places a reader may see, and nothing of the others: a foreign place is as unknown as none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, may_see
from survey_app.ask.population.places import all_places, ancestors
from survey_app.ask.population.tables import PlaceKind
from survey_app.know.disclosure.groups import Group, groups_on

KINDS = {
    PlaceKind.SYSTEM: "Whole system",
    PlaceKind.PLACE: "Place",
    PlaceKind.LOCALITY: "Locality",
    PlaceKind.PRACTICE: "Practice",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place or neighbour group as pages show it."""

    id: str
    name: str
    kind: str
    path: str
    parent_id: str | None


class Tree:
    """The reader's part of the tree of places, read once a page."""

    def __init__(self, session: Session, person: SignedIn, day: dt.date) -> None:
        places = [place for place in all_places(session) if may_see(person, place.path)]
        self._spots = {p.id: Spot(p.id, p.name, KINDS[p.kind], p.path, p.parent_id) for p in places}
        self._groups: dict[str, Group] = {}
        for group in groups_on(session, day):
            if may_see(person, group.path):
                self._spots[group.id] = Spot(group.id, group.name, "Neighbour group", group.path, None)
                self._groups[group.id] = group
        self._paths = person.paths

    def find(self, place_id: str) -> Spot | None:
        """Return a place the reader may see, or None."""
        return self._spots.get(place_id)

    def home(self) -> Spot | None:
        """Return the first of the topmost places the reader may see."""
        return next((spot for spot in self._spots.values() if spot.path in self._paths), None)

    def above(self, spot: Spot) -> list[Spot]:
        """Return the places above one, from the top, as far as the reader may see them."""
        return [self._spots[place_id] for place_id in ancestors(spot.path) if place_id in self._spots]

    def below(self, spot: Spot) -> list[Spot]:
        """Return the places directly below one, by name, its neighbour groups last."""
        places = [other for other in self._spots.values() if other.parent_id == spot.id]
        groups = [other for other in self._groups if ancestors(self._spots[other].path)[-1:] == (spot.id,)]
        return [*sorted(places, key=lambda other: other.name), *(self._spots[group] for group in groups)]

    def group_of(self, spot: Spot) -> Group | None:
        """Return the neighbour group that a place is counted with, or None."""
        return next((group for group in self._groups.values() if spot.id in group.places), None)

    def groups(self) -> list[Spot]:
        """Return the neighbour groups the reader may see, by name."""
        return [self._spots[group] for group in self._groups]

    def members(self, spot: Spot) -> list[Spot]:
        """Return the places of a neighbour group; none of anything else."""
        group = self._groups.get(spot.id)
        return (
            [self._spots[place_id] for place_id in group.places if place_id in self._spots] if group else []
        )
