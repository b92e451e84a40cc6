"""Codes from posters and letters: typed or scanned, they lead to a survey; wrong ones are counted."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.tries.tries import Tries
from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.tables import Code, CodeKind, Screen
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.begin import minutes_for
from survey_app.hear.channels.web.ended import LEAST_PEOPLE
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import SOURCE, Voice, phrases_here
from survey_app.web.site import refused
from survey_app.web.widgets import summary_of

PAGE = "code"
GUESSES = "code"
"""The door at which wrong codes are counted: one for pages and shared screens."""
STARTS_AN_HOUR = 60
"""Surveys opened from one address: a ward's own network is one address too."""

Page = str | tuple[str, int] | Response


def chosen_language() -> str:
    """Return the language that a link or a form of this page names; nothing where we cannot show it."""
    code = request.values.get("lang", "")
    return code if code in phrases_here().languages else ""


def in_chosen_language(instrument: Instrument) -> Instrument:
    """Return the instrument in the language chosen on this page; as it was released where nobody chose."""
    return instrument.in_language(chosen_language() or instrument.language)


class UnknownCode(LookupError):
    """No survey has this code; it is counted once whatever looked it up has let go of the database."""

    def __init__(self, text: str, language: str = "") -> None:
        super().__init__("a code of no survey")
        self.text = text
        self.language = language  # read here: a form that cannot be read must not break what answers this


class CodeDoor:
    """The page where a code is typed, and the start page of a poster."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, library: Library, most_starts: int
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._library = library
        self._most_starts = most_starts
        self._seal = FormSeal(keys.session)
        # Fifty bits can be guessed where a link's 131 cannot: who fails too often is not even looked up.
        self._guesses = Tries(database, keys, clock, GUESSES)
        self._opened = FailureLimiter(clock, each=STARTS_AN_HOUR, together=20_000, window=starts.AN_HOUR)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the door of the web survey."""
        door.register_error_handler(UnknownCode, self._unknown)
        door.add_url_rule("/q", "code", view_func=self.ask)
        door.add_url_rule("/q", "code_typed", view_func=self.typed, methods=["POST"])
        door.add_url_rule("/q/<code>", "poster", view_func=self.poster)
        door.add_url_rule("/q/<code>", "poster_begin", view_func=self.begin, methods=["POST"])

    @who_may(Who.ANYONE)
    def ask(self) -> str:
        """Ask for the code of a letter or a poster, in a language that can be chosen first."""
        return self._form(chosen_language())

    @who_may(Who.ANYONE)
    def typed(self) -> Page:
        """Lead from a typed code to its survey, or say that it is not one."""
        text, chosen = request.form.get("code", ""), chosen_language()
        with self._database.reading() as session:
            found = self.find(session, text)
            way = self.way_of(session, found)
        if chosen and found.kind is CodeKind.LETTER:
            with self._database.writing() as session:
                self._speak(session, found, chosen)
        return redirect(way, 303)

    @who_may(Who.ANYONE)
    def poster(self, code: str) -> Page:
        """Say what a poster's survey is; a letter's code leads to the letter's own survey."""
        with self._database.reading() as session:
            found = self.find(session, code)
            if found.kind is not CodeKind.POSTER:
                return redirect(self.way_of(session, found), 303)
            return self._start(session, found)

    @who_may(Who.ANYONE)
    def begin(self, code: str) -> Page:
        """Open a survey that is nobody's but this person's; the same page sent twice opens one."""
        with self._database.writing() as session:
            found = self.find(session, code)
            if found.kind is not CodeKind.POSTER:
                return redirect(self.way_of(session, found), 303)
            campaign = session.get_one(Campaign, found.campaign_id)
            if not making.is_live(found, campaign, london_day(self._clock())):
                return over()
            shown = self._seal.read(making.shown(self._keys, found), PAGE, request.form.get("seal"))
            if shown is None:
                return self._start(session, found, is_stale=True)
            return redirect(f"/s/{self._open(session, found, shown)}/{self._first(campaign)}", 303)

    def _open(self, session: Session, code: Code, shown: Shown) -> str:
        if self._opened.failed(request.remote_addr):
            abort(429)
        language = in_chosen_language(self._instrument(session.get_one(Campaign, code.campaign_id))).language
        try:
            return starts.begin(
                session,
                starts.Opening(code, shown.nonce, Screen.OWN, language),
                keys=self._keys,
                now=self._clock(),
                most=self._most_starts,
            )
        except starts.TooMany:
            return abort(429)

    def find(self, session: Session, text: str) -> Code:
        """Return what a code opens; who guessed too often is not even looked up."""
        if self._guesses.is_spent(session, request.remote_addr):
            abort(429)
        found = making.find(session, self._keys, text)
        if found is None or found.kind is CodeKind.SHEET:
            raise UnknownCode(text, chosen_language())
        return found

    def way_of(self, session: Session, code: Code) -> str:
        """Return the address a code leads to."""
        if code.kind is CodeKind.LETTER:
            invitation = session.get_one(Invitation, code.invitation_id)
            return f"/s/{invitations.token_of(self._keys, invitation)}"
        chosen = chosen_language()
        return f"/q/{making.printed(self._keys, code)}{f'?lang={chosen}' if chosen else ''}"

    def _speak(self, session: Session, code: Code, language: str) -> None:
        invitation = session.get_one(Invitation, code.invitation_id)
        campaign = session.get_one(Campaign, code.campaign_id)
        if invitation.state is InvitationState.OPEN and language in self._instrument(campaign).languages:
            invitations.speak(session, invitation.id, language)

    def _unknown(self, fault: UnknownCode) -> ResponseReturnValue:
        if self._guesses.failed(request.remote_addr):
            return refused(429)
        return self._form(fault.language, fault.text, is_wrong=True), 404

    def _form(self, chosen: str, text: str = "", *, is_wrong: bool = False) -> str:
        phrases = phrases_here()
        return render_template(
            "survey/code.html",
            lang=chosen or SOURCE,
            chosen=chosen,
            languages=phrases.named(phrases.languages),
            typed=text[: making.LONGEST_NAME],
            wrong=is_wrong,
        )

    def _start(self, session: Session, code: Code, *, is_stale: bool = False) -> Page:
        campaign = session.get_one(Campaign, code.campaign_id)
        if not making.is_live(code, campaign, london_day(self._clock())):
            return over()
        letters = making.shown(self._keys, code)
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        instrument = in_chosen_language(self._instrument(campaign))
        say = Voice(phrases_here(), instrument.language)
        page = render_template(
            "survey/poster.html",
            lang=instrument.language,
            instrument=instrument,
            languages=phrases_here().named(self._instrument(campaign).languages),
            minutes=minutes_for(len(instrument.items)),
            least=LEAST_PEOPLE,
            code=making.printed(self._keys, code),
            stale=is_stale,
            summary=summary_of([("begin", say("poster.again"))], say("page.problem"))
            if is_stale
            else Markup(),
            seal=self._seal.make(letters, PAGE, shown),
        )
        return (page, 400) if is_stale else page

    def _instrument(self, campaign: Campaign) -> Instrument:
        return self._library.get(campaign.instrument_id, campaign.instrument_version)

    def _first(self, campaign: Campaign) -> int:
        return self._instrument(campaign).items[0].ordinal


def over() -> tuple[str, int]:
    """Say that a poster's code has ended."""
    return render_template("survey/code_over.html", lang=chosen_language() or SOURCE), 410
