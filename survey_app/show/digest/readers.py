"""Who gets the weekly e-mail: asked for by themselves, stopped by one click from the letter."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import READING, Granted, SignedIn
from survey_app.accounts.tables import Grant, Staff
from survey_app.crypto import Keys, derive_token
from survey_app.database import insert_or_ignore
from survey_app.show.digest.tables import DigestReader

PURPOSE = "digest-stop"


def wants(session: Session, staff_id: int) -> bool:
    """Tell whether somebody gets the e-mail."""
    return session.get(DigestReader, staff_id) is not None


def turn_on(session: Session, staff_id: int, *, now: dt.datetime) -> None:
    """Let somebody have the e-mail from now on; twice is once."""
    insert_or_ignore(session, DigestReader, [{"staff_id": staff_id, "since": now}])


def turn_off(session: Session, staff_id: int) -> None:
    """Let somebody have it no longer; twice is once."""
    session.execute(sa.delete(DigestReader).where(DigestReader.staff_id == staff_id))


def all_readers(session: Session) -> Iterator[SignedIn]:
    """Yield everybody who wants the e-mail and may still read figures, with the roles by which they do."""
    query = (
        sa.select(Staff.id, Staff.name, Staff.email, Grant.role, Grant.place_path)
        .join(DigestReader, DigestReader.staff_id == Staff.id)
        .join(Grant, Grant.staff_id == Staff.id)
        .where(Staff.active, Grant.role.in_(READING))
        .order_by(Staff.id, Grant.place_path, Grant.role)
    )
    found: dict[tuple[int, str, str], list[Granted]] = {}
    for staff_id, name, email, role, place_path in session.execute(query):
        found.setdefault((staff_id, name, email), []).append(Granted(role, place_path))
    for (staff_id, name, email), grants in found.items():
        yield SignedIn(staff_id, name, email, tuple(grants))


def stop_token(keys: Keys, staff_id: int) -> str:
    """Return what stands in the link that stops the e-mail: it proves itself and opens nothing else."""
    return f"{staff_id}-{derive_token(keys.token, PURPOSE, str(staff_id))}"


def whose_token(keys: Keys, token: str) -> int | None:
    """Return whose e-mail a token stops; None where it was not made by us."""
    number, _, _ = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    fits = hmac.compare_digest(token.encode(), stop_token(keys, int(number)).encode())
    return int(number) if fits else None
