"""The one-time address of a new installation: made from its keys, open until somebody has used it."""

from __future__ import annotations

import datetime as dt
import hmac

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.setting_up.tables import FirstSetUp
from survey_app.accounts.tables import Staff
from survey_app.crypto import Keys, derive_token
from survey_app.database import insert_or_ignore
from survey_app.settings import Settings

ONLY = 1


def address_of(settings: Settings, keys: Keys) -> str:
    """Return the address; only who holds the keys of the installation can know it."""
    return f"{settings.public_base_url}/set-up/{_token(keys)}"


def fits(keys: Keys, token: str) -> bool:
    """Tell whether a token is the one of this installation."""
    return hmac.compare_digest(_token(keys).encode(), token.encode())


def is_open(session: Session) -> bool:
    """Tell whether nobody can sign in, and nobody ever began."""
    used = sa.exists().where(Staff.id.is_not(None))
    begun = sa.exists().where(FirstSetUp.id == ONLY)
    return not session.scalar(sa.select(sa.or_(used, begun)))


def begin(session: Session, *, now: dt.datetime) -> bool:
    """Use the address up; False where somebody else was faster: the database decides, not a look before."""
    return insert_or_ignore(session, FirstSetUp, [{"id": ONLY, "begun_at": now}]) == 1


def is_unfinished(session: Session) -> bool:
    """Tell whether somebody began and has not said that all is done."""
    unfinished = sa.exists().where(FirstSetUp.id == ONLY, FirstSetUp.finished_at.is_(None))
    return bool(session.scalar(sa.select(unfinished)))


def finish(session: Session, *, now: dt.datetime) -> None:
    """Close the set-up for good."""
    session.execute(sa.update(FirstSetUp).where(FirstSetUp.finished_at.is_(None)).values(finished_at=now))


def _token(keys: Keys) -> str:
    return derive_token(keys.session, "set-up", "first")
