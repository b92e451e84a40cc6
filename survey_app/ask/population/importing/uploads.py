"""Lists between preview and confirmation: kept sealed for their sender alone, and gone within the hour."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.importing.tables import PeopleUpload
from survey_app.crypto import Keys, seal, unseal

# A form cannot carry twenty megabytes back, and a file sent twice may be another one than the
# one that was shown. In the database every web process finds it, whichever machine it runs on.
LASTS = dt.timedelta(hours=1)


def keep(session: Session, text: str, *, staff_id: int, keys: Keys, now: dt.datetime) -> str:
    """Keep a list sealed and return its id; an earlier one of the same sender is gone."""
    purge(session, now)
    session.execute(sa.delete(PeopleUpload).where(PeopleUpload.staff_id == staff_id))
    upload_id = secrets.token_urlsafe(16)
    sealed = seal(keys.contact, text, bound_to=_bound(upload_id))
    session.add(PeopleUpload(id=upload_id, staff_id=staff_id, sealed=sealed, created_at=now))
    session.flush()
    return upload_id


def find(session: Session, upload_id: str, *, staff_id: int, now: dt.datetime) -> PeopleUpload | None:
    """Return a list by its id, to nobody but who sent it, and only within the hour."""
    mine = sa.select(PeopleUpload).where(
        PeopleUpload.id == upload_id, PeopleUpload.staff_id == staff_id, PeopleUpload.created_at > now - LASTS
    )
    return session.scalars(mine).first()


def text_of(upload: PeopleUpload, keys: Keys) -> str:
    """Return a list as it was sent."""
    return unseal(keys.contact, upload.sealed, bound_to=_bound(upload.id))


def choose(session: Session, upload_id: str, columns: Mapping[str, Any]) -> None:
    """Keep what a person said each column is."""
    chosen = sa.update(PeopleUpload).where(PeopleUpload.id == upload_id)
    session.execute(chosen.values(columns=dict(columns)))


def leave_refused(
    session: Session, upload_id: str, refused: str, report: Mapping[str, Any], *, keys: Keys
) -> None:
    """Let only the refused rows of a list that was taken stay for the rest of the hour."""
    sealed = seal(keys.contact, refused, bound_to=_bound(upload_id))
    taken = sa.update(PeopleUpload).where(PeopleUpload.id == upload_id)
    session.execute(taken.values(sealed=sealed, report=dict(report)))


def drop(session: Session, upload_id: str) -> None:
    """Delete a list that was taken whole, or that nobody wants."""
    session.execute(sa.delete(PeopleUpload).where(PeopleUpload.id == upload_id))


def purge(session: Session, now: dt.datetime) -> None:
    """Delete every list whose hour is over."""
    session.execute(sa.delete(PeopleUpload).where(PeopleUpload.created_at <= now - LASTS))


def forget_all(session: Session) -> None:
    """Delete every list that waits."""
    session.execute(sa.delete(PeopleUpload))


def _bound(upload_id: str) -> str:
    return f"people_upload:{upload_id}"
