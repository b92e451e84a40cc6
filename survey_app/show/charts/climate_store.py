"""Pictures of team reports: where they are kept, and which are missing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.teams.tables import Team
from survey_app.know.evidence.climate.result import Report, report_from
from survey_app.know.evidence.climate.tables import TeamReport
from survey_app.show.charts.album import Album
from survey_app.show.charts.tables import ClimateDrawing

REPORTS = Album(ClimateDrawing, TeamReport, "wave_id")


def undrawn_reports(session: Session, limit: int) -> list[tuple[Report, str]]:
    """Return reports that lack a picture of their edition, with the names of their teams.

    Parameters
    ----------
    session : Session
        A reading session.
    limit : int
        Look at no more.

    Returns
    -------
    list of (Report, str)
        The newest first.
    """
    query = (
        sa.select(TeamReport.content)
        .where(~sa.exists().where(REPORTS.shows_stored()))
        .order_by(TeamReport.made_at.desc())
        .limit(limit)
    )
    found = [report_from(content) for content in session.scalars(query)]
    return [(report, team_names(session, report)) for report in found]


def team_names(session: Session, report: Report) -> str:
    """Return the names of the teams of a report.

    Parameters
    ----------
    session : Session
        A reading session.
    report : Report
        As stored.

    Returns
    -------
    str
        Joined by commas.
    """
    names = session.scalars(sa.select(Team.name).where(Team.id.in_(report.teams)).order_by(Team.name))
    return ", ".join(names)
