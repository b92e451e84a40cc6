"""One item a page: shown, answered or skipped, stored before the next one shows."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Item
from survey_app.hear.channels.web.easy import EasyPages
from survey_app.hear.channels.web.ended import Ended, closed, ended
from survey_app.hear.channels.web.fields import Unanswered, fault_of, sent_answer
from survey_app.hear.channels.web.links import Links, onward, way_to
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.channels.web.skeletons import Look, QuestionPages
from survey_app.hear.channels.web.visits import Standing, Visit
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Outcome, Receipt, Submission
from survey_app.hear.responses.tables import Channel
from survey_app.web.access import Who, who_may
from survey_app.web.phrases import Voice, voice_of

Page = str | Ended | Response


class QuestionDoor:
    """The pages of one survey between its start and its end."""

    def __init__(self, needs: Needs, links: Links, easy: EasyPages) -> None:
        self._needs = needs
        self._links = links
        self._easy = easy
        self._seal = FormSeal(needs.keys.session)
        self._pages = QuestionPages()

    @who_may(Who.RESPONDENT)
    def question(self, token: str, number: int) -> Page:
        """Show one item, with the person's own earlier answer while the survey is unfinished."""
        found = self._links.visit(token)
        if found.standing is not Standing.OPEN:
            return ended(found)
        item = found.item_at(number)
        if item is None or token != found.token:
            return way_to(found, item)
        return self._page(found, item)

    @who_may(Who.RESPONDENT)
    def answer(self, token: str, number: int) -> Page:
        """Store one answer or skip, durably, and go on to the next item."""
        shown = self._seal.read(token, str(number), request.form.get("seal"))
        found = self._links.visit(token)
        if found.standing is Standing.CLOSED:
            return ended(found)
        item = found.item_at(number)
        if item is None:
            return way_to(found, None)
        if shown is None or not found.has_shown(shown.instrument, shown.version):
            return self._page(found, item, fault=_say(found)("question.stale"))
        try:
            return self._store(found, item, shown, sent_answer(item, _say(found)))
        except Unanswered as unanswered:
            return self._page(found, item, fault=unanswered.fault)

    def _store(self, found: Visit, item: Item, shown: Shown, raw: str | None) -> Page:
        submission = Submission(
            channel=Channel.WEB,
            key=shown.key_of(raw),
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
            return closed(found)
        if receipt.outcome is Outcome.ALREADY_FINISHED:
            return way_to(found, None)
        if receipt.finished:
            return onward(f"/s/{found.token}/done")
        if item.id in receipt.faults:
            return self._page(found, item, fault=fault_of(item, _say(found)))
        return way_to(found, receipt.next_item or item)

    def _page(self, found: Visit, item: Item, *, fault: str | None = None) -> Page:
        if found.standing is not Standing.OPEN:
            return ended(found)
        items = found.items
        place = items.index(item)
        back = f"/{items[place - 1].ordinal}" if place else ""
        shown = Shown(found.instrument.id, found.instrument.version, self._needs.clock(), new_nonce())
        code = found.answers.get(item.id)
        easy = self._easy.of(found)
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


def _say(found: Visit) -> Voice:
    return voice_of(found.instrument.language)
