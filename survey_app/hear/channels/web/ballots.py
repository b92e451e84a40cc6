"""The addresses of a team survey: what holds, one page a statement, and the end; all is kept sealed only."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.model import BadAnswer, Item
from survey_app.ask.outreach.tables import Appearance
from survey_app.ask.outreach.waves.members import n_members
from survey_app.ask.outreach.waves.planning import NEEDED
from survey_app.ask.outreach.waves.states import teams_of
from survey_app.ask.population.teams.tables import Team
from survey_app.hear.channels.web.ballot_stop import BallotStopDoor
from survey_app.hear.channels.web.ballot_visits import BallotVisit, Standing, clothes, dressed, visit
from survey_app.hear.channels.web.begin import minutes_for, offered
from survey_app.hear.channels.web.ended import LEAST_PEOPLE
from survey_app.hear.channels.web.fields import NAME, Unanswered, fault_of, form_type, sent_answer
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.responses.ballots import casting
from survey_app.hear.responses.ballots.casting import Fate, Receipt, Voter
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import Voice, phrases_here, voice_of
from survey_app.web.widgets import error_summary

START = "ballot start"
SECONDS_A_STATEMENT = 12

__all__ = ["Needs", "blueprint"]

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of team surveys; its templates stand beside those of the web survey."""
    door = Blueprint("ballots", __name__)
    limiter = FailureLimiter(needs.clock)
    pages = BallotDoor(needs, limiter)
    stop = BallotStopDoor(needs.database, needs.keys, needs.clock, limiter)
    door.add_url_rule("/t/<token>", view_func=pages.start)
    door.add_url_rule("/t/<token>", "begin", view_func=pages.begin, methods=["POST"])
    door.add_url_rule("/t/<token>/look", "look", view_func=pages.choose, methods=["POST"])
    door.add_url_rule("/t/<token>/<int:number>", view_func=pages.statement)
    door.add_url_rule("/t/<token>/<int:number>", "answer", view_func=pages.answer, methods=["POST"])
    door.add_url_rule("/t/<token>/done", view_func=pages.done)
    door.add_url_rule("/t/<token>/stop", view_func=stop.ask, methods=["GET"])
    door.add_url_rule("/t/<token>/stop", "stopped", view_func=stop.stop, methods=["POST"])
    return door


class BallotDoor:
    """The pages of one ballot, from the link to the box."""

    def __init__(self, needs: Needs, limiter: FailureLimiter) -> None:
        self._needs = needs
        self._limiter = limiter
        self._seal = FormSeal(needs.keys.session)

    @who_may(Who.RESPONDENT)
    def start(self, token: str) -> Page:
        """Say who sees what before anything is asked."""
        with self._needs.database.reading() as session:
            found = self._visit(session, token)
            names = [session.get_one(Team, one).name for one in teams_of(session, found.wave.id)]
            n_asked = n_members(session, found.wave.id)
        if found.standing is not Standing.OPEN:
            return self._ended(found)
        total = len(found.items)
        return self._rendered(
            "start",
            found,
            START,
            names=names,
            n_asked=n_asked,
            total=total,
            minutes=minutes_for(total, SECONDS_A_STATEMENT),
            languages=_named(found),
            offered=offered(has_easy=False),
        )

    @who_may(Who.RESPONDENT)
    def begin(self, token: str) -> Page:
        """Go to the first open statement."""
        with self._needs.database.writing() as session:
            found = self._visit(session, token)
            voter = found.voter
            if voter is not None and self._is_ours(found, START) and found.draft.began is None:
                casting.begin(session, voter, now=self._needs.clock())
        return self._go(found, found.open_item)

    @who_may(Who.RESPONDENT)
    def choose(self, token: str) -> Page:
        """Keep, in the draft, how the pages look and what they speak."""
        look, language = request.form.get("appearance"), request.form.get("language")
        with self._needs.database.writing() as session:
            found = self._visit(session, token)
            if found.voter is not None and self._is_ours(found, START):
                casting.choose(
                    session,
                    found.voter,
                    look=look if look in set(Appearance) else None,
                    language=language if language in found.languages else None,
                )
        return self._go(found, None)

    @who_may(Who.RESPONDENT)
    def statement(self, token: str, number: int) -> Page:
        """Show one statement, with the person's own earlier answer while the ballot is a draft."""
        with self._needs.database.reading() as session:
            found = self._visit(session, token)
        if found.standing is not Standing.OPEN:
            return self._ended(found)
        item = found.item_at(number)
        return self._go(found, None) if item is None or token != found.token else self._page(found, item)

    @who_may(Who.RESPONDENT)
    def answer(self, token: str, number: int) -> Page:
        """Take one answer or skip; the last one puts the ballot into the box."""
        shown = self._seal.read(token, _page_of(number), request.form.get("seal"))
        with self._needs.database.reading() as session:
            found = self._visit(session, token)
        item, voter = found.item_at(number), found.voter
        if found.standing is not Standing.OPEN or voter is None:
            return self._ended(found)
        if item is None:
            return self._go(found, None)
        if shown is None or (shown.instrument, shown.version) != _version(found):
            return self._page(found, item, fault=_say(found)("question.stale"))
        try:
            code = self._read(found, item)
        except (Unanswered, BadAnswer):
            return self._page(found, item, fault=fault_of(item, _say(found)))
        receipt = self._take(voter, item, code, shown)
        return self._after(found, item, receipt)

    @who_may(Who.RESPONDENT)
    def done(self, token: str) -> Page:
        """Thank, and say what happens next."""
        with self._needs.database.reading() as session:
            found = self._visit(session, token)
        if found.standing is Standing.OPEN:
            return self._go(found, found.open_item)
        return self._ended(found, just_now=True)

    def _visit(self, session: Session, token: str) -> BallotVisit:
        found = visit(
            session,
            token,
            keys=self._needs.keys,
            library=self._needs.library,
            data_dir=self._needs.settings.data_dir,
            spoken=phrases_here().languages,
        )
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found

    def _read(self, found: BallotVisit, item: Item) -> int | None:
        sent = sent_answer(item, _say(found))
        return None if sent is None else item.read(sent)

    def _take(self, voter: Voter, item: Item, code: int | None, shown: Shown) -> Receipt:
        with self._needs.database.writing() as session:
            return casting.answer(session, voter, item, code, now=self._needs.clock(), shown_at=shown.at)

    def _after(self, found: BallotVisit, item: Item, receipt: Receipt) -> Page:
        if receipt.fate is Fate.EMPTY:
            return self._page(found, item, fault=_say(found)("team.empty"))
        if receipt.fate is Fate.CAST:
            return redirect(f"/t/{found.token}/done{clothes(found)}", 303)
        return self._go(found, receipt.upcoming)

    def _page(self, found: BallotVisit, item: Item, *, fault: str | None = None) -> Page:
        place, code = found.items.index(item), found.draft.answers.get(item.id)
        form = form_type(item, _say(found))(MultiDict({NAME: str(code)}) if code is not None else None)
        if fault:
            form[NAME].errors = [fault]
        page = self._rendered(
            "statement",
            found,
            _page_of(item.ordinal),
            form=form,
            fault=fault,
            summary=error_summary(form, _say(found)("page.problem")),
            number=place + 1,
            total=len(found.items),
            back=f"/t/{found.token}" + (f"/{found.items[place - 1].ordinal}" if place else ""),
            is_last=found.is_last(item),
        )
        return (page, 400) if fault else page

    def _ended(self, found: BallotVisit, *, just_now: bool = False) -> Page:
        # The draft is gone, and with it what was chosen: the address may say it, or the roster knows.
        said = dressed(found, request.args)
        page = self._rendered("ended", said, START, just_now=just_now, languages=_named(found))
        return page, {Standing.ANSWERED: 200, Standing.SHUT: 503}.get(found.standing, 410), FORGET

    def _rendered(self, name: str, found: BallotVisit, page: str, **more: object) -> str:
        shown = Shown(*_version(found), self._needs.clock(), new_nonce())
        return render_template(
            f"ballot/{name}.html",
            lang=found.instrument.language,
            appearance=found.appearance,
            visit=found,
            here=f"/t/{found.token}",
            seal=self._seal.make(found.token, page, shown),
            needed=found.wave.needed or NEEDED,
            least=0 if factors_of(found.instrument) else LEAST_PEOPLE,
            until=_say(found).day(found.wave.ends_on),
            **more,
        )

    def _is_ours(self, found: BallotVisit, page: str) -> bool:
        return self._seal.read(found.token, page, request.form.get("seal")) is not None

    def _go(self, found: BallotVisit, item: Item | None) -> Response:
        return redirect(f"/t/{found.token}/{item.ordinal}" if item else f"/t/{found.token}", 303)


def _named(found: BallotVisit) -> list[tuple[str, str]]:
    return phrases_here().named(found.languages)


def _version(found: BallotVisit) -> tuple[str, int]:
    return found.instrument.id, found.instrument.version


def _page_of(number: int) -> str:
    return f"ballot {number}"


def _say(found: BallotVisit) -> Voice:
    return voice_of(found.instrument.language)
