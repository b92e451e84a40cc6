"""Reading scorecards: the list, the board, icons alone, versions, the board on paper."""

from __future__ import annotations

from flask import abort, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.know.improvement.scorecards import store
from survey_app.know.improvement.scorecards.plan import Question
from survey_app.know.improvement.scorecards.store import Saved
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.documents.store import Wanted
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.documents import to_document
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.scorecards.board import Board, board_of, element_words
from survey_app.show.pages.dashboard.scorecards.desk import Desk, Held
from survey_app.show.pages.dashboard.scorecards.steps import QUESTIONS
from survey_app.web.access import Who, who_may

SHORT = 260
"""Letters of the ambition that stand on the board; the rest is with the plan."""


class ScorecardPages:
    """What everybody in scope may read."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def overview(self) -> str:
        """List the scorecards in scope, and offer to begin one."""
        with self._needs.database.reading() as session:
            desk = Desk(session, self._needs)
            found, homes = desk.all(), desk.homes()
        return self._page("list", cards=found, homes=homes, owner=signed_in().name, faults=[], name="")

    @who_may(Who.READER)
    def board(self, scorecard_id: int) -> str:
        """Show the board, or where there is only a draft, that."""
        with self._needs.database.reading() as session:
            held, saved = self._current(session, scorecard_id)
            found = board_of(session, saved.plan, held.place, self._needs)
        return self._page("board", **_sheet(held, saved, found))

    @who_may(Who.READER)
    def icons(self, scorecard_id: int) -> str:
        """Show nothing but icons, for a wall or a phone."""
        with self._needs.database.reading() as session:
            held, saved = self._current(session, scorecard_id)
            found = board_of(session, saved.plan, held.place, self._needs)
        return self._page("icons", **_sheet(held, saved, found))

    @who_may(Who.READER)
    def document(self, scorecard_id: int) -> Response:
        """Have the board printed on one page."""
        with self._needs.database.reading() as session:
            held, saved = self._current(session, scorecard_id)
            found = board_of(session, saved.plan, held.place, self._needs).for_paper()
        title = f"{saved.plan.name}, {held.place.name}"
        html = self._page("paper", document_title=title, **_sheet(held, saved, found))
        back = url_for("dashboard.scorecard", scorecard_id=scorecard_id)
        return to_document(self._needs, Wanted(title, f"scorecard-{scorecard_id}", back, html))

    @who_may(Who.READER)
    def versions(self, scorecard_id: int) -> str:
        """List what was decided when, by whom and why."""
        with self._needs.database.reading() as session:
            held, saved = self._current(session, scorecard_id)
            found = store.versions(session, scorecard_id)
        return self._page("versions", held=held, saved=saved, versions=found)

    @who_may(Who.READER)
    def version(self, scorecard_id: int, number: int) -> str:
        """Show one version: the answers to the planning questions and what is measured."""
        with self._needs.database.reading() as session:
            held, newest = self._current(session, scorecard_id)
            found = {one.number: one for one in store.versions(session, scorecard_id)}
        saved = found.get(number) or abort(404)
        return self._page(
            "version",
            held=held,
            saved=saved,
            is_newest=newest.number == number,
            **plan_words(saved, self._needs),
        )

    def _current(self, session: Session, scorecard_id: int) -> tuple[Held, Saved]:
        held = Desk(session, self._needs).one(scorecard_id)
        return held, held.card.current or abort(404)

    def _page(self, template: str, /, **shown: object) -> str:
        return render_template(
            f"dashboard/scorecards/{template}.html",
            synthetic=self._needs.synthetic(),
            day_words=day_words,
            **shown,
        )


def plan_words(saved: Saved, needs: Needs) -> dict[str, object]:
    """Return a plan's questions with answers, and its elements with the titles of their measures."""
    titles = {measure.id: measure.title for measure in needs.measures.all()}
    elements = [
        (*element_words(needs.model, pick.element), pick.owner, [titles.get(m, m) for m in pick.measures])
        for pick in saved.plan.picks
    ]
    answers = [(QUESTIONS[q].title, saved.plan.answers.get(q, "")) for q in Question]
    return {"answers": answers, "elements": elements}


def _sheet(held: Held, saved: Saved, board: Board) -> dict[str, object]:
    ambition = " ".join(saved.plan.answers.get(Question.AMBITION, "").split())
    short = ambition if len(ambition) <= SHORT else f"{ambition[:SHORT].rsplit(' ', 1)[0]} ..."
    return {"held": held, "saved": saved, "board": board, "ambition": short}
