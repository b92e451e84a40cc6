"""No more messages about one's team: looking changes nothing, one button ends it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.outreach.waves import members
from survey_app.ask.population.consent import SuppressionReason, is_suppressed, suppress
from survey_app.ask.population.languages import OF_TEAMS
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.ask.sending import outbox
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import SOURCE, phrases_here

PAGE = "ballot stop"


class BallotStopDoor:
    """The opt-out page of members and its button."""

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
            canonical, member = self._whose(session, token)
            stopped = is_suppressed(session, member.address_index)
        return self._page(canonical, member, stopped=stopped)

    @who_may(Who.RESPONDENT)
    def stop(self, token: str) -> Response | tuple[str, int]:
        """Write to this address no more."""
        is_ours = self._seal.read(token, PAGE, request.form.get("seal")) is not None
        with self._database.writing() as session:
            canonical, member = self._whose(session, token)
            if is_ours:
                now, index = self._clock(), member.address_index
                suppress(session, phone_index=index, reason=SuppressionReason.OPTED_OUT, at=now)
                outbox.withdraw_address(session, address_index=index)
        if not is_ours:
            return self._page(canonical, member, stopped=False), 400
        return redirect(f"/t/{canonical}/stop{_asked_in(self._language(member))}", 303)

    def _whose(self, session: Session, token: str) -> tuple[str, TeamMember]:
        found = members.find(session, self._keys, token)
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found.token, session.get_one(TeamMember, found.member_id)

    def _language(self, member: TeamMember) -> str:
        asked = request.values.get("lang", "")
        return asked if asked in OF_TEAMS else phrases_here().known(member.language)

    def _page(self, token: str, member: TeamMember, *, stopped: bool) -> str:
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        seal = self._seal.make(token, PAGE, shown)
        return render_template(
            "ballot/stop.html",
            lang=phrases_here().known(self._language(member)),
            languages=phrases_here().named(OF_TEAMS),
            token=token,
            stopped=stopped,
            seal=seal,
        )


def _asked_in(language: str) -> str:
    return "" if language == SOURCE else f"?lang={language}"
