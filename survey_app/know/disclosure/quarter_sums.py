"""Released counts of one quarter by place: whole weeks added up, grouped places as the gate let them out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.population.places import ancestors
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.units import Units
from survey_app.know.disclosure.tables import PEOPLE, Figure, QuarterFigure

__all__ = ["QuarterMap", "Stream", "newest_figures", "quarter_map", "released_quarters", "whole_weeks"]

ItemCounts = Mapping[str, Mapping[int, float]]
"""Of one place: item id to option code to answers."""


@dataclass(frozen=True, slots=True)
class QuarterMap:
    """The tree of places as a quarter had it.

    Attributes
    ----------
    paths : dict of str to str
        Locality to its path.
    groups : dict of str to str
        Locality to the neighbour group that counts it; those counted alone are left out.
    """

    paths: dict[str, str]
    groups: dict[str, str]

    def parents(self) -> dict[str, list[str]]:
        """List the localities below each place above them.

        Returns
        -------
        dict of str to list of str
            Ids, parents from the top.
        """
        found: dict[str, list[str]] = {}
        for locality, path in sorted(self.paths.items(), key=lambda pair: pair[1]):
            for parent in ancestors(path):
                found.setdefault(parent, []).append(locality)
        return found

    def unit_of(self, locality: str) -> str:
        """Return what counts a locality.

        Parameters
        ----------
        locality : str
            Its id.

        Returns
        -------
        str
            The locality itself or its group.
        """
        return self.groups.get(locality, locality)


def quarter_map(session: Session, quarter: dt.date) -> QuarterMap:
    """Return the localities with the parents and groups of a quarter.

    Parameters
    ----------
    session : Session
        A reading session.
    quarter : date
        Its Monday.

    Returns
    -------
    QuarterMap
        Empty before any import.
    """
    units = Units(session)
    localities = session.scalars(sa.select(Place.id).where(Place.kind == PlaceKind.LOCALITY))
    return QuarterMap({one: units.path_of(one, quarter) for one in localities}, units.group_on(quarter))


def whole_weeks(session: Session, stream: Stream, quarter: dt.date) -> dict[str, dict[str, Counter[int]]]:
    """Add up the closed weekly figures of a quarter, place by place.

    Parameters
    ----------
    session : Session
        A reading session.
    stream : Stream
        Instrument version and audience.
    quarter : date
        Its Monday; it must be over.

    Returns
    -------
    dict
        Place or group to item to counts by code; people of whole blocks under `PEOPLE` and code 0.
    """
    query = sa.select(Figure.place_id, Figure.item_id, Figure.counts, Figure.n_valid).where(
        stream.rows_of(Figure),
        Figure.bin_start >= quarter,
        Figure.bin_start < next_quarter(quarter),
        Figure.provisional.is_(False),
    )
    found: dict[str, dict[str, Counter[int]]] = {}
    for place_id, item_id, counts, n_valid in session.connection().execute(query):
        counted = found.setdefault(place_id, {}).setdefault(item_id, Counter())
        counted.update(
            {0: n_valid} if item_id == PEOPLE else {int(code): int(n) for code, n in counts.items()}
        )
    return found


def newest_figures(session: Session, stream: Stream, quarter: dt.date) -> list[QuarterFigure]:
    """Return each quarterly figure of a quarter at its newest edition that may be shown.

    Parameters
    ----------
    session : Session
        A reading session.
    stream : Stream
        Instrument version and audience.
    quarter : date
        Its Monday.

    Returns
    -------
    list of QuarterFigure
        A figure that was never shown keeps its first edition, with no counts.
    """
    query = sa.select(QuarterFigure).where(stream.rows_of(QuarterFigure), QuarterFigure.quarter == quarter)
    newest: dict[tuple[str, str, str, str], QuarterFigure] = {}
    for row in session.scalars(query.order_by(QuarterFigure.edition, QuarterFigure.id)):
        key = (row.kind, row.place_id, row.category, row.item_id)
        if row.n_valid or key not in newest:
            newest[key] = row
    return list(newest.values())


def released_quarters(session: Session) -> dict[tuple[Stream, dt.date], int]:
    """Return which quarters are out, and the id of the release that changed each one last.

    Parameters
    ----------
    session : Session
        A reading session.

    Returns
    -------
    dict
        Stream and quarter to release id.
    """
    columns = (QuarterFigure.instrument_id, QuarterFigure.instrument_version, QuarterFigure.audience)
    query = sa.select(*columns, QuarterFigure.quarter, sa.func.max(QuarterFigure.release_id)).group_by(
        *columns, QuarterFigure.quarter
    )
    return {
        (Stream(row[0], row[1], Audience(row[2])), row[3]): row[4]
        for row in session.connection().execute(query)
    }
