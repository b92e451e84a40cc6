"""Drafts: what somebody has answered so far, readable only with their own link and thrown away at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.keyfile import WaveKey
from survey_app.database import upsert
from survey_app.hear.responses.ballots.sealing import Unreadable, draft_id, open_draft, seal_draft
from survey_app.hear.responses.ballots.tables import BallotDraft


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far, None for a statement that was skipped; and how the pages look."""

    answers: Mapping[str, int | None] = field(default_factory=dict)
    began: int | None = None  # seconds since 1970; dies with the draft
    look: str | None = None
    language: str | None = None

    def __repr__(self) -> str:
        return "Draft(...)"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose draft it is: a token and the wave it belongs to."""

    wave_id: str
    token: str
    key: WaveKey

    def __repr__(self) -> str:
        return "Holder(...)"


def hold(session: Session, holder: Holder) -> None:
    """Let two windows of one person act one after the other, until the transaction ends.

    A lock on a row would leave its mark in the row; this one is in memory only. SQLite has one writer anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(draft_id(holder.key, holder.token)[:8], signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def load(session: Session, holder: Holder) -> Draft:
    """Return the draft of a token, an empty one where there is none."""
    query = sa.select(BallotDraft.sealed).where(BallotDraft.id == draft_id(holder.key, holder.token))
    sealed = session.scalar(query)
    if sealed is None:
        return Draft()
    try:
        said = open_draft(holder.key, holder.token, sealed)
    except Unreadable:
        return Draft()
    return Draft(said["a"], said["b"], said["l"], said["g"])


def save(session: Session, holder: Holder, draft: Draft) -> None:
    """Keep a draft in place of the one before."""
    said = {"a": dict(draft.answers), "b": draft.began, "l": draft.look, "g": draft.language}
    row = {
        "id": draft_id(holder.key, holder.token),
        "wave_id": holder.wave_id,
        "sealed": seal_draft(holder.key, holder.token, said),
    }
    upsert(session, BallotDraft, row, key=["id"])


def discard(session: Session, holder: Holder) -> None:
    """Throw a draft away."""
    one = sa.delete(BallotDraft).where(BallotDraft.id == draft_id(holder.key, holder.token))
    session.connection().execute(one)


def discard_all(session: Session, wave_id: str) -> None:
    """Throw every draft of a wave away."""
    session.connection().execute(sa.delete(BallotDraft).where(BallotDraft.wave_id == wave_id))
