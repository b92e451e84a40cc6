"""No more messages about one's team: looking changes nothing, one button ends it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.outreach.waves import members
from survey_app.ask.population.consent import SuppressionReason, is_suppressed, suppress
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.ask.sending import outbox
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

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
            canonical, index = self._whose(session, token)
            stopped = is_suppressed(session, index)
        return self._page(canonical, stopped=stopped)

    @who_may(Who.RESPONDENT)
    def stop(self, token: str) -> Response | tuple[str, int]:
        """Write to this address no more."""
        is_ours = self._seal.read(token, PAGE, request.form.get("seal")) is not None
        with self._database.writing() as session:
            canonical, index = self._whose(session, token)
            if is_ours:
                now = self._clock()
                suppress(session, phone_index=index, reason=SuppressionReason.OPTED_OUT, at=now)
                outbox.withdraw_address(session, address_index=index)
        if not is_ours:
            return self._page(canonical, stopped=False), 400
        return redirect(f"/t/{canonical}/stop", 303)

    def _whose(self, session: Session, token: str) -> tuple[str, bytes]:
        found = members.find(session, self._keys, token)
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found.token, session.get_one(TeamMember, found.member_id).address_index

    def _page(self, token: str, *, stopped: bool) -> str:
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        seal = self._seal.make(token, PAGE, shown)
        return render_template("ballot/stop.html", lang="en", token=token, stopped=stopped, seal=seal)
