"""The addresses of a survey: the start, one page an item, and the end."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from survey_app.ask.instruments.easy import EasyRead, Key, load_easy_read
from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Item
from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.codes import starts
from survey_app.ask.outreach.tables import Appearance
from survey_app.clock import Clock, london_day
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.web.begin import BeginDoor, offered
from survey_app.hear.channels.web.calls import CallDoor
from survey_app.hear.channels.web.codes import CodeDoor
from survey_app.hear.channels.web.fields import NAME, fault_of, form_type
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.channels.web.skeletons import Look, QuestionPages
from survey_app.hear.channels.web.stop import StopDoor
from survey_app.hear.channels.web.visits import Standing, Visit, visit
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Outcome, Receipt, Submission
from survey_app.hear.responses.tables import Channel
from survey_app.settings import INSTRUMENTS_DIR, Settings
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import Voice, phrases_here

LEAST_PEOPLE = 10
"""What the pages promise; the gate's own number (know/disclosure) may only be larger."""
SECONDS_AN_ITEM = 15
START = "start"

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    keys: Keys
    clock: Clock
    library: Library
    settings: Settings


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the web survey."""
    door = Blueprint("survey", __name__, template_folder="templates")
    limiter = FailureLimiter(needs.clock)
    survey = SurveyDoor(needs, limiter)
    begin = BeginDoor(needs.database, needs.keys, needs.clock, needs.library, limiter)
    calls = CallDoor(needs.database, needs.keys, needs.clock, needs.settings, limiter)
    stop = StopDoor(needs.database, needs.keys, needs.clock, limiter)
    CodeDoor(needs.database, needs.keys, needs.clock, needs.library, needs.settings.poster_starts_a_day).hang(
        door
    )
    door.add_url_rule("/s/<token>", view_func=survey.start)
    door.add_url_rule("/s/<token>", view_func=survey.choose, methods=["POST"])
    door.add_url_rule("/s/<token>/<int:number>", view_func=survey.question)
    door.add_url_rule("/s/<token>/<int:number>", view_func=survey.answer, methods=["POST"])
    door.add_url_rule("/s/<token>/done", view_func=survey.done)
    door.add_url_rule("/s/<token>/look", "choose_look", view_func=begin.choose, methods=["POST"])
    door.add_url_rule("/s/<token>/start", "begin", view_func=begin.start, methods=["POST"])
    door.add_url_rule("/s/<token>/call", "ask_for_call", view_func=calls.ask, methods=["GET"])
    door.add_url_rule("/s/<token>/call", "take_call", view_func=calls.take, methods=["POST"])
    door.add_url_rule("/stop/<token>", view_func=stop.ask)
    door.add_url_rule("/stop/<token>", view_func=stop.stop, methods=["POST"])
    return door


class SurveyDoor:
    """The pages of one survey, from its link to its end."""

    def __init__(self, needs: Needs, limiter: FailureLimiter) -> None:
        self._needs = needs
        self._limiter = limiter
        self._seal = FormSeal(needs.keys.session)
        self._pages = QuestionPages()
        self._easy = load_easy_read(
            INSTRUMENTS_DIR, needs.library, unsigned_too=not needs.settings.is_production
        )

    @who_may(Who.RESPONDENT)
    def start(self, token: str) -> Page:
        """Say what the survey is and offer to begin; for links that are used up, say so."""
        found = self._visit(token)
        if found.standing is not Standing.OPEN or found.open_item is None:
            return self._ended(found)
        total, language = len(found.items), found.instrument.language
        easy = self._easy_read(found)
        said = easy.instrument if easy else found.instrument
        shown = Shown(found.instrument.id, found.instrument.version, self._needs.clock(), new_nonce())
        return render_template(
            "survey/start.html",
            lang=language,
            appearance=found.appearance,
            visit=found,
            languages=phrases_here().named(found.languages),
            offered=offered(has_easy=self._has_easy(found)),
            seal=self._seal.make(found.token, START, shown),
            title=said.title,
            intro=said.intro,
            total=total,
            minutes=max(1, round(total * SECONDS_AN_ITEM / 60)),
            until=_say(found).day(_last_day(found)),
            least=LEAST_PEOPLE,
        )

    @who_may(Who.RESPONDENT)
    def choose(self, token: str) -> Page:
        """Remember the language somebody chose, for these pages and for texts about this survey."""
        found = self._visit(token)
        language, asked = request.form.get("language", ""), found.origin.invitation_id
        is_ours = self._seal.read(token, START, request.form.get("seal")) is not None
        if is_ours and language in found.languages:
            with self._needs.database.writing() as session:
                if asked is not None:
                    invitations.speak(session, asked, language)
                else:
                    starts.speak(session, found.token, language, keys=self._needs.keys)
        return self._go(found, None)

    @who_may(Who.RESPONDENT)
    def question(self, token: str, number: int) -> Page:
        """Show one item, with the person's own earlier answer while the survey is unfinished."""
        found = self._visit(token)
        if found.standing is not Standing.OPEN:
            return self._ended(found)
        item = found.item_at(number)
        if item is None or token != found.token:
            return self._go(found, item)
        return self._page(found, item)

    @who_may(Who.RESPONDENT)
    def answer(self, token: str, number: int) -> Page:
        """Store one answer or skip, durably, and go on to the next item."""
        shown = self._seal.read(token, str(number), request.form.get("seal"))
        found = self._visit(token)
        if found.standing is Standing.CLOSED:
            return self._ended(found)
        item = found.item_at(number)
        if item is None:
            return self._go(found, None)
        if shown is None or not found.has_shown(shown.instrument, shown.version):
            return self._page(found, item, fault=_say(found)("question.stale"))
        is_skip = "skipped" in request.form
        form = form_type(item, _say(found))(request.form)
        if not is_skip and not form.validate():
            return self._page(found, item, fault=fault_of(item, _say(found)))
        return self._store(found, item, shown, None if is_skip else form[NAME].data)

    @who_may(Who.RESPONDENT)
    def done(self, token: str) -> Page:
        """Thank, and say what happens next."""
        found = self._visit(token)
        if found.standing is Standing.OPEN:
            return self._go(found, found.open_item)
        return self._ended(found, just_now=True)

    def _visit(self, token: str) -> Visit:
        with self._needs.database.reading() as session:
            found = visit(
                session,
                token,
                keys=self._needs.keys,
                library=self._needs.library,
                now=self._needs.clock(),
                spoken=phrases_here().languages,
            )
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found

    def _store(self, found: Visit, item: Item, shown: Shown, raw: str | None) -> Page:
        submission = Submission(
            channel=Channel.WEB,
            key=_key(shown.nonce, raw),
            origin=found.origin,
            answers={item.id: raw},
            received_at=self._needs.clock(),
            issued_at=shown.at,
            helped=found.helped,
        )
        with self._needs.database.writing() as session:
            receipt = accept(session, submission, self._needs.library)
        return self._after(found, item, receipt)

    def _after(self, found: Visit, item: Item, receipt: Receipt) -> Page:
        if receipt.outcome is Outcome.CLOSED:
            return self._closed(found)
        if receipt.outcome is Outcome.ALREADY_FINISHED:
            return self._go(found, None)
        if receipt.finished:
            return _onward(f"/s/{found.token}/done")
        if item.id in receipt.faults:
            return self._page(found, item, fault=fault_of(item, _say(found)))
        upcoming = receipt.next_item or item
        return _onward(f"/s/{found.token}/{upcoming.ordinal}")

    def _page(self, found: Visit, item: Item, *, fault: str | None = None) -> Page:
        if found.standing is not Standing.OPEN:
            return self._ended(found)
        items = found.items
        place = items.index(item)
        back = f"/{items[place - 1].ordinal}" if place else ""
        shown = Shown(found.instrument.id, found.instrument.version, self._needs.clock(), new_nonce())
        code = found.answers.get(item.id)
        easy = self._easy_read(found)
        look = Look(
            checked=None if code is None else str(code),
            fault=fault,
            is_held_back=found.is_held_back,
            has_languages=len(found.languages) > 1,
            is_open=found.is_open,
            appearance=found.appearance,
            picture=easy.pictures[item.id] if easy else None,
        )
        page = self._pages.page(
            found.instrument,
            easy.instrument.item(item.id) if easy else item,
            look,
            number=place + 1,
            total=len(items),
            back=f"/s/{found.token}{back}",
            start=f"/s/{found.token}",
            stop=f"/stop/{found.token}",
            call=f"/s/{found.token}/call",
            seal=self._seal.make(found.token, str(item.ordinal), shown),
        )
        return (page, 400) if fault else page

    def _easy_read(self, found: Visit) -> EasyRead | None:
        if found.appearance is not Appearance.EASY or not self._has_easy(found):
            return None
        return self._easy[_easy_key(found)]

    def _has_easy(self, found: Visit) -> bool:
        # The start page says the facts in easy words too: a language has both, or neither is offered.
        key = _easy_key(found)
        return key in self._easy and phrases_here().has_page(key[-1], "easy")

    def _go(self, found: Visit, item: Item | None) -> Page:
        return _onward(f"/s/{found.token}/{item.ordinal}" if item else f"/s/{found.token}")

    def _ended(self, found: Visit, *, just_now: bool = False) -> Page:
        language = found.instrument.language
        if found.standing is Standing.CLOSED:
            return self._closed(found)
        page = render_template(
            "survey/finished.html",
            lang=language,
            appearance=found.appearance,
            visit=found,
            just_now=just_now,
            least=LEAST_PEOPLE,
        )
        return page, 200, FORGET

    def _closed(self, found: Visit) -> Page:
        page = render_template(
            "survey/closed.html",
            lang=found.instrument.language,
            appearance=found.appearance,
            token=found.token,
            is_open=found.is_open,
        )
        return page, 410


def _onward(address: str) -> Response:
    # The script that keeps an answer without a signal cannot see where a redirect leads.
    if request.accept_mimetypes.best == "text/plain":
        return Response(address, mimetype="text/plain")
    return Response(status=303, headers={"Location": address})


def _key(nonce: str, raw: str | None) -> str:
    # A browser may bring a page back from memory with its old nonce: another answer on it is a new
    # submission, the same answer on it is a repeat.
    words = "skip" if raw is None else f"answer {raw}"
    return f"{nonce}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _easy_key(found: Visit) -> Key:
    return found.instrument.id, found.instrument.version, found.instrument.language


def _say(found: Visit) -> Voice:
    return Voice(phrases_here(), found.instrument.language)


def _last_day(found: Visit) -> dt.date:
    # A link that ends at midnight is of no use on the day it ends.
    return london_day(found.origin.expires_at - dt.timedelta(microseconds=1))
