"""Albums: pictures of results that have editions, read only while they show the stored one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import upsert
from survey_app.know.evidence.climate.result import Report
from survey_app.know.evidence.climate.tables import TeamReport
from survey_app.know.evidence.panels.result import PanelResult
from survey_app.know.evidence.panels.tables import StoredPanel
from survey_app.show.charts.tables import ClimateDrawing, PanelDrawing, Rendering


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one kind of result.

    Attributes
    ----------
    drawings : type of ClimateDrawing or PanelDrawing
        Where they are kept.
    results : type of TeamReport or StoredPanel
        What they show.
    key : str
        The column that names a result in both.
    """

    drawings: type[ClimateDrawing | PanelDrawing]
    results: type[TeamReport | StoredPanel]
    key: str

    def shows_stored(self) -> sa.ColumnElement[bool]:
        """Say when a picture shows its result as stored.

        Returns
        -------
        ColumnElement of bool
            A condition on both tables.
        """
        same_result = getattr(self.drawings, self.key) == getattr(self.results, self.key)
        return sa.and_(same_result, self.drawings.edition == self.results.edition)

    def picture(self, session: Session, one: int | str, rendering: Rendering) -> bytes | None:
        """Return a picture of a result, if it shows the stored edition.

        Parameters
        ----------
        session : Session
            A reading session.
        one : int or str
            Which result.
        rendering : Rendering
            Which kind of picture.

        Returns
        -------
        bytes or None
            None while it is not drawn.
        """
        query = (
            sa.select(self.drawings.content)
            .join(self.results, self.shows_stored())
            .where(getattr(self.drawings, self.key) == one, self.drawings.rendering == rendering)
        )
        found: bytes | None = session.execute(query).scalar()
        return found

    def save(
        self,
        session: Session,
        result: Report | PanelResult,
        pictures: Mapping[Rendering, bytes],
        *,
        now: dt.datetime,
    ) -> None:
        """Keep the pictures of a result, in place of those of an older edition.

        Parameters
        ----------
        session : Session
            The caller's transaction.
        result : Report or PanelResult
            What was drawn.
        pictures : Mapping of Rendering to bytes
            The pictures.
        now : datetime
            Stamped on the rows.
        """
        for rendering, content in pictures.items():
            row = {
                self.key: getattr(result, self.key),
                "rendering": rendering,
                "edition": result.edition,
                "content": content,
                "drawn_at": now,
            }
            upsert(session, self.drawings, row, key=[self.key, "rendering"])
