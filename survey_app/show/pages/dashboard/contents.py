"""What each page shows, its stamp, and where an open copy asks for news: one description, two renderings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, url_for
from sqlalchemy.orm import Session

from survey_app.accounts.scope import has_role
from survey_app.know.evidence import heads, store
from survey_app.know.evidence.series import Series
from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.charts.stamps import releases_stamp, series_stamp
from survey_app.show.charts.store import drawn_of
from survey_app.show.charts.tables import ON_PAGES, Rendering
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.dashboard import drilling
from survey_app.show.pages.dashboard.content import Content, Look, Paths, stamp_of_place
from survey_app.show.pages.dashboard.monday import monday
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.panels import panel_links
from survey_app.show.pages.dashboard.places.who import who_answered
from survey_app.show.pages.dashboard.quarters import quarter_links
from survey_app.show.pages.dashboard.record_page import record_facts
from survey_app.show.pages.dashboard.series_page import series_page
from survey_app.show.pages.dashboard.steering.ground import leads_at, notes_at
from survey_app.show.pages.dashboard.teams import team_lines
from survey_app.show.pages.dashboard.tiles import tiles_of
from survey_app.show.pages.dashboard.tree import Spot
from survey_app.web.access import Who

__all__ = ["Content", "Contents", "Look"]


class Contents:
    """The pages of managers."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def monday(self) -> Content:
        """Describe what changed since last week."""

        def shown(look: Look) -> dict[str, Any]:
            page = monday(look.session, look.tree, look.paths, self._needs.measures, look.day)
            takes = has_role(signed_in(), ROLES[Who.ANALYST])
            return {"page": page, "home": look.tree.home(), "takes": takes}

        return Content("monday", url_for("dashboard.monday_now"), releases_stamp, shown)

    def model(self, place_id: str, framework_id: str, view: str) -> Content:
        """Describe the logic model, or another framework, with the evidence of one place."""
        return drilling.model(self._needs, place_id, framework_id, view)

    def element(self, element_id: str, place_id: str) -> Content:
        """Describe the measures of one element."""
        return drilling.element(self._needs, element_id, place_id)

    def measure(self, measure_id: str) -> Content:
        """Describe one measure at every place in scope."""
        return drilling.measure(self._needs, measure_id)

    def place(self, place_id: str) -> Content:
        """Describe every measure of one place."""
        measures = self._needs.measures

        def shown(look: Look) -> dict[str, Any]:
            spot = look.spot(place_id)
            found = {head.measure_id: head for head in heads.at_place(look.session, spot.id)}
            order = dict.fromkeys(measure.id for measure in measures.all())
            rows = [found[name] for name in order if name in found]
            return {
                "place": spot,
                "tiles": tiles_of(look.session, rows, look.tree, measures),
                "tree": look.tree,
                "panels": panel_links(look.session, spot),
                "teams": team_lines(look.session, self._needs, spot),
                "quarters": quarter_links(look.session, spot, list(measures.all())),
            }

        address = url_for("dashboard.place_now", place_id=place_id)
        return Content("place", address, stamp_of_place(place_id), shown)

    def series(self, measure_id: str, place_id: str) -> Content:
        """Describe one series: picture, sentence, limits and rules in words, table, how it was made."""

        def stamp(session: Session, paths: Paths) -> str | None:
            found = series_stamp(session, measure_id, place_id, paths)
            return str(found) if found else None

        def shown(look: Look) -> dict[str, Any]:
            series, measure, spot = self.one(look, measure_id, place_id)
            drawn = drawn_of(look.session, measure_id, place_id)
            return {
                "record": record_facts(look.session, series, self._needs.records),
                "page": series_page(series, measure, self._needs.library),
                "series": series,
                "place": spot,
                "above": look.tree.above(spot),
                "members": look.tree.members(spot),
                "may_lead": leads_at(signed_in(), spot),
                "may_note": notes_at(signed_in(), spot),
                "address": url_for(
                    "dashboard.series", measure_id=measure_id, place_id=spot.id, _external=True
                ),
                "drawn": drawn.issuperset(ON_PAGES),
                "who": who_answered(look.session, self._needs, measure, spot),
                "for_download": Rendering.PNG in drawn,
                "elements": [self._needs.model.element(name) for name in measure.elements],
            }

        address = url_for("dashboard.series_now", measure_id=measure_id, place_id=place_id)
        name = "record" if self._needs.records.has(measure_id) else "series"
        return Content(name, address, stamp, shown)

    def one(self, look: Look, measure_id: str, place_id: str) -> tuple[Series, Measure, Spot]:
        """Return one series; what is unknown or out of scope is not found."""
        spot = look.spot(place_id)
        try:
            measure = self._needs.measures.get(measure_id)
        except UnknownMeasure:
            abort(404)
        series = store.stored(look.session, measure_id, spot.id)
        return series or abort(404), measure, spot

    def today(self) -> dt.date:
        """Return the local date."""
        return self._needs.today()
