"""The addresses of a shared screen: a start page that stays, one item a page, and back to the start."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.tries.tries import Tries
from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.crockford import in_groups
from survey_app.ask.outreach.codes.tables import Code, CodeKind, Screen, Start
from survey_app.ask.outreach.tables import Campaign
from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.codes import GUESSES, UnknownCode, chosen_language, in_chosen_language
from survey_app.hear.channels.web.fields import NAME, Unanswered, fault_of, form_type, sent_answer
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.channels.web.visits import Standing, Visit, opened
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.origins import OPEN
from survey_app.hear.responses.submission import Outcome, Submission
from survey_app.hear.responses.tables import Channel
from survey_app.hear.responses.tables import Response as Answered
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import SOURCE, Voice, phrases_here, voice_of
from survey_app.web.site import refused
from survey_app.web.widgets import error_summary

PAGE = "kiosk"
IDLE = 60
"""Seconds without a touch after which the screen wipes itself."""
GRACE = dt.timedelta(seconds=IDLE + 30)
"""After so long the server shows nothing of a survey either, whatever the browser has kept."""
THANKS = 15
"""Seconds for which the last page stays."""
STARTS_AN_HOUR = 120

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    keys: Keys
    clock: Clock
    library: Library
    most_starts: int


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of shared screens."""
    door = Blueprint("kiosk", __name__, template_folder="templates")
    kiosk = KioskDoor(needs)
    door.add_url_rule("/kiosk/<code>", view_func=kiosk.start)
    door.add_url_rule("/kiosk/<code>", view_func=kiosk.begin, methods=["POST"])
    door.add_url_rule("/kiosk/<code>/<token>/<int:number>", view_func=kiosk.question)
    door.add_url_rule("/kiosk/<code>/<token>/<int:number>", view_func=kiosk.answer, methods=["POST"])
    door.add_url_rule("/kiosk/<code>/done", view_func=kiosk.done)
    door.register_error_handler(UnknownCode, kiosk.unknown)
    door.after_request(_forget)
    return door


class KioskDoor:
    """The pages of a shared screen; none of them shows what anybody answered."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._seal = FormSeal(needs.keys.session)
        self._guesses = Tries(needs.database, needs.keys, needs.clock, GUESSES)
        self._opened = FailureLimiter(
            needs.clock, each=STARTS_AN_HOUR, together=20_000, window=starts.AN_HOUR
        )

    @who_may(Who.ANYONE)
    def start(self, code: str) -> Page:
        """Show the page that waits for the next person."""
        with self._needs.database.reading() as session:
            found, campaign = self._live(session, code)
        letters = making.shown(self._needs.keys, found)
        released = self._instrument(campaign)
        instrument = in_chosen_language(released)
        shown = Shown(PAGE, 1, self._needs.clock(), new_nonce())
        return render_template(
            "kiosk/start.html",
            lang=instrument.language,
            languages=phrases_here().named(released.languages),
            instrument=instrument,
            seal=self._seal.make(letters, PAGE, shown),
            home=_home(letters),
        )

    @who_may(Who.ANYONE)
    def begin(self, code: str) -> Page:
        """Open a survey for the person at the screen; the same page pressed twice opens one."""
        with self._needs.database.writing() as session:
            found, campaign = self._live(session, code)
            letters = making.shown(self._needs.keys, found)
            shown = self._seal.read(letters, PAGE, request.form.get("seal"))
            if shown is None:
                return redirect(_home(letters), 303)
            if self._opened.failed(request.remote_addr):
                abort(429)
            language = in_chosen_language(self._instrument(campaign)).language
            opening = starts.Opening(found, shown.nonce, Screen.SHARED, language)
            try:
                token = starts.begin(
                    session,
                    opening,
                    keys=self._needs.keys,
                    now=self._needs.clock(),
                    most=self._needs.most_starts,
                )
            except starts.TooMany:
                abort(429)
        first = self._instrument(campaign).items[0].ordinal
        return redirect(f"{_home(letters)}/{token}/{first}", 303)

    @who_may(Who.RESPONDENT)
    def question(self, code: str, token: str, number: int) -> Page:
        """Show one item, never with an answer in it; what was left alone is gone."""
        found, letters = self._visit(code, token)
        item = found.item_at(number) if found else None
        return redirect(_home(letters), 303) if not found or not item else self._page(found, item, letters)

    @who_may(Who.RESPONDENT)
    def answer(self, code: str, token: str, number: int) -> Page:
        """Store one answer or skip, durably, and go on."""
        shown = self._seal.read(token, f"{PAGE} {number}", request.form.get("seal"))
        found, letters = self._visit(code, token)
        item = found.item_at(number) if found else None
        if not found or not item or shown is None or not found.has_shown(shown.instrument, shown.version):
            return redirect(_home(letters), 303)
        try:
            return self._store(found, item, shown, sent_answer(item, _say(found)), letters)
        except Unanswered as unanswered:
            return self._page(found, item, letters, fault=unanswered.fault)

    @who_may(Who.ANYONE)
    def done(self, code: str) -> Page:
        """Thank, and wait a little for the next person; the page is the same for everybody."""
        with self._needs.database.reading() as session:
            found, _ = self._live(session, code)
        home = _home(making.shown(self._needs.keys, found))
        page = render_template("kiosk/done.html", lang=chosen_language() or SOURCE, home=home, seconds=THANKS)
        return page, 200, FORGET

    def unknown(self, _fault: UnknownCode) -> ResponseReturnValue:
        """Count a code or a link of no screen, and say no more."""
        return refused(429 if self._guesses.failed(request.remote_addr) else 404)

    def _store(self, found: Visit, item: Item, shown: Shown, raw: str | None, letters: str) -> Page:
        submission = Submission(
            channel=Channel.KIOSK,
            key=shown.key_of(raw),
            origin=found.origin,
            answers={item.id: raw},
            received_at=self._needs.clock(),
            issued_at=shown.at,
        )
        with self._needs.database.writing() as session:
            receipt = accept(session, submission, self._needs.library)
        if receipt.finished:
            return redirect(f"{_home(letters)}/done?lang={found.instrument.language}", 303)
        if receipt.outcome in {Outcome.CLOSED, Outcome.ALREADY_FINISHED}:
            return redirect(_home(letters), 303)
        if item.id in receipt.faults:
            return self._page(found, item, letters, fault=fault_of(item, _say(found)))
        upcoming = receipt.next_item or item
        return redirect(f"{_home(letters)}/{found.token}/{upcoming.ordinal}", 303)

    def _page(self, found: Visit, item: Item, letters: str, *, fault: str | None = None) -> Page:
        form = form_type(item, _say(found))()
        if fault:
            form[NAME].errors = [fault]
        shown = Shown(found.instrument.id, found.instrument.version, self._needs.clock(), new_nonce())
        items = found.items
        page = render_template(
            "kiosk/question.html",
            lang=found.instrument.language,
            form=form,
            summary=error_summary(form, _say(found)("page.problem")) if fault else Markup(),
            is_fault=bool(fault),
            number=items.index(item) + 1,
            total=len(items),
            home=_home(letters),
            here=f"{_home(letters)}/{found.token}/{item.ordinal}",
            idle=IDLE,
            seal=self._seal.make(found.token, f"{PAGE} {item.ordinal}", shown),
        )
        return (page, 400) if fault else page

    def _visit(self, code: str, token: str) -> tuple[Visit | None, str]:
        """Return the open visit of a token, None where it is over or was left alone; and the code."""
        keys, now = self._needs.keys, self._needs.clock()
        with self._needs.database.reading() as session:
            screen, _ = self._live(session, code)
            letters = making.shown(keys, screen)
            begun = starts.find(session, keys, token)
            if begun is None or begun[1].id != screen.id or begun[0].screen is not Screen.SHARED:
                raise UnknownCode(token)
            if now - _touched(session, begun[0]) > GRACE:
                return None, letters
            found = opened(
                session,
                begun,
                keys=keys,
                library=self._needs.library,
                now=now,
                spoken=phrases_here().languages,
            )
        return (found if found.standing is Standing.OPEN else None), letters

    def _instrument(self, campaign: Campaign) -> Instrument:
        return self._needs.library.get(campaign.instrument_id, campaign.instrument_version)

    def _live(self, session: Session, text: str) -> tuple[Code, Campaign]:
        if self._guesses.is_spent(session, request.remote_addr):
            abort(429)
        found = making.find(session, self._needs.keys, text)
        if found is None or found.kind is not CodeKind.POSTER:
            raise UnknownCode(text)
        campaign = session.get_one(Campaign, found.campaign_id)
        if not making.is_live(found, campaign, london_day(self._needs.clock())):
            abort(410)
        return found, campaign


def _touched(session: Session, start: Start) -> dt.datetime:
    answered = sa.select(Answered.updated_at).where(Answered.origin == f"{OPEN}{start.nonce}")
    return session.scalar(answered) or start.started_at


def _home(letters: str) -> str:
    return f"/kiosk/{in_groups(letters)}"


def _forget(response: FlaskResponse) -> FlaskResponse:
    response.headers["Cache-Control"] = "no-store, no-cache, private, must-revalidate"
    return response


def _say(found: Visit) -> Voice:
    return voice_of(found.instrument.language)
