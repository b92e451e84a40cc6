"""Pictures of panel results: what is missing, what was drawn, and reading it for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.database import upsert
from survey_app.know.evidence.panels.result import PanelResult, result_from_json
from survey_app.know.evidence.panels.tables import StoredPanel
from survey_app.show.charts.tables import PanelDrawing, Rendering

SAME = sa.and_(PanelDrawing.round_id == StoredPanel.round_id, PanelDrawing.edition == StoredPanel.edition)


def undrawn_panels(session: Session, limit: int) -> list[tuple[PanelResult, str]]:
    """Return results that lack a picture of their edition, with the names of their places.

    Parameters
    ----------
    session : Session
        A reading session.
    limit : int
        At most so many.

    Returns
    -------
    list of (PanelResult, str)
        Newest first; empty when everything is drawn.
    """
    query = (
        sa.select(StoredPanel.document, Place.name)
        .join(Place, Place.id == StoredPanel.place_id)
        .where(~sa.exists().where(SAME))
        .order_by(StoredPanel.round_id.desc())
        .limit(limit)
    )
    return [(result_from_json(document), name) for document, name in session.execute(query)]


def save_pictures(
    session: Session, result: PanelResult, pictures: Mapping[Rendering, bytes], *, now: dt.datetime
) -> None:
    """Keep the pictures of a result, in place of those of an older edition.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    result : PanelResult
        What was drawn.
    pictures : Mapping of Rendering to bytes
        The pictures.
    now : datetime
        Stamped on the rows.
    """
    for rendering, content in pictures.items():
        row = {
            "round_id": result.round_id,
            "rendering": rendering,
            "edition": result.edition,
            "content": content,
            "drawn_at": now,
        }
        upsert(session, PanelDrawing, row, key=["round_id", "rendering"])


def panel_picture(session: Session, round_id: int, rendering: Rendering) -> bytes | None:
    """Return a picture of a result, if it shows the stored edition.

    Parameters
    ----------
    session : Session
        A reading session.
    round_id : int
        Which round.
    rendering : Rendering
        Which kind of picture.

    Returns
    -------
    bytes or None
        None while it is not drawn.
    """
    query = (
        sa.select(PanelDrawing.content)
        .join(StoredPanel, SAME)
        .where(PanelDrawing.round_id == round_id, PanelDrawing.rendering == rendering)
    )
    found: bytes | None = session.execute(query).scalar()
    return found
