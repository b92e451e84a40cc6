"""Rebases: the system proposes new lines, a named person who knows the cause confirms or takes them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import insert_new
from survey_app.know.improvement.changes import note_change, plain
from survey_app.know.improvement.tables import RebaseRow
from survey_app.stats.charts import Chart
from survey_app.stats.signals import Signal, SignalKind

LONGEST = 200
ENOUGH = 13
"""Figures from which a new segment has limits; with fewer it starts on trial, with a median alone."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """New lines that the figures ask for: from a day on, resting on so many figures by now."""

    day: dt.date
    n_figures: int
    upwards: bool

    @property
    def is_trial(self) -> bool:
        """Tell whether the new segment would be too short for limits."""
        return self.n_figures < ENOUGH

    def to_dict(self) -> dict[str, Any]:
        """Return the proposal as the Series JSON carries it."""
        return {
            "from": self.day.isoformat(),
            "n_figures": self.n_figures,
            "upwards": self.upwards,
            "trial": self.is_trial,
        }


def proposal_from(raw: dict[str, Any] | None) -> Proposal | None:
    """Read back what `to_dict` wrote."""
    return Proposal(dt.date.fromisoformat(raw["from"]), raw["n_figures"], raw["upwards"]) if raw else None


@dataclass(frozen=True, slots=True)
class Rebase:
    """A confirmed rebase that stands."""

    day: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirms a proposal for which series, and the cause they know."""

    measure_id: str
    place_id: str
    proposal: Proposal
    reason: str
    by: str


def propose(chart: Chart, starts: Sequence[dt.date]) -> Proposal | None:
    """Propose new lines where a shift lasts up to the latest figure: from its first figure on.

    `starts` are the first days of the chart's bins, closed ones only. Gaps neither end a shift nor count.
    """
    rows = [row for row, point in enumerate(chart.points) if point.value is not None]
    shift = _shift_of(chart, rows[-1]) if rows else None
    if shift is None:
        return None
    first, n_figures = rows[-1], 0
    for row in reversed(rows):
        found = _shift_of(chart, row)
        if found is None or found.side is not shift.side or row < chart.segments[-1].start:
            break
        first, n_figures = row, n_figures + 1
    if first == chart.segments[-1].start:
        return None  # the whole segment lies on one side of its own line: new lines would be the same ones
    return Proposal(starts[first], n_figures, upwards=shift.side.value == "high")


def _shift_of(chart: Chart, row: int) -> Signal | None:
    return next((found for found in chart.points[row].signals if found.kind is SignalKind.SHIFT), None)


def confirm(session: Session, asked: Confirmation, *, now: dt.datetime) -> bool:
    """Let a proposal hold; return whether it did not already."""
    row = {
        "measure_id": asked.measure_id,
        "place_id": asked.place_id,
        "day": asked.proposal.day,
        "n_figures": asked.proposal.n_figures,
        "reason": plain(asked.reason, at_most=LONGEST, what="the cause"),
        "confirmed_by": asked.by[:120],
        "confirmed_at": now,
    }
    made = insert_new(session, RebaseRow, row)
    if made is not None:
        note_change(session, now)
    return made is not None


def take_back(session: Session, rebase_id: int, *, reason: str, by: str, now: dt.datetime) -> bool:
    """Let the old lines hold again; return whether the rebase still stood."""
    told = plain(reason, at_most=LONGEST, what="the reason")
    standing = sa.update(RebaseRow).where(RebaseRow.id == rebase_id, RebaseRow.taken_back_at.is_(None))
    values = {"taken_back_at": now, "taken_back_by": by[:120], "taken_back_reason": told}
    row = session.execute(standing.values(**values).returning(RebaseRow.id)).first()
    if row is not None:
        note_change(session, now)
    return row is not None


def rebase_history(session: Session, measure_id: str, place_id: str) -> list[RebaseRow]:
    """Return every rebase of a series, taken back or not, the newest first."""
    query = sa.select(RebaseRow).where(RebaseRow.measure_id == measure_id, RebaseRow.place_id == place_id)
    return list(session.scalars(query.order_by(RebaseRow.id.desc())))


def all_rebases(session: Session) -> dict[tuple[str, str], tuple[Rebase, ...]]:
    """Return every rebase that stands, by measure and place, the oldest first."""
    query = sa.select(RebaseRow.measure_id, RebaseRow.place_id, RebaseRow.day, RebaseRow.reason)
    found: dict[tuple[str, str], tuple[Rebase, ...]] = {}
    for row in session.connection().execute(
        query.where(RebaseRow.taken_back_at.is_(None)).order_by(RebaseRow.day)
    ):
        key = (row.measure_id, row.place_id)
        found[key] = (*found.get(key, ()), Rebase(row.day, row.reason))
    return found
