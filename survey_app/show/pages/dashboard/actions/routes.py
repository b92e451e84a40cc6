"""The addresses of actions and of what people are told about them."""

from __future__ import annotations

from flask import Blueprint, Response

from survey_app.show.charts.dates import day_words
from survey_app.show.pages.dashboard.actions.changing import ChangingPages
from survey_app.show.pages.dashboard.actions.desk import may_act
from survey_app.show.pages.dashboard.actions.needs import Needs
from survey_app.show.pages.dashboard.actions.overview import OverviewPages
from survey_app.show.pages.dashboard.actions.telling import TellingPages
from survey_app.show.pages.dashboard.actions.words import DECISIONS

__all__ = ["Needs", "blueprint"]

NUMBER = "int(max=2147483647)"
BOTH = ["GET", "POST"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of actions."""
    door = Blueprint("actions", __name__, url_prefix="/dashboard/actions", template_folder="templates")
    seen, changed, told = OverviewPages(needs), ChangingPages(needs), TellingPages(needs)
    one, notice = f"/<{NUMBER}:action_id>", f"/you-said/<{NUMBER}:notice_id>"
    door.add_url_rule("", "overview", view_func=seen.overview)
    door.add_url_rule("/new", "new", view_func=changed.new)
    door.add_url_rule("/new", "create", view_func=changed.create, methods=["POST"])
    door.add_url_rule(one, "action", view_func=seen.action)
    door.add_url_rule(f"{one}/edit", "edit", view_func=changed.ask)
    door.add_url_rule(f"{one}/edit", "rewrite", view_func=changed.rewrite, methods=["POST"])
    door.add_url_rule(
        f"{one}/<any(start, finish, stop):step>", "move", view_func=changed.move, methods=["POST"]
    )
    door.add_url_rule(f"{one}/cycles", "cycle", view_func=changed.plan_cycle, methods=BOTH)
    door.add_url_rule(
        f"{one}/cycles/<{NUMBER}:number>", "learnt", view_func=changed.close_cycle, methods=BOTH
    )
    door.add_url_rule(f"{one}/you-said", "write", view_func=told.write, methods=BOTH)
    door.add_url_rule(notice, "notice", view_func=told.notice)
    door.add_url_rule(f"{notice}/edit", "reword", view_func=told.rewrite, methods=BOTH)
    door.add_url_rule(
        f"{notice}/<any(publish, text, withdraw):deed>", "tell", view_func=told.move, methods=["POST"]
    )
    door.context_processor(
        lambda: {"synthetic": needs.synthetic(), "day_words": day_words, "decisions": DECISIONS}
    )
    door.app_context_processor(lambda: {"may_act": may_act})
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
