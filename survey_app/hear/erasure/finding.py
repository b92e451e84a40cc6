"""Who is meant by a number, an e-mail address, a reference or a survey link, and how much is held of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach import invitations
from survey_app.ask.population.addresses import AddressKind, address_key, parse_email
from survey_app.ask.population.participants import by_address, by_phone, by_reference
from survey_app.ask.population.phones import parse_number_to_call, phone_index
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending.tables import Message
from survey_app.crypto import Keys
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.origins import person_of
from survey_app.hear.responses.tables import Answer, Response


class By(StrEnum):
    """How somebody who asks to be erased is found."""

    PHONE = "phone"
    EMAIL = "email"
    REFERENCE = "reference"
    TOKEN = "token"  # noqa: S105 - of a survey link


@dataclass(frozen=True, slots=True)
class Held:
    """How much is held of some people, as counts: nothing of what it says."""

    people: int
    invitations: int
    responses: int
    answers: int
    messages: int  # that we sent, or wait to
    texts: int  # that came from them
    members: int = 0  # rows on rosters of staff teams


def find(session: Session, keys: Keys, by: By, said: str) -> list[Participant]:
    """Return everybody meant, by id; what can be no number or address raises BadPhone or BadAddress."""
    said = said.strip()
    if by is By.PHONE:
        return by_phone(session, phone_index(keys, parse_number_to_call(said)))
    if by is By.EMAIL:
        return by_address(session, AddressKind.EMAIL, address_key(keys, AddressKind.EMAIL, parse_email(said)))
    if by is By.REFERENCE:
        return by_reference(session, said)
    asked = invitations.find(session, keys, said.rstrip("/").rpartition("/")[2])
    person = session.get(Participant, asked.participant_id) if asked else None
    return [person] if person else []


def held_of(session: Session, keys: Keys, people: Sequence[Participant]) -> Held:
    """Count what is held of some people."""
    asked = [number for person in people for number in invitations.of_participant(session, person.id)]
    theirs = Response.person.in_([person_of(person.id, keys) for person in people])
    indexes = [index for person in people for index in (person.phone_index, person.landline_index) if index]
    return Held(
        people=len(people),
        invitations=len(asked),
        responses=_n(session, Response, theirs),
        answers=_n(session, Answer, Answer.response_id.in_(sa.select(Response.id).where(theirs))),
        messages=_n(session, Message, Message.invitation_id.in_(asked)),
        texts=_n(session, InboundMessage, InboundMessage.address_index.in_(indexes)),
    )


def _n(
    session: Session,
    table: type[Response | Answer | Message | InboundMessage],
    chosen: sa.ColumnElement[bool],
) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(chosen)) or 0
