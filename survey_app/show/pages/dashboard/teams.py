"""What all staff teams of a place say together, beside what people say and told apart from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.know.evidence.climate.readers import Withheld, rollups_at
from survey_app.know.evidence.climate.result import Rollup
from survey_app.know.measures.measures import Measures, UnknownMeasure
from survey_app.show.charts.climate_words import KEPT, points_words
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.climate.finding import reports_read
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot

FACTORS, STATEMENTS = "Team climate", "Working across health and care"
APART = "Of the differences between people, {:.0f} % lie between teams (ICC(1) {:.2f})."


@dataclass(frozen=True, slots=True)
class TeamTable:
    """One round of teams as rows of text; without rows it says why."""

    title: str
    first: str
    amount: str
    when: str
    rows: tuple[tuple[str, str], ...]
    apart: str = ""
    why: str = ""


def team_lines(session: Session, needs: Needs, spot: Spot) -> list[TeamTable]:
    """Return the newest round of each instrument; empty where a place may not show its teams together."""
    found = rollups_at(session, spot.id, reports_read(session, signed_in(), needs.keys))
    tables = [_kept(one) if isinstance(one, Withheld) else _table(one, needs) for one in found]
    return sorted(tables, key=lambda one: one.title != FACTORS)


def _kept(one: Withheld) -> TeamTable:
    return TeamTable(
        title=FACTORS if one.has_total else STATEMENTS,
        first="",
        amount="",
        when=f"{one.round}, closed {day_words(one.closed_on)}",
        rows=(),
        why=KEPT,
    )


def _table(one: Rollup, needs: Needs) -> TeamTable:
    rows = [
        (_title(one, subject, needs.measures), points_words(value)) for subject, value in one.subjects.items()
    ]
    if one.total is not None:
        rows.append(("Total, each factor counting alike", points_words(one.total)))
    return TeamTable(
        title=FACTORS if one.total is not None else STATEMENTS,
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
