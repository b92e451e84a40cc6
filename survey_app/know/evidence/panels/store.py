"""Reading panel results for pages: one place's rounds, or the newest of each panel. Nothing is computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.groups import in_scope
from survey_app.know.evidence.panels.result import Judged, PanelResult, result_from_json
from survey_app.know.evidence.panels.tables import StoredPanel


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a panel's newest round says of one item, for tiles that show it beside other sources."""

    result: PanelResult
    judged: Judged


NEWEST_AT = (
    sa.select(StoredPanel.document)
    .where(
        StoredPanel.round_id.in_(
            sa.select(sa.func.max(StoredPanel.round_id))
            .where(StoredPanel.place_id == sa.bindparam("place"))
            .group_by(StoredPanel.instrument_id)
        )
    )
    .order_by(StoredPanel.instrument_id)
)


def rounds_of(session: Session, instrument_id: str, place_id: str) -> list[PanelResult]:
    """Return the results of a panel's rounds.

    Parameters
    ----------
    session : Session
        A reading session.
    instrument_id, place_id : str
        Which panel.

    Returns
    -------
    list of PanelResult
        Newest first.
    """
    query = (
        sa.select(StoredPanel.document)
        .where(StoredPanel.instrument_id == instrument_id, StoredPanel.place_id == place_id)
        .order_by(StoredPanel.round_id.desc())
    )
    return [result_from_json(document) for document in session.execute(query).scalars()]


def newest_at(session: Session, place_id: str) -> list[PanelResult]:
    """Return the newest result of each panel at a place, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.

    Returns
    -------
    list of PanelResult
        By instrument id.
    """
    found = session.connection().execute(NEWEST_AT, {"place": place_id}).scalars()
    return [result_from_json(document) for document in found]


def panels_at(session: Session, place_id: str) -> dict[str, list[Opinion]]:
    """Return what the newest round of each panel of a place judged, by element, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.

    Returns
    -------
    dict of str to list of Opinion
        For each element those first that have it as their primary one. Placements in phases are left out:
        they are weak evidence.
    """
    ranked: dict[str, list[tuple[int, Opinion]]] = {}
    for result in newest_at(session, place_id):
        for judged in result.dimensions:
            for rank, element in enumerate(judged.elements):
                ranked.setdefault(element, []).append((min(rank, 1), Opinion(result, judged)))
    return {
        element: [opinion for _, opinion in sorted(found, key=lambda pair: pair[0])]
        for element, found in ranked.items()
    }


def panel_edition(session: Session, instrument_id: str, place_id: str, paths: Iterable[str]) -> str | None:
    """Return the edition of a panel's newest result.

    Parameters
    ----------
    session : Session
        A reading session.
    instrument_id, place_id : str
        Which panel.
    paths : iterable of str
        Place paths the reader may see.

    Returns
    -------
    str or None
        None outside them, as where no round was ever closed.
    """
    places = in_scope(paths)
    query = (
        sa.select(StoredPanel.edition)
        .join(places, places.c.id == StoredPanel.place_id)
        .where(StoredPanel.instrument_id == instrument_id, StoredPanel.place_id == place_id)
        .order_by(StoredPanel.round_id.desc())
        .limit(1)
    )
    found: str | None = session.execute(query).scalar()
    return found
