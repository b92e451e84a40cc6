"""What members of a wave are told: the invitation, one reminder, and that a wave was stopped unopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave
from survey_app.ask.population.addresses import AddressKind
from survey_app.ask.population.teams.addresses import Contact, contact_of
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.ask.sending.again import SEPARATOR
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.clock import day_starts_at
from survey_app.crypto import Keys

FAMILY = "wave"


class Occasion(StrEnum):
    """Why members are written to."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Letters:
    """What is said on one occasion; {round} and {until} are filled here, {link} when it is sent."""

    text: str
    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the key of a message says about it."""

    wave_id: str
    member_id: int
    occasion: Occasion


KINDS = {
    Occasion.INVITATION: MessageKind.INVITE,
    Occasion.REMINDER: MessageKind.REMINDER,
    Occasion.VOID: MessageKind.REMINDER,
}
VOID_LASTS = dt.timedelta(days=14)


def letters_of(wording: Mapping[str, str]) -> dict[Occasion, Letters]:
    """Return what is said on each occasion, from the table of wording for teams."""
    return {
        one: Letters(*(wording[f"{one}_{part}"].strip() for part in ("text", "subject", "email")))
        for one in Occasion
    }


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs."""

    keys: Keys
    letters: Mapping[Occasion, Letters]
    sender: str
    now: dt.datetime


def tell(
    session: Session, wave: Wave, occasion: Occasion, member_ids: Collection[int], teller: Teller
) -> None:
    """Queue a message to some members; twice is once. No link stands in it."""
    for member_id, contact in contacts(session, member_ids, teller.keys):
        queue(
            session, _outgoing(wave, occasion, member_id, contact, teller), keys=teller.keys, now=teller.now
        )


def contacts(session: Session, member_ids: Collection[int], keys: Keys) -> Iterable[tuple[int, Contact]]:
    """Yield who some members are, without those who were erased."""
    found = sa.select(TeamMember).where(TeamMember.id.in_(member_ids)).order_by(TeamMember.id)
    for member in session.scalars(found):
        contact = contact_of(keys, member)
        if contact is not None:
            yield member.id, contact


def read_key(key: str) -> Told | None:
    """Return what the key of a message says, or None where it is not one of ours."""
    family, _, rest = key.partition(SEPARATOR)[0].partition(":")
    parts = rest.split(":")
    if family != FAMILY or len(parts) != 3:
        return None
    wave_id, member_id, occasion = parts
    return Told(wave_id, int(member_id), Occasion(occasion))


def _outgoing(wave: Wave, occasion: Occasion, member_id: int, contact: Contact, teller: Teller) -> Outgoing:
    letters, by_mail = teller.letters[occasion], contact.kind is AddressKind.EMAIL
    ends_at = day_starts_at(wave.ends_on + dt.timedelta(days=1))
    values = {"sender": teller.sender, "round": wave.round, "until": _day(wave.ends_on)}
    return Outgoing(
        key=f"{FAMILY}:{wave.id}:{member_id}:{occasion}",
        kind=KINDS[occasion],
        medium=Medium.EMAIL if by_mail else Medium.TEXT,
        address=contact.address,
        body=_filled(letters.email if by_mail else letters.text, values),
        subject=_filled(letters.subject, values)[:120] if by_mail else None,
        not_before=max(teller.now, day_starts_at(wave.starts_on)),
        not_after=teller.now + VOID_LASTS if occasion is Occasion.VOID else ends_at,
    )


def _filled(said: str, values: dict[str, str]) -> str:
    for place, value in values.items():
        said = said.replace("{" + place + "}", value)
    return said


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
