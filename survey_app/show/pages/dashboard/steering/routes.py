"""The addresses below a chart at which people steer it."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.steering.annotation_pages import AnnotationPages
from survey_app.show.pages.dashboard.steering.baseline_pages import BaselinePages
from survey_app.show.pages.dashboard.steering.target_pages import TargetPages

ID = "int(max=2147483647)"


def hang(door: Blueprint, needs: Needs, series: str) -> None:
    """Hang the forms about notes, target and baseline below the address of a series."""
    notes, targets, baselines = AnnotationPages(needs), TargetPages(needs), BaselinePages(needs)
    for address, name, view, method in (
        ("/annotations", "annotations", notes.page, "GET"),
        ("/annotations", "annotate", notes.add, "POST"),
        (f"/annotations/<{ID}:note_id>/withdraw", "withdraw", notes.withdraw, "POST"),
        ("/target", "target", targets.page, "GET"),
        ("/target", "set_target", targets.set, "POST"),
        ("/baseline", "baseline", baselines.page, "GET"),
        ("/baseline", "rebase", baselines.confirm, "POST"),
        (f"/baseline/<{ID}:rebase_id>/take-back", "take_back", baselines.take_back, "POST"),
    ):
        door.add_url_rule(f"{series}{address}", name, view_func=view, methods=[method])
