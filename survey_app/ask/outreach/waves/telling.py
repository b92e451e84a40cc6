"""What members of a wave are told: the invitation, one reminder, and that a wave was stopped unopened.

Everybody is told in their language. Where nobody said which, English carries a line in each other one.
"""

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
SOURCE = "en"


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
class Speech:
    """What members are told in one language; `beside` stands with English where theirs is not known."""

    letters: Mapping[Occasion, Letters]
    months: tuple[str, ...]
    beside: Mapping[Occasion, str]


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


def speeches_of(wording: Mapping[str, Mapping[str, str]]) -> dict[str, Speech]:
    """Return what is said in each language, from the tables of wording for teams."""
    return {language: _speech_of(table) for language, table in wording.items()}


def _speech_of(table: Mapping[str, str]) -> Speech:
    letters = {
        one: Letters(*(table[f"{one}_{part}"].strip() for part in ("text", "subject", "email")))
        for one in Occasion
    }
    beside = {one: table[f"{one}_beside"] for one in Occasion if f"{one}_beside" in table}
    return Speech(letters, tuple(table["months"].split()), beside)


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling needs."""

    keys: Keys
    speeches: Mapping[str, Speech]
    sender: str
    now: dt.datetime

    def letters(self, occasion: Occasion, language: str | None) -> Letters:
        """Return what somebody is told."""
        said = self.speech(language).letters[occasion]
        if language is not None:
            return said
        lines = [one.beside[occasion] for one in self.speeches.values() if occasion in one.beside]
        return Letters(" ".join([said.text, *lines]), said.subject, "\n\n".join([*lines, said.email]))

    def speech(self, language: str | None) -> Speech:
        """Return a language as it is spoken here: English where another is not known, or may not be said."""
        return self.speeches.get(language or SOURCE, self.speeches[SOURCE])


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
    letters, by_mail = teller.letters(occasion, contact.language), contact.kind is AddressKind.EMAIL
    ends_at = day_starts_at(wave.ends_on + dt.timedelta(days=1))
    until = _day(wave.ends_on, teller.speech(contact.language).months)
    values = {"sender": teller.sender, "round": wave.round, "until": until}
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


def _day(day: dt.date, months: tuple[str, ...]) -> str:
    return f"{day.day} {months[day.month - 1]} {day.year}"
