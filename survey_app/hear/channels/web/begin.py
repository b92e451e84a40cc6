"""What is chosen on the start page: how the pages look, and who fills the survey in; both may be left out."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import abort, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.loader import Library
from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Appearance, Helped
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal
from survey_app.hear.channels.web.visits import Standing, Visit, visit
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import phrases_here

PAGE = "start"
Choice = TypeVar("Choice", bound=StrEnum)


def offered(*, has_easy: bool) -> tuple[Appearance, ...]:
    """Return the ways a survey can look."""
    return tuple(one for one in Appearance if has_easy or one is not Appearance.EASY)


class BeginDoor:
    """The two forms of the start page; a form that is not ours changes nothing, and leads on all the same."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, library: Library, limiter: FailureLimiter
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._library = library
        self._limiter = limiter
        self._seal = FormSeal(keys.session)

    @who_may(Who.RESPONDENT)
    def choose(self, token: str) -> Response:
        """Keep how the pages look and show the start page in that way."""
        found = self._visit(token)
        chosen = self._said(found, Appearance, "appearance")
        invitation_id = found.origin.invitation_id
        if chosen is not None and invitation_id is not None:
            with self._database.writing() as session:
                invitations.choose_appearance(session, invitation_id, chosen)
        return redirect(f"/s/{found.token}", 303)

    @who_may(Who.RESPONDENT)
    def start(self, token: str) -> Response:
        """Keep who fills this in, where they say so, and go to the first open item."""
        found = self._visit(token)
        helped = self._said(found, Helped, "helped")
        invitation_id = found.origin.invitation_id
        if helped is not None and invitation_id is not None:
            with self._database.writing() as session:
                invitations.say_who_helps(session, invitation_id, helped)
        upcoming = found.open_item if found.standing is Standing.OPEN else None
        return redirect(f"/s/{found.token}/{upcoming.ordinal}" if upcoming else f"/s/{found.token}", 303)

    def _said(self, found: Visit, kind: type[Choice], field: str) -> Choice | None:
        is_ours = self._seal.read(found.token, PAGE, request.form.get("seal")) is not None
        if not is_ours or found.standing is not Standing.OPEN:
            return None
        return next((one for one in kind if one.value == request.form.get(field)), None)

    def _visit(self, token: str) -> Visit:
        with self._database.reading() as session:
            found = self._look_up(session, token)
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found

    def _look_up(self, session: Session, token: str) -> Visit | None:
        return visit(
            session,
            token,
            keys=self._keys,
            library=self._library,
            now=self._clock(),
            spoken=phrases_here().languages,
        )
