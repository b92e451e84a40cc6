"""Stamps: short opaque texts that change when a release or somebody's decision changes what is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.tables import StoredSeries
from survey_app.show.charts.tables import ON_PAGES, Drawing, Rendering

MOST_KEPT = 256
"""Readers' scopes, and places in them, whose SQL is kept; what it finds is not."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a reader's copy of one series is compared by.

    Attributes
    ----------
    release : str
        The release's opaque token.
    drawn : frozenset of Rendering
        Which pictures show that release and revision.
    revision : str
        Changes with target, rebases and marks; empty without any.
    """

    release: str
    drawn: frozenset[Rendering]
    revision: str = ""

    @property
    def edition(self) -> str:
        """Release and revision: what a copy of the figures is compared by.

        Returns
        -------
        str
            The release alone where there is no revision.
        """
        return f"{self.release}.{self.revision}" if self.revision else self.release

    def __str__(self) -> str:
        on_pages = self.drawn.issuperset(ON_PAGES)
        return f"{self.edition}{'.drawn' if on_pages else ''}{'.png' if Rendering.PNG in self.drawn else ''}"


def series_stamp(session: Session, measure_id: str, place_id: str, paths: Iterable[str]) -> Stamp | None:
    """Return the stamp of one series, in one query that reads no figures.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which series.
    paths : iterable of str
        Place paths the reader may see.

    Returns
    -------
    Stamp or None
        None for a place outside them as for one that does not exist, and where nothing was ever released.
    """
    places = in_scope(paths)
    current = sa.and_(
        Drawing.measure_id == StoredSeries.measure_id,
        Drawing.place_id == StoredSeries.place_id,
        Drawing.release == StoredSeries.release,
        Drawing.revision == StoredSeries.revision,
    )
    query = (
        sa.select(StoredSeries.release, Drawing.rendering, StoredSeries.revision)
        .join(places, places.c.id == StoredSeries.place_id)
        .join(Drawing, current, isouter=True)
        .where(StoredSeries.measure_id == measure_id, StoredSeries.place_id == place_id)
    )
    rows = session.connection().execute(query).all()
    return Stamp(rows[0][0], frozenset(row[1] for row in rows if row[1]), rows[0][2]) if rows else None


def releases_stamp(session: Session, paths: Iterable[str], place_id: str | None = None) -> str | None:
    """Return one stamp for all series of a place, or of every place in scope, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    paths : iterable of str
        Place paths the reader may see; everything below them counts.
    place_id : str, optional
        Only this place or neighbour group.

    Returns
    -------
    str or None
        A hash of the releases' own tokens and of revisions, the same text wherever there are none; None for
        a place outside the paths as for one that does not exist.
    """
    found = session.connection().execute(_releases(tuple(paths), place_id)).all()
    if place_id is not None and not found:
        return None
    tokens = sorted(f"{row.release} {row.revision}".rstrip() for row in found if row.release)
    return hashlib.sha256("\n".join(tokens).encode()).hexdigest()[:22]


@lru_cache(MOST_KEPT)
def _releases(paths: tuple[str, ...], place_id: str | None) -> sa.Select[str, str]:
    places = in_scope(paths)
    query = (
        sa.select(StoredSeries.release, StoredSeries.revision)
        .distinct()
        .select_from(places)
        .join(StoredSeries, StoredSeries.place_id == places.c.id, isouter=True)
    )
    return query if place_id is None else query.where(places.c.id == place_id)
