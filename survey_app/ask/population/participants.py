"""People who may be asked: found by an address, and stripped of everything when they are erased."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import (
    AddressKind,
    address_key,
    address_of,
    index_column,
    indexes_of,
)
from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.importing.taking import ImportReport, Taking, take_list
from survey_app.ask.population.tables import Consent, Participant
from survey_app.crypto import Keys

ANY_SYNTHETIC = sa.select(sa.exists().where(Participant.synthetic.is_(True)))


def import_people(
    session: Session,
    text: bytes | str,
    *,
    keys: Keys,
    now: dt.datetime,
    breakdown: Breakdown,
    synthetic: bool = False,
) -> ImportReport:
    """Add or update the people of a file; a bad line raises BadRows, naming each, and nothing is stored."""
    return take_list(session, text, breakdown, Taking(keys, now, synthetic=synthetic))


def participant(session: Session, participant_id: int) -> Participant | None:
    """Return a person by id, or None."""
    return session.get(Participant, participant_id)


def by_phone(session: Session, index: bytes) -> list[Participant]:
    """Return everybody who shares a number, mobile or landline, by id."""
    theirs = sa.or_(Participant.phone_index == index, Participant.landline_index == index)
    return list(session.scalars(sa.select(Participant).where(theirs).order_by(Participant.id)))


def by_address(session: Session, kind: AddressKind, index: bytes) -> list[Participant]:
    """Return everybody who shares an address of one kind, by id."""
    theirs = index_column(kind) == index
    return list(session.scalars(sa.select(Participant).where(theirs).order_by(Participant.id)))


def by_reference(session: Session, reference: str) -> list[Participant]:
    """Return the person of a reference, or nobody."""
    return list(session.scalars(sa.select(Participant).where(Participant.reference == reference)))


def addresses_alone(session: Session, person: Participant) -> list[bytes]:
    """Return the indexes of a person's addresses that nobody shares."""
    others = sa.select(sa.func.count()).where(Participant.id != person.id)
    columns = [index_column(kind) for kind in AddressKind]
    return [
        index
        for index in indexes_of(person)
        if not session.scalar(others.where(sa.or_(*(column == index for column in columns))))
    ]


def numbers_alone(session: Session, keys: Keys, person: Participant) -> list[str]:
    """Return the telephone numbers of a person that nobody shares, in readable form."""
    kinds = (AddressKind.PHONE, AddressKind.LANDLINE)
    found = {
        address_key(keys, kind, said): said for kind in kinds if (said := address_of(keys, person, kind))
    }
    return [found[index] for index in addresses_alone(session, person) if index in found]


def phone_of(keys: Keys, person: Participant) -> str | None:
    """Return a person's number in readable form, or None; only what sends a message needs it."""
    return address_of(keys, person, AddressKind.PHONE)


def speak(session: Session, participant_id: int, language: str) -> None:
    """Keep the language a person chose: they are asked in it from now on."""
    chosen = sa.update(Participant).where(Participant.id == participant_id)
    session.execute(chosen.values(language=language, language_chosen=True))


def strip(session: Session, person: Participant, *, now: dt.datetime) -> None:
    """Leave nothing of an erased person but a row that can be neither found nor asked.

    The row stays because its number must never be given to somebody else: pseudonyms are made from it.
    """
    person.reference = f"erased-{secrets.token_hex(12)}"
    person.practice_id = person.category = None
    for kind in AddressKind:
        setattr(person, f"{kind}_sealed", None)
        setattr(person, f"{kind}_index", None)
    person.consent, person.consent_at, person.hear_back = Consent.WITHDRAWN, now, None
    session.flush()


def any_synthetic(session: Session) -> bool:
    """Return whether invented people are among the participants, so that pages can say so."""
    return bool(session.connection().scalar(ANY_SYNTHETIC))
