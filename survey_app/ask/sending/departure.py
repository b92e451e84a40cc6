"""Departure: the last look at a message before it leaves; much can have happened since it was queued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.sending.again import SEPARATOR
from survey_app.ask.sending.gateways.contract import Button, Letter, Template
from survey_app.ask.sending.outbox import AFTER_STOPPING, ASKING, CONVERSATIONAL, sealed_for
from survey_app.ask.sending.quiet_hours import hours_of, next_allowed, seconds_until_close
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.crypto import Keys, unseal

MARGIN_SECONDS = 60
TOO_LATE_SECONDS = 120
"""A text that cannot stay two minutes in the provider's queue goes out the next morning."""

BREATH = dt.timedelta(seconds=30)


class Hooks(Protocol):
    """What the room above knows of invitations and of who agreed to what."""

    def link(self, session: Session, invitation_id: int) -> str:
        """Return the link that opens an invitation; it is stored nowhere."""

    def stop_link(self, session: Session, invitation_id: int) -> str:
        """Return the link that opens the page on which a person says that they want no more."""

    def language(self, session: Session, invitation_id: int) -> str:
        """Return the language in which the person is asked."""

    def letter_pdf(self, invitation_id: int, address: str) -> bytes:
        """Return a letter on paper as PDF, or nothing; no transaction is open: printing takes long."""

    def still_wanted(self, session: Session, invitation_id: int) -> bool:
        """Tell whether an invitation can still be answered."""

    def may_invite(self, session: Session, invitation_id: int) -> bool:
        """Tell whether nobody else was asked on this phone lately, and the person is not left alone."""

    def is_awaited(self, session: Session, message_key: str, invitation_id: int) -> bool:
        """Tell whether what a message asks is still waited for: the conversation may have moved on."""

    def news_wanted(self, session: Session, address_index: bytes) -> bool:
        """Tell whether somebody on a phone still wants to hear what was done."""

    def links_by_key(self, session: Session, key: str) -> Mapping[str, str]:
        """Return what stands for each {place} of a message that belongs to no invitation; stored nowhere."""

    def wanted_by_key(self, session: Session, key: str) -> bool:
        """Tell whether a message that asks for something but belongs to no invitation may still leave."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The message must not leave any more."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message must wait: it is too late in the day, or too much is being said at once."""

    until: dt.datetime


def prepare(
    session: Session,
    message: Message,
    *,
    keys: Keys,
    hooks: Hooks,
    now: dt.datetime,
    most_in_a_breath: int | None = None,
) -> Letter | Withdrawn | Postponed:
    """Return the letter to hand over, or why it stays."""
    if not _wanted(session, message, hooks, now):
        return Withdrawn()
    valid_seconds = None
    if message.kind.unsolicited:
        hours = hours_of(message.medium)
        left = seconds_until_close(now, hours)
        if next_allowed(now, hours) > now or left < TOO_LATE_SECONDS:
            return Postponed(next_allowed(now + dt.timedelta(seconds=left + 1), hours))
        valid_seconds = left - MARGIN_SECONDS
    elif most_in_a_breath is not None and _n_lately(session, message, now) >= most_in_a_breath:
        return Postponed(now + BREATH)
    letter = letter_of(session, message, keys=keys, hooks=hooks, now=now)
    return replace(letter, valid_seconds=valid_seconds)


def letter_of(session: Session, message: Message, *, keys: Keys, hooks: Hooks, now: dt.datetime) -> Letter:
    """Return a message as a gateway gets it: its address readable, its links in it, its document made."""
    address = unseal(keys.contact, message.address_sealed, bound_to=sealed_for(message.key))
    with_links = _linked(session, message, hooks)
    return Letter(
        key=message.key,
        address=address,
        body=with_links(message.body),
        callback_token=message.callback_token,
        subject=message.subject or "",
        template=_template(message, with_links),
        buttons=tuple(Button(code, title) for code, title in message.buttons or ()),
        free=message.free_until is not None and now < message.free_until,
        language=_language(session, message, hooks),
    )


def _language(session: Session, message: Message, hooks: Hooks) -> str:
    if message.medium is not Medium.WHATSAPP or message.invitation_id is None:
        return "en"
    return hooks.language(session, message.invitation_id)


def _linked(session: Session, message: Message, hooks: Hooks) -> Callable[[str], str]:
    def with_links(text: str) -> str:
        if message.invitation_id is None:
            return _linked_by_key(session, message, hooks, text)
        if "{stop_link}" in text:
            text = text.replace("{stop_link}", hooks.stop_link(session, message.invitation_id))
        return (
            text.replace("{link}", hooks.link(session, message.invitation_id)) if "{link}" in text else text
        )

    return with_links


def _linked_by_key(session: Session, message: Message, hooks: Hooks, text: str) -> str:
    if message.kind not in ASKING or "link}" not in text:
        return text
    for place, link in hooks.links_by_key(session, message.key).items():
        text = text.replace(place, link)
    return text


def with_document(letter: Letter, message: Message, hooks: Hooks) -> Letter:
    """Return a letter as it is posted: on paper it is a PDF."""
    if message.medium is not Medium.LETTER or message.invitation_id is None:
        return letter
    return replace(letter, document=hooks.letter_pdf(message.invitation_id, letter.address))


def _template(message: Message, with_links: Callable[[str], str]) -> Template | None:
    if message.template is None:
        return None
    values = tuple(with_links(value) for value in message.template["values"])
    return Template(message.template["name"], message.template["language"], values)


def _wanted(session: Session, message: Message, hooks: Hooks, now: dt.datetime) -> bool:
    if message.not_after is not None and now > message.not_after:
        return False
    if message.kind not in AFTER_STOPPING and is_suppressed(session, message.address_index):
        return False
    if message.kind is MessageKind.NEWS:
        return hooks.news_wanted(session, message.address_index)
    if message.invitation_id is None:
        return message.kind not in ASKING or hooks.wanted_by_key(session, message.key)
    if message.kind not in CONVERSATIONAL:
        return True
    return _has_a_point(session, message, message.invitation_id, hooks)


def _has_a_point(session: Session, message: Message, invitation_id: int, hooks: Hooks) -> bool:
    if message.kind is MessageKind.QUESTION and _is_overtaken(session, message):
        return False
    if not hooks.still_wanted(session, invitation_id):
        return False
    if not hooks.is_awaited(session, message.key, invitation_id):
        return False
    return message.kind not in ASKING or hooks.may_invite(session, invitation_id)


def _is_overtaken(session: Session, message: Message) -> bool:
    """Tell whether the survey has gone on to a newer question: an answer would be taken for that one's."""
    first = message.key.partition(SEPARATOR)[
        0
    ]  # a question that failed is sent once more under a key beside it
    asked = sa.select(Message.id).where(Message.key == first).scalar_subquery()
    newer = sa.select(Message.id).where(
        Message.invitation_id == message.invitation_id,
        Message.kind == MessageKind.QUESTION,
        Message.id > asked,
        Message.key != first,
        ~Message.key.startswith(f"{first}{SEPARATOR}", autoescape=True),
    )
    return session.execute(newer.limit(1)).first() is not None


def _n_lately(session: Session, message: Message, now: dt.datetime) -> int:
    if message.medium is not Medium.TEXT or message.kind in AFTER_STOPPING:
        return 0
    lately = sa.select(sa.func.count()).where(
        Message.address_index == message.address_index,
        Message.medium == Medium.TEXT,
        Message.sent_at > now - BREATH,
    )
    return session.scalar(lately) or 0
