"""The addresses of teams and waves, hung in the door of the workspace."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.teams.rosters import RosterPages
from survey_app.show.pages.workspace.teams.waves import WavePages, rules_of


def hang(door: Blueprint, needs: Needs) -> None:
    """Hang the pages of teams and waves."""
    teams = RosterPages(needs)
    one = "/teams/<team_id>"
    door.add_url_rule("/teams", "teams", view_func=teams.overview, methods=["GET"])
    door.add_url_rule("/teams", "team_make", view_func=teams.make, methods=["POST"])
    door.add_url_rule(one, "team", view_func=teams.one)
    door.add_url_rule(f"{one}/members", "team_put_on", view_func=teams.put_on, methods=["POST"])
    door.add_url_rule(f"{one}/list", "team_list", view_func=teams.put_on_list, methods=["POST"])
    door.add_url_rule(
        f"{one}/members/<int(max=2147483647):member_id>/end",
        "team_let_go",
        view_func=teams.let_go,
        methods=["POST"],
    )
    for rule, endpoint, view, method in rules_of(WavePages(needs)):
        door.add_url_rule(rule, endpoint, view_func=view, methods=[method])
