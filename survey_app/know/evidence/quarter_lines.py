"""Reading the stored quarterly figures of one measure at one place; no page computes anything."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.disclosure.tables import QuarterKind
from survey_app.know.evidence.series import Withheld
from survey_app.know.evidence.tables import StoredQuarter

WITH_QUARTERS = (
    sa.select(StoredQuarter.measure_id).where(StoredQuarter.place_id == sa.bindparam("place")).distinct()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One quarterly figure; without a value it is withheld, and nothing says why or how many.

    Attributes
    ----------
    kind : QuarterKind
        What it tells apart.
    category : str
        Of the declared breakdown; empty for "not stated", and where the kind has none.
    edition : int
        1, or more where the quarter was made again after people's answers were deleted.
    value, low, high : float or None
        In the measure's unit, with its interval.
    n : int or None
        Valid answers.
    n_effective : float or None
        Of a weighted figure: as many unweighted answers would be as certain.
    """

    kind: QuarterKind
    category: str
    edition: int
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    n_effective: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as JSON shows it.

        Returns
        -------
        dict
            Numbers, or only that it is withheld.
        """
        head = {"kind": self.kind.value, "category": self.category, "edition": self.edition}
        if self.value is None:
            return head | {"withheld": Withheld.SMALL_NUMBER.value}
        figures = {"value": self.value, "n": self.n, "low": self.low, "high": self.high}
        return head | figures | ({"n_effective": self.n_effective} if self.n_effective else {})


@dataclass(frozen=True, slots=True)
class QuarterLines:
    """One quarter of one measure at one place."""

    start: dt.date
    release: str
    lines: tuple[Line, ...]


def quarter_lines(session: Session, measure_id: str, place_id: str) -> list[QuarterLines]:
    """Return the quarterly figures of a measure at a place, newest first.

    Parameters
    ----------
    session : Session
        A reading session.
    measure_id, place_id : str
        Which ones.

    Returns
    -------
    list of QuarterLines
        Empty where no quarter is over.
    """
    mine = sa.and_(StoredQuarter.measure_id == measure_id, StoredQuarter.place_id == place_id)
    rows = session.scalars(sa.select(StoredQuarter).where(mine).order_by(StoredQuarter.quarter.desc()))
    return [QuarterLines(row.quarter, row.release, _lines(row.document)) for row in rows]


def measures_with_quarters(session: Session, place_id: str) -> list[str]:
    """Return which measures have quarterly figures at a place.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.

    Returns
    -------
    list of str
        Measure ids, in no special order.
    """
    return list(session.connection().execute(WITH_QUARTERS, {"place": place_id}).scalars())


def _lines(document: str) -> tuple[Line, ...]:
    names = ("value", "n", "low", "high", "n_effective")
    return tuple(
        Line(
            QuarterKind(row["kind"]),
            row["category"],
            row["edition"],
            **{name: row[name] for name in names if name in row},
        )
        for row in json.loads(document)
    )
