"""Asking to be called, from any page of a survey: a number, a time, a consent of its own, and no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.phones import BadPhone, parse_number_to_call
from survey_app.ask.population.tables import Participant
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.safeguarding import callbacks
from survey_app.hear.safeguarding.tables import CallTime
from survey_app.settings import Settings
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

PAGE = "call"
OURS, OTHER = "ours", "other"
SHOWN_DIGITS = 3
"""As many as a log may hold: enough to know one's own number by, too few to learn it."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who holds the link, as far as calling them needs it."""

    token: str
    invitation: Invitation
    known: str | None
    has_asked: bool


@dataclass(frozen=True, slots=True)
class _Filled:
    """What stands in the form."""

    which: str = OURS
    number: str = ""
    when: CallTime = CallTime.ANY
    agrees: bool = False


class CallDoor:
    """The page that asks for a call."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, settings: Settings, limiter: FailureLimiter
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._limiter = limiter
        self._seal = FormSeal(keys.session)

    @who_may(Who.RESPONDENT)
    def ask(self, token: str) -> str:
        """Show the form, or say that it was sent."""
        with self._database.reading() as session:
            return self._page(self._asking(session, token), _Filled(), {})

    @who_may(Who.RESPONDENT)
    def take(self, token: str) -> tuple[str, int] | Response:
        """Pass the wish on, once for each link."""
        with self._database.reading() as session:
            asking = self._asking(session, token)
        filled = _filled()
        number, faults = _number(asking, filled)
        if not filled.agrees:
            faults["consent"] = "call.fault_consent"
        if self._seal.read(asking.token, PAGE, request.form.get("seal")) is None:
            faults = {"": "call.fault_stale"}
        if faults or number is None:
            return self._page(asking, filled, faults), 400
        with self._database.writing() as session:
            callbacks.ask(
                session, self._request(asking, number, filled.when), keys=self._keys, settings=self._settings
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

    def _page(self, asking: _Asking, filled: _Filled, faults: Mapping[str, str]) -> str:
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        return render_template(
            "survey/call.html",
            lang=asking.invitation.language,
            appearance=asking.invitation.appearance,
            token=asking.token,
            asked=asking.has_asked,
            ending=asking.known[-SHOWN_DIGITS:] if asking.known else "",
            form=filled,
            faults=faults,
            seal=self._seal.make(asking.token, PAGE, shown),
        )


def _filled() -> _Filled:
    when = request.form.get("when")
    return _Filled(
        which=OTHER if request.form.get("which") == OTHER else OURS,
        number=request.form.get("number", "")[:40],
        when=next((one for one in CallTime if one.value == when), CallTime.ANY),
        agrees=request.form.get("consent") == "yes",
    )


def _number(asking: _Asking, filled: _Filled) -> tuple[str | None, dict[str, str]]:
    if asking.known and filled.which == OURS:
        return asking.known, {}
    try:
        return parse_number_to_call(filled.number), {}
    except BadPhone:
        return None, {"number": "call.fault_number"}


def _source(token: str) -> str:
    return f"web:{token}"
