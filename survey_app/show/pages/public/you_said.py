"""You said, we did: what was done about what people said, for anyone to read, once it is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from sqlalchemy.orm import Session

from survey_app.clock import london_day
from survey_app.database import Database
from survey_app.know.disclosure.groups import names_of
from survey_app.know.improvement.actions.notices import by_place, published
from survey_app.know.improvement.actions.plain import sentences
from survey_app.know.improvement.actions.tables import Notice
from survey_app.show.charts.dates import day_words
from survey_app.web.access import Who, who_may


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as people read it."""

    id: int
    place: str
    day: str
    you_said: tuple[str, ...]
    we_did: tuple[str, ...]
    figures: str | None


def blueprint(database: Database, synthetic: Callable[[], bool]) -> Blueprint:
    """Return the door of what the public is told; its pages say so where people are invented."""
    door = Blueprint("told", __name__, url_prefix="/you-said", template_folder="templates")
    pages = ToldPages(database)
    one = "/<int(max=2147483647):notice_id>"
    door.add_url_rule("", "all", view_func=pages.everything)
    door.add_url_rule(one, "one", view_func=pages.one)
    door.add_url_rule(f"{one}/easy-read", "easy", view_func=pages.easy)
    door.context_processor(lambda: {"synthetic": synthetic()})
    return door


class ToldPages:
    """Pages that are the same for everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @who_may(Who.ANYONE)
    def everything(self) -> str:
        """List what was done, by place, the newest first."""
        with self._database.reading() as session:
            found = by_place(published(session))
            names = names_of(session, found)
        places = [
            (names[place], [_told(one, names[place]) for one in notices])
            for place, notices in found.items()
            if place in names
        ]
        return render_template("public/you-said.html", places=places)

    @who_may(Who.ANYONE)
    def one(self, notice_id: int) -> str:
        """Show one notice."""
        return render_template("public/you-said-one.html", told=self._one(notice_id))

    @who_may(Who.ANYONE)
    def easy(self, notice_id: int) -> str:
        """Show one notice in Easy Read form, to read or to print."""
        return render_template("public/easy-read.html", told=self._one(notice_id))

    def _one(self, notice_id: int) -> Told:
        with self._database.reading() as session:
            return _found(session, notice_id) or abort(404)


def _found(session: Session, notice_id: int) -> Told | None:
    for notice in published(session, notice_id):
        if place := names_of(session, [notice.place_id]).get(notice.place_id):
            return _told(notice, place)
    return None


def _told(notice: Notice, place: str) -> Told:
    day = day_words(london_day(notice.published_at)) if notice.published_at else ""
    return Told(notice.id, place, day, sentences(notice.you_said), sentences(notice.we_did), notice.figures)
