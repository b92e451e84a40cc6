"""The chart that a form is about, and what the reader may decide there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, url_for
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, has_role
from survey_app.ask.population.places import ancestors
from survey_app.know.evidence.series import Series
from survey_app.know.evidence.store import stored
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree
from survey_app.web.access import Who


@dataclass(frozen=True, slots=True)
class Ground:
    """One chart in the reader's scope."""

    person: SignedIn
    measure: Measure
    place: Spot
    above: list[Spot]
    series: Series

    @property
    def may_lead(self) -> bool:
        """Tell whether the reader leads at this place."""
        return leads_at(self.person, self.place)

    @property
    def may_note(self) -> bool:
        """Tell whether the reader may say on this chart what happened."""
        return notes_at(self.person, self.place)

    @property
    def by(self) -> str:
        """Return who decides, as history names people."""
        return signature(self.person)

    @property
    def href(self) -> str:
        """Return the address of the chart's page."""
        return url_for("dashboard.series", measure_id=self.measure.id, place_id=self.place.id)

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Return the place and every place above it, whose notes it shows."""
        return (self.place.id, *ancestors(self.place.path))

    def insist_on_lead(self) -> None:
        """Refuse whoever does not lead here."""
        if not self.may_lead:
            abort(403)


def ground(needs: Needs, session: Session, measure_id: str, place_id: str) -> Ground:
    """Return the chart that an address names; out of scope it is as unknown as one that never was."""
    person = signed_in()
    tree = Tree(session, person, needs.today())
    spot = tree.find(place_id) or abort(404)
    try:
        measure = needs.measures.get(measure_id)
    except UnknownMeasure:
        abort(404)
    series = stored(session, measure.id, spot.id) or abort(404)
    return Ground(person, measure, spot, tree.above(spot), series)


def leads_at(person: SignedIn, place: Spot) -> bool:
    """Tell whether a person may set targets and decide on baselines at a place."""
    return has_role(person, ROLES[Who.LEAD], place.path)


def notes_at(person: SignedIn, place: Spot) -> bool:
    """Tell whether a person may say on charts of a place what happened there."""
    return has_role(person, ROLES[Who.LEAD] | ROLES[Who.OFFICER], place.path)


def signature(person: SignedIn) -> str:
    """Return a person's name with the address that tells namesakes apart."""
    return f"{person.name[:60]} ({person.email})"[:120]
