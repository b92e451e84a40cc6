"""Making, listing, reading and revoking API tokens; each reaches no further than its maker does today."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import READING, SignedIn, may_see, only
from survey_app.accounts.tables import Grant, Staff
from survey_app.accounts.tokens.tables import ApiToken
from survey_app.clock import london_day
from survey_app.crypto import Keys, keyed_hash

PREFIX = "lcs_"
"""So that programs which search for lost secrets know ours."""
USUAL_DAYS, LONGEST_DAYS = 90, 365
MOST = 20
"""Tokens of one person that work at the same time."""


class BadToken(ValueError):
    """A token that cannot be made; the message says what was expected, `field` of which answer."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token, as the API needs to know: which token, and the place paths it may read."""

    token_id: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks a token to be."""

    name: str
    place_path: str
    days: int = USUAL_DAYS

    def refuse_beyond(self, person: SignedIn) -> None:
        """Raise BadToken for a name, a length or a place that may not be."""
        if not 1 <= len(self.name.strip()) <= 80 or "\x00" in self.name:
            raise BadToken("name", "Give it a name of at most 80 characters, such as where it is used")
        if not 1 <= self.days <= LONGEST_DAYS:
            raise BadToken("days", f"It can work for 1 to {LONGEST_DAYS} days")
        if not may_see(only(person, READING), self.place_path):
            raise BadToken("place", "Choose one of your places")


def make(session: Session, person: SignedIn, wanted: Wanted, *, now: dt.datetime, keys: Keys) -> str:
    """Make a token within a person's reach and return it: it is kept only as a hash."""
    wanted.refuse_beyond(person)
    if sum(is_working(token, now) for token in of_person(session, person.staff_id)) >= MOST:
        raise BadToken("name", f"You have {MOST} tokens that work: revoke one first")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            token_hash=_hash(keys, token),
            staff_id=person.staff_id,
            name=wanted.name.strip(),
            place_path=wanted.place_path,
            created_at=now,
            expires_at=now + dt.timedelta(days=wanted.days),
        )
    )
    session.flush()
    return token


def of_person(session: Session, staff_id: int) -> Sequence[ApiToken]:
    """Return a person's tokens, the newest first."""
    query = sa.select(ApiToken).where(ApiToken.staff_id == staff_id).order_by(ApiToken.id.desc())
    return session.scalars(query).all()


def is_working(token: ApiToken, now: dt.datetime) -> bool:
    """Tell whether a token was neither revoked nor has run out."""
    return token.revoked_at is None and now < token.expires_at


def revoke(session: Session, staff_id: int, token_id: int, *, now: dt.datetime) -> bool:
    """End one of a person's own tokens; False for anybody else's."""
    mine = sa.and_(ApiToken.id == token_id, ApiToken.staff_id == staff_id)
    ended = sa.update(ApiToken).where(mine, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    session.execute(ended)
    return bool(session.scalar(sa.select(sa.exists().where(mine))))


def bearer(session: Session, token: str, *, now: dt.datetime, keys: Keys) -> Bearer | None:
    """Return what a token may read today; None where it ended, or its maker is no longer here."""
    works = sa.and_(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now, Staff.active)
    query = (
        sa.select(ApiToken.id, ApiToken.place_path, Grant.place_path)
        .join(Staff, Staff.id == ApiToken.staff_id)
        .join(Grant, Grant.staff_id == Staff.id)
        .where(ApiToken.token_hash == _hash(keys, token), works, Grant.role.in_(READING))
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    paths = common(rows[0][1], (row[2] for row in rows))
    return Bearer(rows[0][0], paths) if paths else None


def common(place_path: str, granted: Iterable[str]) -> tuple[str, ...]:
    """Return what lies below a place and also below some granted paths, each part once."""
    both = {
        path if path.startswith(place_path) else place_path
        for path in granted
        if path.startswith(place_path) or place_path.startswith(path)
    }
    return tuple(
        sorted(path for path in both if not any(path != top and path.startswith(top) for top in both))
    )


def is_first_today(session: Session, token_id: int, now: dt.datetime) -> bool:
    """Tell whether today's use of a token was not noted yet."""
    last = session.scalar(sa.select(ApiToken.last_used_on).where(ApiToken.id == token_id))
    return last is None or last < london_day(now)


def note_use(session: Session, token_id: int, now: dt.datetime) -> None:
    """Note the day on which a token was used."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_on=london_day(now)))


def follow_move(session: Session, before: str, after: str) -> None:
    """Let tokens at or below a path that changed stay with their place."""
    below = ApiToken.place_path.startswith(before, autoescape=True)
    for found in session.scalars(sa.select(ApiToken).where(below)):
        found.place_path = after + found.place_path.removeprefix(before)


def _hash(keys: Keys, token: str) -> bytes:
    return keyed_hash(keys.token, "api-token", token)
