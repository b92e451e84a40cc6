"""What all staff teams of a place say together, beside what people say and told apart from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.know.evidence.climate.result import Rollup
from survey_app.know.evidence.climate.store import rollups_at
from survey_app.know.measures.measures import Measures, UnknownMeasure
from survey_app.show.charts.climate_words import points_words
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot

APART = "Of the differences between people, {:.0f} % lie between teams (ICC(1) {:.2f})."


@dataclass(frozen=True, slots=True)
class TeamTable:
    """One round of teams as rows of text."""

    title: str
    first: str
    amount: str
    when: str
    rows: tuple[tuple[str, str], ...]
    apart: str = ""


def team_lines(session: Session, needs: Needs, spot: Spot) -> list[TeamTable]:
    """Return the newest round of each instrument; empty where a place may not show its teams together."""
    found = sorted(rollups_at(session, spot.id), key=lambda one: one.total is None)
    return [_table(one, needs) for one in found]


def _table(one: Rollup, needs: Needs) -> TeamTable:
    rows = [
        (_title(one, subject, needs.measures), points_words(value)) for subject, value in one.subjects.items()
    ]
    if one.total is not None:
        rows.append(("Total, each factor counting alike", points_words(one.total)))
    return TeamTable(
        title="Team climate" if one.total is not None else "Working across health and care",
        first="Factor" if one.total is not None else "Statement",
        amount=f"{one.n_teams} teams, at least {one.n_people} people",
        when=f"{one.round}, closed {day_words(one.closed_on)}",
        rows=tuple(rows),
        apart="" if one.icc is None else APART.format(100 * one.icc, one.icc),
    )


def _title(one: Rollup, subject: str, measures: Measures) -> str:
    for name in (f"{one.instrument}.{subject}", f"{subject}.mean"):
        try:
            return measures.get(name).title
        except UnknownMeasure:
            continue
    return subject
