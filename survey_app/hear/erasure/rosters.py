"""Members of teams: erased by their address, or forgotten long after they left; ballots are nobody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import members
from survey_app.ask.outreach.waves.telling import FAMILY
from survey_app.ask.population import participants
from survey_app.ask.population.addresses import AddressKind, address_key, parse_email
from survey_app.ask.population.phones import parse_number_to_call, phone_index
from survey_app.ask.population.tables import Participant
from survey_app.ask.population.teams import roster
from survey_app.ask.sending import outbox
from survey_app.ask.sending.tables import Message
from survey_app.clock import day_starts_at
from survey_app.crypto import Keys
from survey_app.hear.erasure.finding import By

MESSAGES_KEPT = dt.timedelta(days=60)
OURS = Message.key.startswith(f"{FAMILY}:", autoescape=True)


def index_of(keys: Keys, by: By, said: str) -> bytes | None:
    """Return the index of an address that somebody is looked for by; None for a reference or a link."""
    if by is By.PHONE:
        return phone_index(keys, parse_number_to_call(said))
    return address_key(keys, AddressKind.EMAIL, parse_email(said)) if by is By.EMAIL else None


def addresses_of(session: Session, people: Iterable[Participant]) -> list[bytes]:
    """Return the indexes of addresses that are one person's alone: where a roster has one, it means them."""
    return [index for person in people for index in participants.addresses_alone(session, person)]


def members_of(session: Session, keys: Keys, people: Iterable[Participant], by: By, said: str) -> list[int]:
    """Return the ids of members of teams who go when some people are erased who were found by an address."""
    named, alone = index_of(keys, by, said), addresses_of(session, people)
    indexes = {*alone, *([named] if named else [])}
    return sorted(chain.from_iterable(roster.known_by(session, index) for index in indexes))


def forget_member(session: Session, address_index: bytes, *, day: dt.date) -> int:
    """Erase everybody on rosters who is written to at an address, and return how many rows that were.

    Names, addresses, links and messages go; that somebody was asked, and whether they answered, stays
    counted. What they answered cannot be found by anybody.
    """
    found = roster.known_by(session, address_index)
    outbox.forget(session, sa.and_(OURS, Message.address_index == address_index))
    _let_go(session, found, day)
    return len(found)


def forget_old(session: Session, *, day: dt.date, left_before: dt.date) -> None:
    """Forget who left before a day, and messages of waves that are long over."""
    _let_go(session, roster.left_before(session, left_before), day)
    outbox.forget(session, sa.and_(OURS, Message.created_at < day_starts_at(day - MESSAGES_KEPT)))


def _let_go(session: Session, member_ids: list[int], day: dt.date) -> None:
    if member_ids:
        members.shut_out(session, member_ids)
        roster.strip(session, member_ids, day=day)
