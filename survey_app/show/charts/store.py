"""Pictures kept once a release: what is missing, what was drawn, and reading it for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey_app.ask.population.tables import Place
from survey_app.database import upsert
from survey_app.know.disclosure.groups import groups_on
from survey_app.know.evidence.series import Series, series_from_json
from survey_app.know.evidence.tables import StoredSeries
from survey_app.know.measures.measures import Measures, UnknownMeasure
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.tables import ON_PAGES, Drawing, Rendering

KEY = ["measure_id", "place_id", "rendering"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A series of which not every picture shows the release it stands at."""

    series: Series
    place_name: str

    def title(self, measures: Measures) -> Titles:
        """Return the names its pictures show.

        Parameters
        ----------
        measures : Measures
            All measures of the installation.

        Returns
        -------
        Titles
            A measure that is no longer kept goes by its id.
        """
        try:
            return Titles(measures.get(self.series.measure).title, self.place_name)
        except UnknownMeasure:
            return Titles(self.series.measure, self.place_name)


def drawing(session: Session, measure_id: str, place_id: str, rendering: Rendering) -> bytes | None:
    """Return a picture, if it shows the same release as the stored series.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which series.
    rendering : Rendering
        Which kind of picture.

    Returns
    -------
    bytes or None
        None while the picture is not drawn yet, or still shows an older release.
    """
    query = _current().with_only_columns(Drawing.content)
    found = query.where(
        Drawing.measure_id == measure_id, Drawing.place_id == place_id, Drawing.rendering == rendering
    )
    content: bytes | None = session.connection().execute(found).scalar()
    return content


def is_drawn(session: Session, measure_id: str, place_id: str) -> bool:
    """Tell whether a page may show the pictures of a series.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which series.

    Returns
    -------
    bool
        True when every kind that pages show is of the stored release.
    """
    return set(ON_PAGES) <= drawn_of(session, measure_id, place_id)


def drawn_of(session: Session, measure_id: str, place_id: str) -> set[Rendering]:
    """Return which pictures of a series show its stored release.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which series.

    Returns
    -------
    set of Rendering
        Empty while none is drawn.
    """
    found = _current().where(Drawing.measure_id == measure_id, Drawing.place_id == place_id)
    return set(session.connection().execute(found.with_only_columns(Drawing.rendering)).scalars())


def undrawn(
    session: Session, limit: int, renderings: Collection[Rendering] = tuple(Rendering)
) -> list[Missing]:
    """Return series that lack a picture, the current week first, there the most answers first.

    Parameters
    ----------
    session : Session
        A reading session.
    limit : int
        At most so many.
    renderings : collection of Rendering
        Which pictures to look for; all of them unless told.

    Returns
    -------
    list of Missing
        Empty when everything is drawn.
    """
    n_current = (
        _current()
        .with_only_columns(sa.func.count())
        .where(
            Drawing.measure_id == StoredSeries.measure_id,
            Drawing.place_id == StoredSeries.place_id,
            Drawing.rendering.in_(renderings),
        )
        .correlate(StoredSeries)
        .scalar_subquery()
    )
    query = (
        sa.select(StoredSeries.document, Place.name)
        .join(Place, Place.id == StoredSeries.place_id, isouter=True)
        .where(n_current < len(renderings))
        .order_by(
            StoredSeries.latest_to.desc().nulls_last(),
            StoredSeries.latest_n.desc().nulls_last(),
            StoredSeries.place_id,
            StoredSeries.measure_id,
        )
        .limit(limit)
    )
    found: list[tuple[Series, str | None]] = [
        (series_from_json(document), name) for document, name in session.connection().execute(query)
    ]
    days = [series.points[-1].end for series, name in found if name is None and series.points]
    groups = {group.id: group.name for group in groups_on(session, max(days))} if days else {}
    return [Missing(series, name or groups.get(series.place, series.place)) for series, name in found]


def save(
    session: Session, missing: Missing, pictures: Mapping[Rendering, bytes], *, now: dt.datetime
) -> None:
    """Keep the pictures of a series, replacing those of an older release.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    missing : Missing
        The series that was drawn; the pictures count for its release only.
    pictures : Mapping of Rendering to bytes
        What was drawn.
    now : datetime
        Stamped on the rows.
    """
    series = missing.series
    for rendering, content in pictures.items():
        row = {
            "measure_id": series.measure,
            "place_id": series.place,
            "rendering": rendering,
            "release": series.release,
            "revision": series.revision,
            "content": content,
            "drawn_at": now,
        }
        upsert(session, Drawing, row, key=KEY)


def _current() -> sa.Select[Any]:
    released = aliased(StoredSeries)
    return sa.select(Drawing).join(
        released,
        sa.and_(
            released.measure_id == Drawing.measure_id,
            released.place_id == Drawing.place_id,
            released.release == Drawing.release,
            released.revision == Drawing.revision,
        ),
    )
