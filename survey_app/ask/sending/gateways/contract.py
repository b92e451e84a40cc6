"""What every gateway promises: hand over a letter once, or say why not and whether it may be tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Verdict(StrEnum):
    """What a refusal means for the message and its address."""

    NEVER = "never"
    LATER = "later"
    HOLD = "hold"
    HOLD_ADDRESS = "hold_address"
    STOP_ADDRESS = "stop_address"
    TEMPLATE = "template"  # a free message came too late: only an approved template may go out
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG inside an e-mail; its HTML shows it as `cid:` and this name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Button:
    """One answer to tap under a question."""

    code: int
    title: str


@dataclass(frozen=True, slots=True)
class Template:
    """An approved wording by its name, and what stands in its places, in their order."""

    name: str
    language: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to leave: the address is readable and the link is in the body.

    Only e-mail knows `html`, `pictures` and further `headers`; the body then says the same as plain text.
    Only a letter on paper has a `document` (PDF), and lines in its address. Only WhatsApp knows `template`
    and `buttons`, and must know whether the person wrote within a day, so that we may write freely, and else
    in which `language` a template carries the words.
    """

    key: str
    address: str
    body: str
    callback_token: str
    subject: str = ""
    valid_seconds: int | None = None
    html: str = ""
    pictures: tuple[Picture, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    document: bytes = b""
    template: Template | None = None
    buttons: tuple[Button, ...] = ()
    free: bool = False
    language: str = "en"

    def __repr__(self) -> str:
        return f"Letter({self.key})"  # address and link stay out of logs


class GatewayFault(Exception):
    """A letter did not get out as it should."""


class Rejected(GatewayFault):
    """The provider refused the letter and said why."""

    def __init__(self, code: str, verdict: Verdict) -> None:
        super().__init__(f"refused with {code}: {verdict}")
        self.code = code
        self.verdict = verdict


class NotSent(GatewayFault):
    """The letter certainly did not get out: it may be tried again."""


class Unsure(GatewayFault):
    """The letter may have got out: it must not be sent again blindly."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class Gateway(Protocol):
    """One way out for one medium."""

    def send(self, letter: Letter) -> str:
        """Hand a letter over and return the provider's id of it, or raise a GatewayFault."""

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Return the provider's id of a letter that may have got out at `tried_at`, or None."""


@runtime_checkable
class Searching(Protocol):
    """A gateway whose provider can be asked which letters it has."""

    def matches(self, letter: Letter, *, tried_at: dt.datetime) -> Sequence[str]:
        """Return every id that may be this letter's; NotSent if the list cannot be had."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message somebody sent to us, as the provider keeps it."""

    provider_id: str
    sender: str
    our_address: str
    body: str
    sent_at: dt.datetime
    n_media: int = 0

    def __repr__(self) -> str:
        return f"Received({self.provider_id})"


@runtime_checkable
class Receiving(Protocol):
    """A gateway whose provider can be asked what came in while nobody answered its calls."""

    def received(self, *, since: dt.datetime) -> Sequence[Received]:
        """Return what came in since an instant, the oldest first; NotSent if the list cannot be had."""


@runtime_checkable
class NamingSenders(Protocol):
    """A gateway whose provider can be asked which of our senders cannot receive replies."""

    def alphanumeric_senders(self) -> Sequence[str]:
        """Return the senders people cannot reply to; NotSent if that cannot be known."""
