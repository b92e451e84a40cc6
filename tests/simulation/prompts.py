"""The questions that reached a phone, or may have: by text, by WhatsApp, or spoken in a call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.ask.instruments.model import Item
from survey_app.ask.sending.tables import Medium
from survey_app.hear.responses.tables import Channel
from tests.simulation.ledger import Asked, Ledger
from tests.simulation.story import TAKEN, UNCERTAIN, Fate, Handed, Stepped

CHANNELS = {Medium.TEXT: Channel.SMS, Medium.WHATSAPP: Channel.WHATSAPP}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question; `among` are the invitations it may be of: a voice names none."""

    n: int
    at: dt.datetime
    channel: Channel
    asked: Asked
    among: frozenset[int]
    item: Item
    language: str
    fate: Fate = Fate.ACCEPTED
    key: str = ""
    token: str = ""
    provider_id: str = ""

    @property
    def taken(self) -> bool:
        return self.fate in TAKEN

    @property
    def certain(self) -> bool:
        return self.fate not in UNCERTAIN


def prompts_to(ledger: Ledger, phone: str) -> list[Prompt]:
    """Return every question for a phone, in order."""
    written = (p for e in ledger.story.of(Handed, phone) if (p := _written(ledger, e)) is not None)
    spoken = (p for e in ledger.story.of(Stepped, phone) if e.due and (p := _spoken(ledger, e)) is not None)
    return sorted([*written, *spoken], key=lambda prompt: prompt.n)


def asked_in(ledger: Ledger, phone: str, words: str) -> tuple[Item, str, list[Asked]] | None:
    """Return the question that spoken words end with, its language, and whose it can be."""
    heard = [
        (len(item.spoken), asked, language, item)
        for asked in ledger.asked_at(phone)
        for language, item in _wordings(asked)
        if item.spoken in words
    ]
    if not heard:
        return None
    _, _, language, item = max(heard, key=lambda found: found[0])
    return item, language, [asked for _, asked, _, other in heard if other.id == item.id]


def _wordings(asked: Asked) -> Iterator[tuple[str, Item]]:
    for language, instrument in ({"en": asked.instrument} | dict(asked.instrument.translations)).items():
        yield from ((language, item) for item in instrument.items)


def _written(ledger: Ledger, e: Handed) -> Prompt | None:
    asked = ledger.asked.get(ledger.invitation_of(e) or 0)
    if asked is None or e.fate not in TAKEN | UNCERTAIN or e.medium not in CHANNELS:
        return None
    found = next(((code, item) for code, item in _wordings(asked) if e.body.endswith(item.sms)), None)
    if found is None:
        return None
    language, item = found
    about = {"asked": asked, "among": frozenset({asked.id}), "item": item, "language": language}
    sent = {"fate": e.fate, "key": e.key, "token": e.token, "provider_id": e.provider_id or ""}
    return Prompt(e.n, e.at, CHANNELS[e.medium], **about, **sent)


def _spoken(ledger: Ledger, e: Stepped) -> Prompt | None:
    found = asked_in(ledger, e.phone, e.heard)
    if found is None:
        return None
    item, language, whose = found
    among = frozenset(asked.id for asked in whose if asked.invited_at <= e.at < asked.expires_at)
    return Prompt(e.n, e.at, Channel.VOICE, whose[-1], among, item, language)
