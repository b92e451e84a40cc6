"""Asking to be called by a poster's code: nothing that is sent or kept here leads to the answers it opened.

What is sent names the poster alone; the way back to a survey goes along sealed. What is kept names the place
and the day: no survey and no hour; a poster has a count of the day. The service hears the next morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy.orm import Session

from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.tables import Code, CodeKind
from survey_app.ask.outreach.tables import Campaign
from survey_app.clock import Clock, day_starts_at, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web import way_back
from survey_app.hear.channels.web.call_form import PAGE, CallForm, sent_form
from survey_app.hear.channels.web.codes import CodeDoor, Page, UnknownCode, chosen_language, over
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.safeguarding import callbacks
from survey_app.settings import Settings
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import SOURCE, phrases_here

CALLS_AN_HOUR = 10
"""Wishes from one address: a ward's own network is one address too."""
MORNING = dt.timedelta(hours=8)


class PosterCallDoor:
    """The page on which somebody nobody invited asks for a call."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, settings: Settings, codes: CodeDoor
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._codes = codes
        self._seal = FormSeal(keys.session)
        self._asked = FailureLimiter(clock, each=CALLS_AN_HOUR, together=2_000, window=starts.AN_HOUR)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the door of the web survey."""
        door.add_url_rule("/q/<code>/call", "poster_call", view_func=self.ask)
        door.add_url_rule("/q/<code>/call", "poster_call_taken", view_func=self.take, methods=["POST"])
        door.add_url_rule("/q/<code>/call/sent", "poster_call_sent", view_func=self.sent)

    @who_may(Who.ANYONE)
    def ask(self, code: str) -> Page:
        """Show the form; a letter's code leads to the page of the letter's own survey."""
        with self._database.reading() as session:
            found = self._codes.find(session, code)
            if found.kind is not CodeKind.POSTER:
                return redirect(f"{self._codes.way_of(session, found)}/call", 303)
            return self.form(session, found, language=chosen_language(), back="")

    @who_may(Who.ANYONE)
    def take(self, code: str) -> Page:
        """Pass the wish on, once for each showing of the form and as often as the settings allow."""
        with self._database.reading() as session:
            found = self._poster(session, code)
            if not self._is_live(session, found):
                return over()
        letters = making.shown(self._keys, found)
        form, shown = sent_form(), self._seal.read(letters, PAGE, request.form.get("seal"))
        number, faults = form.read()
        if shown is None:
            faults = {"": "call.fault_stale"}
        if shown is None or faults:
            return self._page(found, form, faults), 400
        if self._asked.failed(request.remote_addr):
            abort(429)
        try:
            self._pass_on(found, self._wish(found, shown, number, form))
        except starts.TooMany:
            return self._page(found, form, {"": "call.full"}), 429
        asked = {"lang": chosen_language(), "back": request.form.get("back", "")[: way_back.LONGEST]}
        worn = urlencode({name: said for name, said in asked.items() if said and said != SOURCE})
        return redirect(f"{self._home(found)}/call/sent{'?' if worn else ''}{worn}", 303)

    @who_may(Who.ANYONE)
    def sent(self, code: str) -> Page:
        """Say that a wish was passed on; the page is the same for everybody but for the way back."""
        with self._database.reading() as session:
            found = self._poster(session, code)
        return self._page(found, CallForm(), {}, asked=True)

    def form(self, session: Session, code: Code, *, language: str, back: str) -> str | tuple[str, int]:
        """Return the form, in a language, with the way back to where somebody came from."""
        if not self._is_live(session, code):
            return over()
        return self._page(code, CallForm(), {}, lang=phrases_here().known(language), back=back)

    def _pass_on(self, code: Code, wish: callbacks.CallRequest) -> None:
        # Counted in the same transaction: a wish over the number is not kept, a repeat is not counted.
        with self._database.writing() as session:
            if callbacks.ask(session, wish, keys=self._keys, settings=self._settings):
                starts.count_call(session, code.id, self._clock(), most=self._settings.poster_calls_a_day)

    def _wish(self, code: Code, shown: Shown, number: str, form: CallForm) -> callbacks.CallRequest:
        today = london_day(self._clock())
        return callbacks.CallRequest(
            source=f"poster:{shown.nonce}",
            number=number,
            place_id=code.place_id,
            language=chosen_language() or SOURCE,
            consent=callbacks.POSTER_CONSENT,
            at=day_starts_at(today),
            wanted_when=form.when,
            tell_at=day_starts_at(today + dt.timedelta(days=1)) + MORNING,
        )

    def _poster(self, session: Session, text: str) -> Code:
        found = self._codes.find(session, text)
        if found.kind is not CodeKind.POSTER:
            raise UnknownCode(text, chosen_language())
        return found

    def _is_live(self, session: Session, code: Code) -> bool:
        campaign = session.get_one(Campaign, code.campaign_id)
        return making.is_live(code, campaign, london_day(self._clock()))

    def _home(self, code: Code) -> str:
        return f"/q/{making.printed(self._keys, code)}"

    def _page(
        self,
        code: Code,
        form: CallForm,
        faults: Mapping[str, str],
        *,
        asked: bool = False,
        lang: str = "",
        back: str = "",
    ) -> str:
        spoken = lang or chosen_language() or SOURCE
        back = back or way_back.opened(self._keys, request.values.get("back", ""))
        shown = Shown(PAGE, 1, self._clock(), new_nonce())
        return render_template(
            "survey/call.html",
            lang=spoken,
            back=back or f"{self._home(code)}{_in(spoken)}",
            way_back=way_back.closed(self._keys, back),
            action=f"{self._home(code)}/call",
            appearance=None,
            is_open=True,
            ending="",
            asked=asked,
            form=form,
            faults=faults,
            seal=self._seal.make(making.shown(self._keys, code), PAGE, shown),
        )


def _in(language: str) -> str:
    return f"?lang={language}" if language and language != SOURCE else ""
