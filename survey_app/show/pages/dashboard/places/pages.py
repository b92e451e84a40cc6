"""The addresses of comparisons, small multiples, equity and who answered."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.places.answered import AnsweredPages
from survey_app.show.pages.dashboard.places.compare import ComparePages
from survey_app.show.pages.dashboard.places.equity import EquityPages
from survey_app.show.pages.dashboard.places.localities import LocalityPages


def hang(door: Blueprint, needs: Needs) -> None:
    """Hang the pages on the dashboard's door."""
    compare, equity, answered = ComparePages(needs), EquityPages(needs), AnsweredPages(needs)
    door.add_url_rule("/compare/<measure_id>", "compare", view_func=compare.page)
    door.add_url_rule(
        "/compare/<measure_id>.<any(json, csv, svg):twin>", "compare_twin", view_func=compare.twin
    )
    door.add_url_rule("/localities/<measure_id>", "localities", view_func=LocalityPages(needs).page)
    address = "/equity/<measure_id>/<place_id>"
    door.add_url_rule(address, "equity", view_func=equity.page)
    door.add_url_rule(f"{address}.<any(json, csv):twin>", "equity_twin", view_func=equity.twin)
    door.add_url_rule("/answered/<place_id>", "answered", view_func=answered.page)
    door.add_url_rule("/answered/<place_id>.<any(json, csv):twin>", "answered_twin", view_func=answered.twin)
