"""Everything released of one quarter of one stream, read once for all its findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.population.breakdown import Breakdown
from survey_app.know.disclosure.candidates import Population, population
from survey_app.know.disclosure.quarter_sums import (
    ItemCounts,
    QuarterMap,
    Stream,
    newest_figures,
    quarter_map,
    whole_weeks,
)
from survey_app.know.disclosure.tables import Quarter, QuarterFigure, QuarterKind


@dataclass(frozen=True, slots=True)
class ReleasedQuarter:
    """Everything released of one quarter of one stream."""

    start: dt.date
    release: str
    map: QuarterMap
    weeks: Mapping[str, ItemCounts]
    figures: list[QuarterFigure]
    residents: Population
    order: tuple[str, ...]
    ordered: bool

    def of_kind(self, kind: QuarterKind) -> list[QuarterFigure]:
        """List the figures of one kind that may be shown.

        Parameters
        ----------
        kind : QuarterKind
            Which ones.

        Returns
        -------
        list of QuarterFigure
            With counts.
        """
        return [row for row in self.figures if row.kind is kind and row.n_valid]

    def counts(self, kind: QuarterKind) -> dict[tuple[str, str], dict[str, dict[int, float]]]:
        """Return released counts by place and category.

        Parameters
        ----------
        kind : QuarterKind
            Which figures.

        Returns
        -------
        dict
            Place and category to item to code to answers.
        """
        found: dict[tuple[str, str], dict[str, dict[int, float]]] = {}
        for row in self.of_kind(kind):
            codes = {int(code): n for code, n in row.counts.items()}
            found.setdefault((row.place_id, row.category), {})[row.item_id] = codes
        return found

    def residents_of(self, place_id: str) -> dict[str, int]:
        """Return the people of each category at a place.

        Parameters
        ----------
        place_id : str
            A place.

        Returns
        -------
        dict of str to int
            Categories without people in the table are left out.
        """
        return {one: n for one in self.order if (n := self.residents.get((place_id, one), 0))}


def read_quarter(
    session: Session, stream: Stream, start: dt.date, token: str, breakdown: Breakdown
) -> ReleasedQuarter:
    """Read everything released of a quarter.

    Parameters
    ----------
    session : Session
        A reading session.
    stream : Stream
        Whose quarter.
    start : date
        The Monday on which it begins.
    token : str
        Of its newest release.
    breakdown : Breakdown
        As declared now; the quarter's own categories come first.

    Returns
    -------
    ReleasedQuarter
        As stored; nothing is computed.
    """
    state = session.get(Quarter, (*stream, start))
    order = tuple(state.categories) if state else breakdown.ids
    return ReleasedQuarter(
        start=start,
        release=token,
        map=quarter_map(session, start),
        weeks=whole_weeks(session, stream, start),
        figures=newest_figures(session, stream, start),
        residents=population(session, start),
        order=order,
        ordered=breakdown.ordered and order == breakdown.ids,
    )
