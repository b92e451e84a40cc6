"""The addresses of a survey: start, one page an item, end; beside them codes, calls and the way out."""

from __future__ import annotations

from flask import Blueprint

from survey_app.hear.channels.web.begin import BeginDoor
from survey_app.hear.channels.web.calls import CallDoor
from survey_app.hear.channels.web.codes import CodeDoor
from survey_app.hear.channels.web.easy import EasyPages
from survey_app.hear.channels.web.links import Links
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.poster_calls import PosterCallDoor
from survey_app.hear.channels.web.questions import QuestionDoor
from survey_app.hear.channels.web.stop import StopDoor
from survey_app.web.limiter import FailureLimiter

__all__ = ["Needs", "blueprint"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the web survey."""
    door = Blueprint("survey", __name__, template_folder="templates")
    limiter = FailureLimiter(needs.clock)
    _hang_survey(door, needs, limiter)
    codes = CodeDoor(
        needs.database, needs.keys, needs.clock, needs.library, needs.settings.poster_starts_a_day
    )
    codes.hang(door)
    posters = PosterCallDoor(needs.database, needs.keys, needs.clock, needs.settings, codes)
    posters.hang(door)
    calls = CallDoor(needs.database, needs.keys, needs.clock, needs.settings, limiter, posters)
    door.add_url_rule("/s/<token>/call", "ask_for_call", view_func=calls.ask, methods=["GET"])
    door.add_url_rule("/s/<token>/call", "take_call", view_func=calls.take, methods=["POST"])
    stop = StopDoor(needs.database, needs.keys, needs.clock, limiter)
    door.add_url_rule("/stop/<token>", view_func=stop.ask)
    door.add_url_rule("/stop/<token>", view_func=stop.stop, methods=["POST"])
    return door


def _hang_survey(door: Blueprint, needs: Needs, limiter: FailureLimiter) -> None:
    links, easy = Links(needs, limiter), EasyPages(needs)
    begin, questions = BeginDoor(needs, links, easy), QuestionDoor(needs, links, easy)
    door.add_url_rule("/s/<token>", view_func=begin.start)
    door.add_url_rule("/s/<token>/look", "choose_look", view_func=begin.choose, methods=["POST"])
    door.add_url_rule("/s/<token>/start", "begin", view_func=begin.begin, methods=["POST"])
    door.add_url_rule("/s/<token>/<int:number>", view_func=questions.question)
    door.add_url_rule("/s/<token>/<int:number>", view_func=questions.answer, methods=["POST"])
    door.add_url_rule("/s/<token>/done", view_func=begin.done)
