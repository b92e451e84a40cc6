"""Reading stored findings; no page computes anything."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.evidence.places.tables import FindingKind, StoredFinding


@dataclass(frozen=True, slots=True)
class Finding:
    """One stored finding; `document` is read by `documents`."""

    measure_id: str
    place_id: str
    quarter: dt.date
    release: str
    document: dict[str, Any]


def newest(
    session: Session, kind: FindingKind, measure_ids: Collection[str], place_id: str
) -> dict[str, Finding]:
    """Return the finding of the newest quarter of some measures at a place, in one query.

    Parameters
    ----------
    session : Session
        A reading session.
    kind : FindingKind
        What about.
    measure_ids : collection of str
        Which measures.
    place_id : str
        A place or neighbour group.

    Returns
    -------
    dict of str to Finding
        By measure; those without a released quarter are left out.
    """
    query = (
        sa.select(StoredFinding)
        .where(
            StoredFinding.kind == kind,
            StoredFinding.place_id == place_id,
            StoredFinding.measure_id.in_(list(measure_ids)),
        )
        .order_by(StoredFinding.quarter)
    )
    return {row.measure_id: _finding(row) for row in session.scalars(query)}


def all_quarters(session: Session, kind: FindingKind, measure_id: str, place_id: str) -> list[Finding]:
    """Return the findings of every quarter of a measure at a place, newest first.

    Parameters
    ----------
    session : Session
        A reading session.
    kind : FindingKind
        What about.
    measure_id, place_id : str
        Which ones.

    Returns
    -------
    list of Finding
        Empty where no quarter is over.
    """
    query = (
        sa.select(StoredFinding)
        .where(
            StoredFinding.kind == kind,
            StoredFinding.place_id == place_id,
            StoredFinding.measure_id == measure_id,
        )
        .order_by(StoredFinding.quarter.desc())
    )
    return [_finding(row) for row in session.scalars(query)]


def measures_found(session: Session, kind: FindingKind, place_id: str) -> set[str]:
    """Return which measures have a finding at a place.

    Parameters
    ----------
    session : Session
        A reading session.
    kind : FindingKind
        What about.
    place_id : str
        A place.

    Returns
    -------
    set of str
        Measure ids.
    """
    query = sa.select(StoredFinding.measure_id).where(
        StoredFinding.kind == kind, StoredFinding.place_id == place_id
    )
    return set(session.scalars(query.distinct()))


def _finding(row: StoredFinding) -> Finding:
    return Finding(row.measure_id, row.place_id, row.quarter, row.release, json.loads(row.document))
