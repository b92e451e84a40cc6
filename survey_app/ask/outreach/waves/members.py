"""Who is asked in a wave: found by a token that is stored only as a keyed hash, and marked once."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.invitations import bare_token
from survey_app.ask.outreach.waves.keyfile import WaveKey
from survey_app.ask.outreach.waves.tables import Wave, WaveMember
from survey_app.crypto import Keys, keyed_hash


@dataclass(frozen=True, slots=True)
class Found:
    """What a token opens."""

    wave: Wave
    member_id: int
    answered: bool
    token: str

    def __repr__(self) -> str:
        return "Found(...)"


def enrol(
    session: Session, wave_id: str, member_ids: Collection[int], *, wave_key: WaveKey, keys: Keys
) -> None:
    """Give each member a token, of which only the hash is kept."""
    rows = [
        {
            "wave_id": wave_id,
            "member_id": member_id,
            "token_hash": token_hash(keys, wave_key.token(wave_id, member_id)),
            "answered": False,
        }
        for member_id in sorted(member_ids)
    ]
    session.execute(sa.insert(WaveMember), rows)


def find(session: Session, keys: Keys, token: str) -> Found | None:
    """Return what a token opens, or None; the same work is done for any text."""
    bare = bare_token(token)
    digest = token_hash(keys, bare)
    query = sa.select(WaveMember, Wave).join(Wave, Wave.id == WaveMember.wave_id)
    row = session.execute(query.where(WaveMember.token_hash == digest)).first()
    if row is None:
        return None
    member, wave = row
    return Found(wave, member.member_id, member.answered, bare)


def token_hash(keys: Keys, token: str) -> bytes:
    """Return the keyed hash under which a member's token is known."""
    return keyed_hash(keys.token, "team token", token)


def mark_answered(session: Session, wave_id: str, member_id: int) -> bool:
    """Mark that somebody has answered; False where that stands already: the database decides, once."""
    one = sa.and_(WaveMember.wave_id == wave_id, WaveMember.member_id == member_id, ~WaveMember.answered)
    marked = sa.update(WaveMember).where(one).values(answered=True).returning(WaveMember.member_id)
    return session.connection().execute(marked).first() is not None


def has_answered(session: Session, wave_id: str, member_id: int) -> bool:
    """Tell whether somebody has answered, or was taken out of the wave."""
    query = sa.select(WaveMember.answered).where(
        WaveMember.wave_id == wave_id, WaveMember.member_id == member_id
    )
    return session.scalar(query) is not False


def members_of(session: Session, wave_id: str) -> list[int]:
    """Return the ids of everybody in a wave."""
    query = sa.select(WaveMember.member_id).where(WaveMember.wave_id == wave_id)
    return list(session.scalars(query.order_by(WaveMember.member_id)))


def silent(session: Session, wave_id: str) -> list[int]:
    """Return the ids of those who have not answered; only what sends reminders may ask."""
    query = sa.select(WaveMember.member_id).where(WaveMember.wave_id == wave_id, ~WaveMember.answered)
    return list(session.scalars(query.order_by(WaveMember.member_id)))


def n_members(session: Session, wave_id: str) -> int:
    """Return how many people are asked in a wave."""
    return session.scalar(sa.select(sa.func.count()).where(WaveMember.wave_id == wave_id)) or 0


def n_answered(session: Session, wave_id: str) -> int:
    """Return how many have answered; no page may show it before the close."""
    counted = sa.select(sa.func.count()).where(WaveMember.wave_id == wave_id, WaveMember.answered)
    return session.scalar(counted) or 0


def shut_out(session: Session, member_ids: Collection[int]) -> None:
    """Let the links of people who were erased lead nowhere; whether they answered stays counted."""
    mine = sa.select(WaveMember).where(WaveMember.member_id.in_(member_ids))
    for one in session.scalars(mine):
        one.token_hash = secrets.token_bytes(32)
    session.flush()
