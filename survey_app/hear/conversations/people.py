"""The people behind an address: everyone who shares a phone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import Participant


def people_at(session: Session, address_index: bytes) -> Sequence[Participant]:
    """Return everyone who shares an address: a wish to stop is about the phone."""
    query = sa.select(Participant).where(reached_on(address_index))
    return session.execute(query.order_by(Participant.id)).scalars().all()


def reached_on(address_index: bytes | sa.BindParameter[bytes]) -> sa.ColumnElement[bool]:
    """Return the condition that a participant is reached on a number, mobile or landline."""
    return sa.or_(Participant.phone_index == address_index, Participant.landline_index == address_index)


def place_of(session: Session, address_index: bytes) -> str | None:
    """Return the locality of whoever has an address; None for strangers."""
    return next((person.locality_id for person in people_at(session, address_index)), None)
