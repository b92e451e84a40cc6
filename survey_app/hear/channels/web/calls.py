"""Asking to be called, from any page of a survey somebody was invited to: passed on once for each link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.codes import starts
from survey_app.ask.outreach.codes.tables import Screen
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.tables import Participant
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.call_form import PAGE, CallForm, sent_form
from survey_app.hear.channels.web.poster_calls import PosterCallDoor
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.safeguarding import callbacks
from survey_app.hear.safeguarding.tables import CallTime
from survey_app.settings import Settings
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

SHOWN_DIGITS = 3
"""As many as a log may hold: enough to know one's own number by, too few to learn it."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who holds the link, as far as calling them needs it."""

    token: str
    invitation: Invitation
    known: str | None
    has_asked: bool


class CallDoor:
    """The page that asks for a call; from a survey that a poster opened it is the poster's page."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        clock: Clock,
        settings: Settings,
        limiter: FailureLimiter,
        posters: PosterCallDoor,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._limiter = limiter
        self._posters = posters
        self._seal = FormSeal(keys.session)

    @who_may(Who.RESPONDENT)
    def ask(self, token: str) -> str | tuple[str, int]:
        """Show the form, or say that it was sent."""
        with self._database.reading() as session:
            begun = starts.find(session, self._keys, token)
            if begun is not None and begun[0].screen is Screen.OWN:
                start, code = begun
                return self._posters.form(
                    session, code, language=start.language, back=f"/s/{starts.token_of(self._keys, start)}"
                )
            return self._page(self._asking(session, token), CallForm(), {})

    @who_may(Who.RESPONDENT)
    def take(self, token: str) -> tuple[str, int] | Response:
        """Pass the wish on, once for each link."""
        with self._database.reading() as session:
            asking = self._asking(session, token)
        form = sent_form()
        number, faults = form.read(asking.known)
        if self._seal.read(asking.token, PAGE, request.form.get("seal")) is None:
            faults = {"": "call.fault_stale"}
        if faults:
            return self._page(asking, form, faults), 400
        with self._database.writing() as session:
            callbacks.ask(
                session, self._request(asking, number, form.when), keys=self._keys, settings=self._settings
            )
        return redirect(f"/s/{asking.token}/call", 303)

    def _request(self, asking: _Asking, number: str, when: CallTime) -> callbacks.CallRequest:
        return callbacks.CallRequest(
            source=_source(asking.token),
            number=number,
            place_id=asking.invitation.place_id,
            language=asking.invitation.language,
            consent=callbacks.WEB_CONSENT,
            at=self._clock(),
            wanted_when=when,
        )

    def _asking(self, session: Session, token: str) -> _Asking:
        invitation = invitations.find(session, self._keys, token)
        if invitation is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        canonical = invitations.token_of(self._keys, invitation)
        person = session.get_one(Participant, invitation.participant_id)
        has_asked = callbacks.has_asked(session, self._keys, _source(canonical))
        return _Asking(canonical, invitation, phone_of(self._keys, person), has_asked)

    def _page(self, asking: _Asking, form: CallForm, faults: Mapping[str, str]) -> str:
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        return render_template(
            "survey/call.html",
            lang=asking.invitation.language,
            appearance=asking.invitation.appearance,
            back=f"/s/{asking.token}",
            action=f"/s/{asking.token}/call",
            is_open=False,
            asked=asking.has_asked,
            ending=asking.known[-SHOWN_DIGITS:] if asking.known else "",
            form=form,
            faults=faults,
            seal=self._seal.make(asking.token, PAGE, shown),
        )


def _source(token: str) -> str:
    return f"web:{token}"
