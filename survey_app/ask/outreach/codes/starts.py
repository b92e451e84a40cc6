"""Surveys opened by a poster's code: a link of their own each, so many a day, and nobody's name."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.codes.tables import Code, CodeCalls, Screen, Start
from survey_app.clock import day_starts_at, london_day
from survey_app.crypto import Keys, derive_token, keyed_hash
from survey_app.database import insert_or_ignore

BY_TOKEN = sa.select(Start, Code).join(Code).where(Start.token_hash == sa.bindparam("digest"))
AN_HOUR = dt.timedelta(hours=1)
OPEN_FOR = {Screen.OWN: dt.timedelta(days=1), Screen.SHARED: AN_HOUR}
"""How long somebody who was interrupted can go on."""


class TooMany(ValueError):
    """A code has led to as many surveys, or wishes to be called, today as the settings allow."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A start page that somebody pressed; `seed` is of this page, shown once, alone."""

    code: Code
    seed: str
    screen: Screen
    language: str


def begin(session: Session, opening: Opening, *, keys: Keys, now: dt.datetime, most: int) -> str:
    """Open a survey and return its token; the same page pressed twice opens one survey."""
    code, screen = opening.code, opening.screen
    nonce = hashlib.sha256(f"{code.id}:{opening.seed}".encode()).hexdigest()[:32]
    token = _token(keys, nonce)
    known = session.scalar(sa.select(Start.id).where(Start.nonce == nonce))
    if known is None and n_today(session, code.id, now) >= most:
        raise TooMany(f"code {code.id} has opened {most} surveys today")
    row = {
        "code_id": code.id,
        "nonce": nonce,
        "token_hash": _hash(keys, token),
        "screen": screen,
        "language": opening.language,
        "started_at": now,
        "expires_at": now + OPEN_FOR[screen],
    }
    insert_or_ignore(session, Start, [row])
    return token


def find(session: Session, keys: Keys, token: str) -> tuple[Start, Code] | None:
    """Return the start a token belongs to, with its code, or None."""
    row = session.execute(BY_TOKEN, {"digest": _hash(keys, token)}).first()
    return (row[0], row[1]) if row else None


def speak(session: Session, token: str, language: str, *, keys: Keys) -> None:
    """Remember the language somebody chose for the survey they opened."""
    chosen = sa.update(Start).where(Start.token_hash == _hash(keys, token))
    session.execute(chosen.values(language=language))


def token_of(keys: Keys, start: Start) -> str:
    """Return the token of a start, made again."""
    return _token(keys, start.nonce)


def n_today(session: Session, code_id: int, now: dt.datetime) -> int:
    """Count what a code opened on the present local day."""
    since = day_starts_at(london_day(now))
    counted = sa.select(sa.func.count()).where(Start.code_id == code_id, Start.started_at >= since)
    return session.scalar(counted) or 0


def count_call(session: Session, code_id: int, now: dt.datetime, *, most: int) -> None:
    """Count a wish to be called, or raise TooMany; the database counts, for every process together."""
    today = london_day(now)
    insert_or_ignore(session, CodeCalls, [{"code_id": code_id, "day": today, "n": 0}])
    row = sa.and_(CodeCalls.code_id == code_id, CodeCalls.day == today, CodeCalls.n < most)
    counted = sa.update(CodeCalls).where(row).values(n=CodeCalls.n + 1).returning(CodeCalls.n)
    if session.execute(counted.execution_options(synchronize_session=False)).first() is None:
        raise TooMany(f"code {code_id} has led to {most} wishes to be called today")


def in_tens(session: Session, code_ids: list[int]) -> dict[int, str]:
    """Say of each code how many surveys it opened, in steps of ten: exact counts would tell of one person."""
    counted = sa.select(Start.code_id, sa.func.count()).where(Start.code_id.in_(code_ids))
    found = {row[0]: row[1] for row in session.execute(counted.group_by(Start.code_id))}
    return {
        code_id: f"{n // 10 * 10:,} or more" if (n := found.get(code_id, 0)) >= 10 else "under 10"
        for code_id in code_ids
    }


def _token(keys: Keys, nonce: str) -> str:
    return derive_token(keys.token, "open start", nonce)


def _hash(keys: Keys, token: str) -> bytes:
    return keyed_hash(keys.token, "open token", token)
