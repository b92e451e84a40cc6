"""What records and panels say of each element of the logic model, for tiles beside what people say."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.know.evidence.panels.store import Opinion, newest_at
from survey_app.know.evidence.series import Series
from survey_app.know.evidence.store import for_place_measures
from survey_app.know.records.definitions import RecordMeasures


def records_at(session: Session, place_id: str, records: RecordMeasures) -> dict[str, list[Series]]:
    """Return the series of operational measures at a place by element, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.
    records : RecordMeasures
        Their definitions.

    Returns
    -------
    dict of str to list of Series
        For each element those first that have it as their primary one.
    """
    stored = for_place_measures(session, place_id, [one.id for one in records.all])
    ranked: dict[str, list[tuple[int, Series]]] = {}
    for one in records.all:
        for rank, element in enumerate(one.elements):
            if one.id in stored:
                ranked.setdefault(element, []).append((min(rank, 1), stored[one.id]))
    return {
        element: [series for _, series in sorted(found, key=lambda pair: pair[0])]
        for element, found in ranked.items()
    }


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
