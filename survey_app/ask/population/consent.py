"""Who must not be asked: objections on addresses, and people who withdrew."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import indexes_of
from survey_app.ask.population.tables import Consent, Participant, Suppression
from survey_app.database import insert_or_ignore

# Built once: on the path of every text, making a statement costs more than running it.
SUPPRESSED = sa.select(sa.exists().where(Suppression.phone_index == sa.bindparam("index")))


class SuppressionReason(StrEnum):
    """Why an address is not used."""

    OPTED_OUT = "opted out"
    DEAD_NUMBER = "dead number"
    WRONG_PERSON = "wrong person"
    ERASED = "erased"


def suppress(session: Session, *, phone_index: bytes, reason: str, at: dt.datetime) -> None:
    """Never contact an address again; the first reason and its date stand."""
    insert_or_ignore(session, Suppression, [{"phone_index": phone_index, "reason": reason, "since": at}])


def is_suppressed(session: Session, phone_index: bytes) -> bool:
    """Return whether an address must not be contacted."""
    return bool(session.connection().scalar(SUPPRESSED, {"index": phone_index}))


def withdraw(session: Session, *, participant_id: int, at: dt.datetime) -> None:
    """Take a person's word that they do not want to be asked; their addresses are left alone too."""
    chosen = sa.and_(Participant.id == participant_id, Participant.consent != Consent.WITHDRAWN)
    session.execute(sa.update(Participant).where(chosen).values(consent=Consent.WITHDRAWN, consent_at=at))
    person = session.get(Participant, participant_id)
    for index in [] if person is None else indexes_of(person):
        suppress(session, phone_index=index, reason=SuppressionReason.OPTED_OUT, at=at)


def may_ask(session: Session, participant_id: int) -> bool:
    """Return whether a person agreed to be asked, and not every address of theirs objected.

    Somebody with no address at all may answer what was given to them by hand.
    """
    agreed = sa.select(Participant).where(
        Participant.id == participant_id, Participant.consent == Consent.GIVEN
    )
    person = session.scalars(agreed.execution_options(populate_existing=True)).first()
    if person is None:
        return False
    indexes = indexes_of(person)
    return not indexes or not all(is_suppressed(session, index) for index in indexes)
