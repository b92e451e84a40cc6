"""Departure: the last look at a message before it leaves; much can have happened since it was queued."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.sending.gateways.contract import Letter
from survey_app.ask.sending.outbox import AFTER_STOPPING, CONVERSATIONAL, sealed_for
from survey_app.ask.sending.quiet_hours import hours_of, next_allowed, seconds_until_close
from survey_app.ask.sending.tables import Message, MessageKind
from survey_app.crypto import Keys, unseal

MARGIN_SECONDS = 60
TOO_LATE_SECONDS = 120
"""A text that cannot stay two minutes in the provider's queue goes out the next morning."""


class Hooks(Protocol):
    """What the room above knows of invitations and of who agreed to what."""

    def link(self, session: Session, invitation_id: int) -> str:
        """Return the link that opens an invitation; it is stored nowhere."""

    def still_wanted(self, session: Session, invitation_id: int) -> bool:
        """Tell whether an invitation can still be answered."""

    def news_wanted(self, session: Session, address_index: bytes) -> bool:
        """Tell whether somebody on a phone still wants to hear what was done."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The message must not leave any more."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message must wait: it is too late in the day."""

    until: dt.datetime


def prepare(
    session: Session, message: Message, *, keys: Keys, hooks: Hooks, now: dt.datetime
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
    body = message.body
    if "{link}" in body and message.invitation_id is not None:
        body = body.replace("{link}", hooks.link(session, message.invitation_id))
    address = unseal(keys.contact, message.address_sealed, bound_to=sealed_for(message.key))
    return Letter(message.key, address, body, message.callback_token, message.subject or "", valid_seconds)


def _wanted(session: Session, message: Message, hooks: Hooks, now: dt.datetime) -> bool:
    if message.not_after is not None and now > message.not_after:
        return False
    if message.kind not in AFTER_STOPPING and is_suppressed(session, message.address_index):
        return False
    if message.kind is MessageKind.NEWS:
        return hooks.news_wanted(session, message.address_index)
    asks = message.kind in CONVERSATIONAL and message.invitation_id is not None
    return not asks or hooks.still_wanted(session, message.invitation_id or 0)
