"""Pictures of team reports: what is missing, what was drawn, and reading it for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.teams.tables import Team
from survey_app.database import upsert
from survey_app.know.evidence.climate.result import Report, report_from
from survey_app.know.evidence.climate.tables import TeamReport
from survey_app.show.charts.tables import ClimateDrawing, Rendering

SAME = sa.and_(ClimateDrawing.wave_id == TeamReport.wave_id, ClimateDrawing.edition == TeamReport.edition)


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
        .where(~sa.exists().where(SAME))
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


def save_report_pictures(
    session: Session, report: Report, pictures: Mapping[Rendering, bytes], *, now: dt.datetime
) -> None:
    """Keep the pictures of a report, in place of those of an older edition.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    report : Report
        What was drawn.
    pictures : Mapping of Rendering to bytes
        The pictures.
    now : datetime
        Stamped on the rows.
    """
    for rendering, content in pictures.items():
        row = {
            "wave_id": report.wave_id,
            "rendering": rendering,
            "edition": report.edition,
            "content": content,
            "drawn_at": now,
        }
        upsert(session, ClimateDrawing, row, key=["wave_id", "rendering"])


def report_picture(session: Session, wave_id: str, rendering: Rendering) -> bytes | None:
    """Return a picture of a report, if it shows the stored edition.

    Parameters
    ----------
    session : Session
        A reading session.
    wave_id : str
        Which wave.
    rendering : Rendering
        Which kind of picture.

    Returns
    -------
    bytes or None
        None while it is not drawn.
    """
    query = (
        sa.select(ClimateDrawing.content)
        .join(TeamReport, SAME)
        .where(ClimateDrawing.wave_id == wave_id, ClimateDrawing.rendering == rendering)
    )
    found: bytes | None = session.execute(query).scalar()
    return found
