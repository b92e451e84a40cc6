"""Opting out by the link: looking changes nothing, one button ends it, also after the survey has closed."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population import consent
from survey_app.ask.population.tables import Consent, Participant
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import Voice, phrases_here
from survey_app.web.widgets import summary_of

PAGE = "stop"


class StopDoor:
    """The opt-out page and its button."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, limiter: FailureLimiter) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._limiter = limiter
        self._seal = FormSeal(keys.session)

    @who_may(Who.RESPONDENT)
    def ask(self, token: str) -> str:
        """Show the button, or say that it was pressed."""
        with self._database.reading() as session:
            invitation = self._known(invitations.find(session, self._keys, token))
            person = session.get_one(Participant, invitation.participant_id)
            return self._page(invitation, stopped=person.consent is Consent.WITHDRAWN)

    @who_may(Who.RESPONDENT)
    def stop(self, token: str) -> str | tuple[str, int] | Response:
        """Take the person off the list for good."""
        with self._database.reading() as session:
            invitation = self._known(invitations.find(session, self._keys, token))
        canonical = invitations.token_of(self._keys, invitation)
        if self._seal.read(canonical, PAGE, request.form.get("seal")) is None:
            return self._page(invitation, stopped=False, is_stale=True), 400
        with self._database.writing() as session:
            consent.withdraw(session, participant_id=invitation.participant_id, at=self._clock())
            invitations.cancel(session, invitation.participant_id)
        return redirect(f"/stop/{canonical}", 303)

    def _known(self, invitation: Invitation | None) -> Invitation:
        if invitation is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return invitation

    def _page(self, invitation: Invitation, *, stopped: bool, is_stale: bool = False) -> str:
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        say = Voice(phrases_here(), phrases_here().known(invitation.language))
        fault = say("stop.stale") if is_stale else None
        return render_template(
            "survey/stop.html",
            lang=say.language,
            appearance=invitation.appearance,
            token=invitations.token_of(self._keys, invitation),
            stopped=stopped,
            fault=fault,
            summary=summary_of([("stop", fault)], say("page.problem")) if fault else Markup(),
            seal=self._seal.make(invitations.token_of(self._keys, invitation), PAGE, shown),
        )
