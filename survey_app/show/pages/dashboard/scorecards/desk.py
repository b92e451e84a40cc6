"""Which scorecards a person may read, and which they may change: a foreign one is as unknown as none."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import has_role
from survey_app.ask.population.places import all_places
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.know.improvement.scorecards import store
from survey_app.know.improvement.scorecards.store import Card
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who

HOMES = (PlaceKind.SYSTEM, PlaceKind.PLACE)
"""What may have scorecards: localities and practices stand on their system's and place's."""


@dataclass(frozen=True, slots=True)
class Held:
    """A scorecard with its place, and whether this person may change it."""

    card: Card
    place: Spot
    may_change: bool


class Desk:
    """A person's scorecards, read once a page."""

    def __init__(self, session: Session, needs: Needs) -> None:
        self._session = session
        self._tree = Tree(session, signed_in(), needs.today())

    def all(self) -> list[Held]:
        """Return every scorecard this person may open; one without a version only to who works on it."""
        found = [self._held(card) for card in store.cards(self._session, signed_in().paths)]
        return [held for held in found if held and (held.card.current or held.may_change)]

    def one(self, scorecard_id: int) -> Held:
        """Return one scorecard, or answer that there is none."""
        card = store.card(self._session, scorecard_id)
        held = self._held(card) if card else None
        if held is None or not (held.card.current or held.may_change):
            abort(404)
        return held

    def to_change(self, scorecard_id: int) -> Held:
        """Return one scorecard to somebody who leads at its place; to anybody else there is none."""
        held = self.one(scorecard_id)
        return held if held.may_change else abort(404)

    def homes(self) -> list[Place]:
        """Return the places where this person may begin a scorecard."""
        return [
            place for place in all_places(self._session) if place.kind in HOMES and may_change(place.path)
        ]

    def _held(self, card: Card) -> Held | None:
        place = self._tree.find(card.place_id)
        return Held(card, place, may_change(place.path)) if place else None


def may_change(place_path: str) -> bool:
    """Tell whether the signed-in person leads at a place."""
    return has_role(signed_in(), ROLES[Who.LEAD], place_path)
