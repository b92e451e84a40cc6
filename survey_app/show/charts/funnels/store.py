"""Funnel pictures kept once a release: what is missing, keeping them, reading them for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Place
from survey_app.database import upsert
from survey_app.know.disclosure.groups import groups_on
from survey_app.know.evidence.places.store import Finding, newest
from survey_app.know.evidence.places.tables import FindingKind, StoredFinding
from survey_app.show.charts.funnels.tables import FunnelPicture

KEY = ["measure_id", "place_id", "narrow"]
Edition = tuple[str, str, dt.date, str]
"""Measure, place, quarter and release of one comparison."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A comparison without a picture of its release, and the names that go on it."""

    finding: Finding
    names: Mapping[str, str]

    @property
    def edition(self) -> Edition:
        """Return what tells this comparison from every other and from its own next release.

        Returns
        -------
        Edition
            Its key and release.
        """
        one = self.finding
        return one.measure_id, one.place_id, one.quarter, one.release


def picture(session: Session, finding: Finding, *, narrow: bool) -> bytes | None:
    """Return the picture of a comparison.

    Parameters
    ----------
    session : Session
        A reading session.
    finding : Finding
        A stored comparison.
    narrow : bool
        Whether for a phone.

    Returns
    -------
    bytes or None
        None while this release is not drawn.
    """
    query = sa.select(FunnelPicture.content).where(_of(finding), FunnelPicture.narrow == narrow)
    content: bytes | None = session.connection().execute(query).scalar()
    return content


def is_drawn(session: Session, finding: Finding) -> bool:
    """Tell whether both pictures of a comparison are there.

    Parameters
    ----------
    session : Session
        A reading session.
    finding : Finding
        A stored comparison.

    Returns
    -------
    bool
        True when a page may show them.
    """
    query = sa.select(sa.func.count()).select_from(FunnelPicture).where(_of(finding))
    return session.connection().execute(query).scalar_one() == 2


def undrawn(session: Session, limit: int, *, but: Collection[Edition] = ()) -> list[Undrawn]:
    """Return newest comparisons that lack a picture, those of the topmost places first.

    Parameters
    ----------
    session : Session
        A reading session.
    limit : int
        At most so many.
    but : collection of Edition
        Those that cannot be drawn; they stand in nobody's way.

    Returns
    -------
    list of Undrawn
        Empty when everything else is drawn.
    """
    last = (
        sa.select(
            StoredFinding.measure_id,
            StoredFinding.place_id,
            sa.func.max(StoredFinding.quarter).label("quarter"),
        )
        .where(StoredFinding.kind == FindingKind.COMPARISON)
        .group_by(StoredFinding.measure_id, StoredFinding.place_id)
        .subquery()
    )
    same = (
        StoredFinding.measure_id == last.c.measure_id,
        StoredFinding.place_id == last.c.place_id,
        StoredFinding.quarter == last.c.quarter,
        StoredFinding.kind == FindingKind.COMPARISON,
    )
    drawn = sa.exists().where(
        FunnelPicture.measure_id == StoredFinding.measure_id,
        FunnelPicture.place_id == StoredFinding.place_id,
        FunnelPicture.quarter == StoredFinding.quarter,
        FunnelPicture.release == StoredFinding.release,
    )
    query = (
        sa.select(
            StoredFinding.measure_id, StoredFinding.place_id, StoredFinding.quarter, StoredFinding.release
        )
        .join(last, sa.and_(*same))
        .join(Place, Place.id == StoredFinding.place_id)
        .where(~drawn)
        .order_by(sa.func.length(Place.path), StoredFinding.place_id, StoredFinding.measure_id)
        .limit(limit + len(but))
    )
    todo = [row for row in session.connection().execute(query).all() if tuple(row) not in but]
    found = [
        newest(session, FindingKind.COMPARISON, [row.measure_id], row.place_id)[row.measure_id]
        for row in todo[:limit]
    ]
    return [Undrawn(finding, names_of(session, finding)) for finding in found]


def names_of(session: Session, finding: Finding) -> dict[str, str]:
    """Return the names of the places of a comparison, and of the one above them.

    Parameters
    ----------
    session : Session
        A reading session.
    finding : Finding
        A stored comparison.

    Returns
    -------
    dict of str to str
        By id; neighbour groups by the names of that quarter.
    """
    ids = [finding.place_id, *(row["place"] for row in finding.document["places"])]
    query = sa.select(Place.id, Place.name).where(Place.id.in_(ids))
    found = {row.id: row.name for row in session.connection().execute(query)}
    if len(found) < len(set(ids)):
        found |= {group.id: group.name for group in groups_on(session, finding.quarter)}
    return found


def save(session: Session, finding: Finding, pictures: Mapping[bool, bytes]) -> None:
    """Keep the pictures of a comparison, replacing those of an older release.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    finding : Finding
        The comparison that was drawn.
    pictures : mapping of bool to bytes
        By whether they are narrow.
    """
    for narrow, content in pictures.items():
        row = {
            "measure_id": finding.measure_id,
            "place_id": finding.place_id,
            "narrow": narrow,
            "quarter": finding.quarter,
            "release": finding.release,
            "content": content,
        }
        upsert(session, FunnelPicture, row, key=KEY)


def _of(finding: Finding) -> sa.ColumnElement[bool]:
    return sa.and_(
        FunnelPicture.measure_id == finding.measure_id,
        FunnelPicture.place_id == finding.place_id,
        FunnelPicture.quarter == finding.quarter,
        FunnelPicture.release == finding.release,
    )
