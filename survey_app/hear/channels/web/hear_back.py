"""The offer on the last page of a survey: to be told by text what was done. Answers are not touched."""

from __future__ import annotations

from enum import StrEnum

from flask import abort, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population import consent
from survey_app.ask.population.tables import Consent, Participant
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

PAGE = "hear-back"


class Offer(StrEnum):
    """Whether a person can be asked if they want to hear back."""

    NONE = "none"
    OPEN = "open"
    TAKEN = "taken"


class HearBackDoor:
    """One button, pressed after the survey is over."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, limiter: FailureLimiter) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._limiter = limiter
        self._seal = FormSeal(keys.session)

    @who_may(Who.RESPONDENT)
    def agree(self, token: str) -> Response:
        """Take the person's word; an old page, or a survey that is not over, changes nothing."""
        with self._database.reading() as session:
            invitation = invitations.find(session, self._keys, token)
        if invitation is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        canonical = invitations.token_of(self._keys, invitation)
        shown = self._seal.read(canonical, PAGE, request.form.get("seal"))
        if shown is not None and invitation.state is InvitationState.ANSWERED:
            with self._database.writing() as session:
                consent.agree_to_hear_back(session, participant_id=invitation.participant_id)
        return redirect(f"/s/{canonical}/done", 303)

    def offer(self, token: str) -> Offer:
        """Return what the last page says to the holder of a link."""
        with self._database.reading() as session:
            invitation = invitations.find(session, self._keys, token)
            return _offer_to(session, invitation) if invitation else Offer.NONE

    def seal(self, token: str) -> str:
        """Return the hidden field of the button."""
        return self._seal.make(token, PAGE, Shown(PAGE, 1, self._clock(), new_nonce()))


def _offer_to(session: Session, invitation: Invitation) -> Offer:
    person = session.get_one(Participant, invitation.participant_id)
    reachable = person.consent is Consent.GIVEN and person.phone_index is not None
    if not reachable or person.audience is Audience.STAFF or invitation.state is not InvitationState.ANSWERED:
        return Offer.NONE
    return Offer.TAKEN if person.hear_back else Offer.OPEN
