"""Telling the clock that charts must be looked at again: every change here leaves a row of its own."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.improvement.tables import SteeringChange


class BadSteering(ValueError):
    """A target, annotation or rebase that cannot be; the message says what was expected."""


def note_change(session: Session, now: dt.datetime) -> None:
    """Leave the sign that something which charts show has changed, in the transaction that changes it."""
    session.add(SteeringChange(changed_at=now))


def newest_change(session: Session) -> int:
    """Return the number of the newest change; 0 before the first."""
    return session.connection().execute(sa.select(sa.func.max(SteeringChange.id))).scalar() or 0


def plain(text: str, *, at_most: int, what: str) -> str:
    """Return one line of text without control characters and spare spaces, or say what was expected."""
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not 1 <= len(tidy) <= at_most:
        raise BadSteering(f"Enter {what} in 1 to {at_most} characters")
    return tidy
