"""How far a survey officer's hands reach: whole campaigns inside their places, nothing else."""

from __future__ import annotations

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, has_role, may_see
from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.places import all_places, top
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.hear.safeguarding.tables import Alert
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who


class Reach:
    """The places where a person may run surveys, read once a page."""

    def __init__(self, session: Session, person: SignedIn) -> None:
        self._person = person
        self._places = {place.id: place for place in all_places(session)}
        self._top = top(session)

    @property
    def localities(self) -> list[Place]:
        """Return the localities where this person may run surveys; none that closes."""
        mine = [place for place in self.places if place.kind is PlaceKind.LOCALITY]
        return [place for place in mine if place.closed_from is None]

    @property
    def places(self) -> list[Place]:
        """Return every place, of any kind, where this person may run surveys."""
        return [place for place in self._places.values() if self._officer_at(place.path)]

    @property
    def place_ids(self) -> set[str]:
        """Return the ids of those places."""
        return {place.id for place in self.places}

    @property
    def everywhere(self) -> bool:
        """Tell whether the whole system is in reach, as a list of people needs."""
        return self._top is not None and self._officer_at(self._top.path)

    def has(self, campaign: Campaign) -> bool:
        """Tell whether every locality of a campaign is in reach."""
        places = [self._places.get(place_id) for place_id in campaign.localities]
        return bool(places) and all(place is not None and self._officer_at(place.path) for place in places)

    def campaign(self, session: Session, campaign_id: int) -> Campaign:
        """Return a campaign of this person; anybody else's is answered like one that is not there."""
        found = session.get(Campaign, campaign_id)
        if found is None or found.audience is Audience.PANEL or not self.has(found):
            abort(404)
        return found

    def calls(self, place_id: str | None) -> bool:
        """Tell whether this person may see the number of somebody of a place who asks to be called."""
        place = self._places.get(place_id or "") or self._top
        return place is not None and self._officer_at(place.path)

    def hears(self, alert: Alert) -> bool:
        """Tell whether an alert came from a place of this person; one without a place goes to the top."""
        place = self._places.get(alert.place_id or "") or self._top
        return place is not None and may_see(self._person, place.path)

    def name(self, place_id: str | None) -> str:
        """Return the name of a place."""
        place = self._places.get(place_id or "")
        return place.name if place else "Place not known"

    def _officer_at(self, path: str) -> bool:
        return has_role(self._person, ROLES[Who.OFFICER], path)
