"""Scorecards kept: a draft that is worked on, versions that never change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.database import insert_or_ignore, upsert
from survey_app.know.disclosure.groups import in_scope
from survey_app.know.improvement.scorecards.plan import Plan, faults_of, plan_from
from survey_app.know.improvement.scorecards.tables import Scorecard, ScorecardDraft, ScorecardVersion


class BadPlan(ValueError):
    """A plan that cannot become a version; each of its `args` says what is missing."""


class TwoAtOnce(RuntimeError):
    """Somebody else saved a version in the same moment."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan with who saved it when; `number` is None for a draft."""

    plan: Plan
    by: str
    at: dt.datetime
    number: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One scorecard: its place, its newest version, its draft."""

    id: int
    place_id: str
    current: Saved | None
    draft: Saved | None

    @property
    def newest(self) -> Saved:
        """Return what a list calls it by: what holds, else what is planned."""
        found = self.current or self.draft
        if found is None:
            raise LookupError(f"scorecard {self.id} has neither a version nor a draft")
        return found


def create(session: Session, place_id: str, plan: Plan, *, by: str, now: dt.datetime) -> int:
    """Begin a scorecard of a place with a draft, and return its id."""
    made = Scorecard(place_id=place_id, created_at=now)
    session.add(made)
    session.flush()
    save_draft(session, made.id, plan, by=by, now=now)
    return made.id


def save_draft(session: Session, scorecard_id: int, plan: Plan, *, by: str, now: dt.datetime) -> None:
    """Keep a plan that somebody still works on, in place of the one before."""
    row = {"scorecard_id": scorecard_id, "plan": plan.to_dict(), "saved_by": by[:120], "saved_at": now}
    upsert(session, ScorecardDraft, row, key=["scorecard_id"])


def save_version(session: Session, scorecard_id: int, note: str, *, by: str, now: dt.datetime) -> int:
    """Turn the draft into the next version, which never changes, and return its number."""
    draft = _draft(session, scorecard_id)
    if draft is None:
        raise BadPlan("There is no draft to save")
    faults = faults_of(draft.plan)
    if faults:
        raise BadPlan(*faults)
    number = _newest_number(session, scorecard_id) + 1
    row = {
        "scorecard_id": scorecard_id,
        "number": number,
        "plan": draft.plan.to_dict(),
        "note": note[:400],
        "saved_by": by[:120],
        "saved_at": now,
    }
    if not insert_or_ignore(session, ScorecardVersion, [row]):
        raise TwoAtOnce(f"version {number} of scorecard {scorecard_id} exists already")
    _drop_draft(session, scorecard_id)
    return number


def discard(session: Session, scorecard_id: int) -> None:
    """Throw the draft away, and with it a scorecard that never had a version."""
    _drop_draft(session, scorecard_id)
    if not _newest_number(session, scorecard_id):
        session.execute(sa.delete(Scorecard).where(Scorecard.id == scorecard_id))


def card(session: Session, scorecard_id: int) -> Card | None:
    """Return one scorecard, or None."""
    found = session.get(Scorecard, scorecard_id)
    if found is None:
        return None
    newest = versions(session, scorecard_id)[:1]
    return Card(found.id, found.place_id, newest[0] if newest else None, _draft(session, scorecard_id))


def cards(session: Session, paths: Iterable[str]) -> list[Card]:
    """Return the scorecards of every place in scope, in the order of the tree, in three queries."""
    places = in_scope(paths)
    query = (
        sa.select(Scorecard)
        .join(places, places.c.id == Scorecard.place_id)
        .order_by(places.c.path, Scorecard.id)
    )
    found = session.scalars(query).all()
    ids = [one.id for one in found]
    newest = (
        sa.select(ScorecardVersion.scorecard_id, sa.func.max(ScorecardVersion.number))
        .where(ScorecardVersion.scorecard_id.in_(ids))
        .group_by(ScorecardVersion.scorecard_id)
    )
    key = sa.tuple_(ScorecardVersion.scorecard_id, ScorecardVersion.number)
    current = {
        row.scorecard_id: _version(row)
        for row in session.scalars(sa.select(ScorecardVersion).where(key.in_(newest)))
    }
    drafts = {
        row.scorecard_id: _saved(row)
        for row in session.scalars(sa.select(ScorecardDraft).where(ScorecardDraft.scorecard_id.in_(ids)))
    }
    return [Card(one.id, one.place_id, current.get(one.id), drafts.get(one.id)) for one in found]


def versions(session: Session, scorecard_id: int) -> list[Saved]:
    """Return every version of a scorecard, newest first."""
    query = sa.select(ScorecardVersion).where(ScorecardVersion.scorecard_id == scorecard_id)
    return [_version(row) for row in session.scalars(query.order_by(ScorecardVersion.number.desc()))]


def _newest_number(session: Session, scorecard_id: int) -> int:
    numbers = sa.select(sa.func.max(ScorecardVersion.number))
    return session.scalar(numbers.where(ScorecardVersion.scorecard_id == scorecard_id)) or 0


def _draft(session: Session, scorecard_id: int) -> Saved | None:
    query = sa.select(ScorecardDraft).where(ScorecardDraft.scorecard_id == scorecard_id)
    found = session.scalars(query).first()
    return _saved(found) if found else None


def _drop_draft(session: Session, scorecard_id: int) -> None:
    session.execute(sa.delete(ScorecardDraft).where(ScorecardDraft.scorecard_id == scorecard_id))


def _saved(row: ScorecardDraft) -> Saved:
    return Saved(plan_from(row.plan), row.saved_by, row.saved_at)


def _version(row: ScorecardVersion) -> Saved:
    return Saved(plan_from(row.plan), row.saved_by, row.saved_at, row.number, row.note)
