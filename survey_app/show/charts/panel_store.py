"""Pictures of panel results: where they are kept, and which are missing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.know.evidence.panels.result import PanelResult, result_from_json
from survey_app.know.evidence.panels.tables import StoredPanel
from survey_app.show.charts.album import Album
from survey_app.show.charts.tables import PanelDrawing

PANELS = Album(PanelDrawing, StoredPanel, "round_id")


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
        .where(~sa.exists().where(PANELS.shows_stored()))
        .order_by(StoredPanel.round_id.desc())
        .limit(limit)
    )
    return [(result_from_json(document), name) for document, name in session.execute(query)]
