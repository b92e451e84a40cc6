"""The addresses of scorecards."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.scorecards.builder import BuilderPages
from survey_app.show.pages.dashboard.scorecards.pages import ScorecardPages
from survey_app.show.pages.dashboard.scorecards.steps import Step

ALL = "/scorecards"
ONE = f"{ALL}/<int(max=2147483647):scorecard_id>"
STEP = f"{ONE}/edit/<any({', '.join(Step)}):part>"


def hang_scorecards(door: Blueprint, needs: Needs) -> None:
    """Hang the pages of scorecards in the dashboard's door."""
    pages, builder = ScorecardPages(needs), BuilderPages(needs)
    door.add_url_rule(ALL, "scorecards", view_func=pages.overview, methods=["GET"])
    door.add_url_rule(ALL, "scorecard_begin", view_func=builder.begin, methods=["POST"])
    door.add_url_rule(ONE, "scorecard", view_func=pages.board)
    door.add_url_rule(f"{ONE}/icons", "scorecard_icons", view_func=pages.icons)
    door.add_url_rule(f"{ONE}/document", "scorecard_document", view_func=pages.document, methods=["POST"])
    door.add_url_rule(f"{ONE}/versions", "scorecard_versions", view_func=pages.versions)
    numbered = f"{ONE}/versions/<int(max=2147483647):number>"
    door.add_url_rule(numbered, "scorecard_version", view_func=pages.version)
    door.add_url_rule(STEP, "scorecard_step", view_func=builder.ask, methods=["GET"])
    door.add_url_rule(STEP, "scorecard_keep", view_func=builder.keep, methods=["POST"])
    door.add_url_rule(f"{ONE}/discard", "scorecard_discard", view_func=builder.discard, methods=["POST"])
