"""The addresses of team climate: a list of teams, a wave's report, its twins and a sheet to print."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave
from survey_app.know.evidence.climate.result import Report
from survey_app.know.evidence.climate.store import reports_of, waves_of
from survey_app.show.charts.climate_store import REPORTS, team_names
from survey_app.show.charts.climate_words import (
    KEPT,
    band_words,
    points_words,
    report_alt,
    report_sentence,
    spread_words,
)
from survey_app.show.charts.comma import rows_csv
from survey_app.show.charts.dates import day_words
from survey_app.show.charts.tables import Rendering
from survey_app.show.pages.accounts.gate import asked_by_pages, signed_in
from survey_app.show.pages.climate.finding import Found, find, hidden_waves, own_teams
from survey_app.show.pages.climate.needs import Needs
from survey_app.show.pages.climate.words import COLUMNS, lines_of, rows_of, state_words, why_none
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

__all__ = ["Needs", "blueprint"]

PICTURES = {"svg": (Rendering.SVG, "image/svg+xml"), "png": (Rendering.PNG, "image/png")}
HIDDEN = "For readers who were not asked"
WAVE = "/<team_id>/waves/<wave_id>"


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of team reports."""
    door = Blueprint("climate", __name__, url_prefix="/teams", template_folder="templates")
    pages = TeamPages(needs)
    door.add_url_rule("", "teams", view_func=pages.teams)
    door.add_url_rule(WAVE, "report", view_func=pages.report)
    door.add_url_rule(f"{WAVE}/print", "sheet", view_func=pages.sheet)
    door.add_url_rule(f"{WAVE}.<any(json, csv, svg, png):twin>", "twin", view_func=pages.twin)
    door.context_processor(
        lambda: {"day_words": day_words, "points_words": points_words, "band_words": band_words}
    )
    door.after_request(_keep_private)
    return door


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


class TeamPages:
    """Reports for team leaders; whoever is above them sees all teams of a place together, never one."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.TEAM_LEADER)
    def teams(self) -> str:
        """List the teams the reader may read about, with their waves."""
        with self._needs.database.reading() as session:
            teams = own_teams(session, signed_in())
            asked = waves_of(session, [at.team.id for at in teams])
            reports = reports_of(session, [wave.id for _, wave in asked])
            hidden = hidden_waves(session, signed_in(), self._needs.keys)
            waves: dict[str, list[tuple[Wave, str, str]]] = {}
            for team_id, wave in asked:
                said = HIDDEN if wave.id in hidden else state_words(wave, reports.get(wave.id))
                waves.setdefault(team_id, []).append((wave, self._needs.title(wave), said))
            return render_template(
                "climate/teams.html", teams=teams, waves=waves, synthetic=self._needs.synthetic()
            )

    @who_may(Who.TEAM_LEADER)
    def report(self, team_id: str, wave_id: str) -> str:
        """Show what a wave says of a team, or why it says nothing."""
        return self._page(team_id, wave_id, paper=False)

    @who_may(Who.TEAM_LEADER)
    def sheet(self, team_id: str, wave_id: str) -> str:
        """Show the same as a sheet for the team's meeting."""
        return self._page(team_id, wave_id, paper=True)

    @who_may(Who.TEAM_LEADER)
    @asked_by_pages
    def twin(self, team_id: str, wave_id: str, twin: str) -> Response:
        """Give the same report as JSON, CSV or picture."""
        with self._needs.database.reading() as session:
            found = self._found(session, team_id, wave_id)
            report = found.report
            if report is None or report.refused:
                abort(404)

            if twin in PICTURES and found.keeps_others:
                abort(404)  # the picture that is kept shows the others too; the page says so

            def make() -> Response:
                return _picture(session, report, twin) if twin in PICTURES else _figures(report, twin)

            width = request.args.get("width", "")[:6]
            return if_changed(f"{report.edition}.{width}.{twin}", make)

    def _page(self, team_id: str, wave_id: str, *, paper: bool) -> str:
        with self._needs.database.reading() as session:
            found = self._found(session, team_id, wave_id)
            given = {
                "at": found.at,
                "wave": found.wave,
                "paper": paper,
                "title": self._needs.title(found.wave),
                "synthetic": self._needs.synthetic(),
            }
            if paper:
                given["navigation"] = []
            report = found.report
            if report is None or report.refused:
                why = why_none(found.wave, report, hidden=found.hidden)
                return render_template("climate/none.html", why=why, **given)
            return render_template(
                "climate/report.html",
                report=report,
                lines=lines_of(report, self._needs.guide),
                items=[(one, points_words(one.points), spread_words(one.spread)) for one in report.items],
                sentence=report_sentence(report),
                alt=report_alt(report),
                names=team_names(session, report),
                drawn=not found.keeps_others and _drawn(session, report, Rendering.NARROW_SVG) is not None,
                why_kept=KEPT if found.keeps_others else "",
                **given,
            )

    def _found(self, session: Session, team_id: str, wave_id: str) -> Found:
        return find(session, signed_in(), self._needs.keys, team_id, wave_id)


def _drawn(session: Session, report: Report, rendering: Rendering) -> bytes | None:
    """Return a picture of the factors; a wave of single statements has none."""
    return REPORTS.picture(session, report.wave_id, rendering) if report.factors else None


def _picture(session: Session, report: Report, twin: str) -> Response:
    rendering, kind = PICTURES[twin]
    if rendering is Rendering.SVG and request.args.get("width") == "narrow":
        rendering = Rendering.NARROW_SVG
    content = _drawn(session, report, rendering) or abort(404)
    return Response(content, mimetype=kind)


def _figures(report: Report, twin: str) -> Response:
    if twin == "json":
        return Response(json.dumps(report.to_document()), mimetype="application/json")
    return Response(
        rows_csv(COLUMNS, rows_of(report)),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="team-climate.csv"'},
    )
