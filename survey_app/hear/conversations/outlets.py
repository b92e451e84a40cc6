"""Outlets: where the words of a turn go; texts go into the outbox, a call collects what it will speak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Item
from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.outreach.asked import Asked
from survey_app.ask.sending.gateways.contract import Button
from survey_app.ask.sending.outbox import Outgoing, address_index, queue, sent_since
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.crypto import Keys
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.reading.wording import Wording
from survey_app.hear.responses.tables import Channel

A_DAY = dt.timedelta(hours=24)
MEDIUM_OF = {Channel.SMS: Medium.TEXT, Channel.WHATSAPP: Medium.WHATSAPP, Channel.VOICE: Medium.TEXT}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the wording file by its name, and what stands in its places."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listener:
    """To whom words go: in which language, and about which invitation, if about one."""

    wording: Wording
    invitation: Asked | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something said that asks nothing; of a family named here texts carry one a day."""

    key: str
    phrase: Phrase
    kind: MessageKind = MessageKind.REPLY
    family: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question, its number among those this person is asked, and what is said before it."""

    key: str
    item: Item
    number: int
    total: int
    lead: Phrase | None = None
    keeps_lead: bool = False  # what was changed must be said, even where that takes a second text


class Outlet(Protocol):
    """Takes the words of one turn; a turn says at most a few lines and asks at most one question."""

    def ask(self, prompt: Prompt, to: Listener) -> None:
        """Ask a question."""

    def say(self, line: Line, to: Listener) -> None:
        """Say something that asks nothing."""


@dataclass(frozen=True, slots=True)
class TextOutlet:
    """Sends a turn's words through the outbox, by the medium that the person wrote with."""

    session: Session
    keys: Keys
    medium: Medium
    address: str
    now: dt.datetime
    asks_with: MessageKind = MessageKind.QUESTION

    def ask(self, prompt: Prompt, to: Listener) -> None:
        """Queue a question; an echo falls away where it would need a second text."""
        number = to.wording.text("question_prefix", n=prompt.number, total=prompt.total)
        text = number + prompt.item.sms
        lead = to.wording.text(prompt.lead.name, **prompt.lead.values) if prompt.lead is not None else ""
        keeps = prompt.keeps_lead or self.asks_with.unsolicited
        body = lead + text if keeps or measure_text(lead + text).segments == 1 else text
        self._send(prompt.key, self.asks_with, body, to, buttons_of(prompt.item))

    def say(self, line: Line, to: Listener) -> None:
        """Queue a text, unless one of its family went out within a day: machines must not chat."""
        key, body = line.key, to.wording.text(line.phrase.name, **line.phrase.values)
        if line.family:
            index = address_index(self.keys, self.medium, self.address)
            starts = f"{line.family}:"
            if sent_since(self.session, address_index=index, key_starts=starts, since=self.now - A_DAY):
                return
            # The day in the key makes two texts that arrive together get one answer.
            key = f"{line.family}:{index.hex()[:32]}:{self.now:%Y%m%d}"
        self._send(key, line.kind, body, to)

    def _send(
        self, key: str, kind: MessageKind, body: str, to: Listener, buttons: tuple[Button, ...] = ()
    ) -> None:
        invitation = to.invitation
        outgoing = Outgoing(
            key=key,
            kind=kind,
            medium=self.medium,
            address=self.address,
            body=body,
            not_before=self.now,
            invitation_id=invitation.id if invitation is not None else None,
            not_after=invitation.expires_at if invitation is not None and kind is self.asks_with else None,
            buttons=buttons if self.medium is Medium.WHATSAPP else (),
            free_until=self._free_until(kind),
        )
        queue(self.session, outgoing, keys=self.keys, now=self.now)

    def _free_until(self, kind: MessageKind) -> dt.datetime | None:
        # Who has just written may be answered freely for a day; a reminder answers nobody.
        answers = self.medium is Medium.WHATSAPP and not kind.unsolicited
        return self.now + A_DAY if answers else None


def buttons_of(item: Item) -> tuple[Button, ...]:
    """Return the answers to tap under a question."""
    return tuple(Button(option.code, option.label) for option in item.options)


def text_outlet(session: Session, inbound: Inbound, keys: Keys) -> TextOutlet:
    """Return the outlet that answers a text on the way it came."""
    return TextOutlet(session, keys, MEDIUM_OF[inbound.channel], inbound.sender, inbound.received_at)
