"""Looking up what a page is about; a place out of scope is as unknown as none, one not led is refused."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import has_role
from survey_app.ask.population.places import all_places
from survey_app.know.improvement.actions import notices, reading
from survey_app.know.improvement.actions.actions import Change
from survey_app.know.improvement.actions.reading import Listed
from survey_app.know.improvement.actions.tables import ActionCycle, Notice
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.dashboard.actions.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who


@dataclass(frozen=True, slots=True)
class Found:
    """An action of the reader's scope, where it is, and whether the reader may change it."""

    listed: Listed
    spot: Spot
    may_change: bool


def may_act(place_path: str) -> bool:
    """Tell whether the signed-in reader leads a place: pages of other doors offer the way here only then."""
    return has_role(signed_in(), ROLES[Who.LEAD], place_path)


class Desk:
    """One person's look at actions, in one session."""

    def __init__(self, needs: Needs, session: Session) -> None:
        self._needs = needs
        self.session = session
        self.person = signed_in()
        self.tree = Tree(session, self.person, needs.today())

    @property
    def change(self) -> Change:
        """Return who changes something now."""
        return Change(self.person.staff_id, self._needs.clock())

    def place(self, place_id: str) -> Spot:
        """Return a place that the reader leads."""
        spot = self.tree.find(place_id) or abort(404)
        if not self.leads(spot):
            abort(403)
        return spot

    def led(self) -> list[Spot]:
        """Return every place and neighbour group that the reader leads, in the order of the tree."""
        spots = [self.tree.find(place.id) for place in all_places(self.session)] + self.tree.groups()
        return [spot for spot in spots if spot is not None and self.leads(spot)]

    def leads(self, spot: Spot) -> bool:
        """Tell whether the reader may act at a place."""
        return may_act(spot.path)

    def action(self, action_id: int) -> Found:
        """Return an action the reader may see."""
        listed = reading.one(self.session, action_id) or abort(404)
        spot = self.tree.find(listed.action.place_id) or abort(404)
        return Found(listed, spot, self.leads(spot))

    def own_action(self, action_id: int) -> Found:
        """Return an action the reader may change."""
        found = self.action(action_id)
        if not found.may_change:
            abort(403)
        return found

    def cycle(self, action_id: int, number: int) -> tuple[Found, ActionCycle]:
        """Return a cycle of an action the reader may change."""
        found = self.own_action(action_id)
        cycle = self.session.get(ActionCycle, (action_id, number))
        return found, cycle or abort(404)

    def notice(self, notice_id: int) -> tuple[Found, Notice]:
        """Return a notice of an action the reader may change."""
        notice = notices.notice(self.session, notice_id) or abort(404)
        return self.own_action(notice.action_id), notice

    def measure(self, measure_id: str | None) -> Measure | None:
        """Return a measure, or None for none and for one that is no longer kept."""
        try:
            return self._needs.measures.get(measure_id) if measure_id else None
        except UnknownMeasure:
            return None
