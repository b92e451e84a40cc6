"""An inbound text: its words are sealed, and whoever claims its provider id first gives it its one effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.phones import phone_index
from survey_app.crypto import Keys, seal
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.tables import InboundMessage

KEYWORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
"""Single words after which the provider itself confirms and blocks our number: we record and stay silent."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text somebody sent us, as the door received it."""

    provider_id: str
    sender: str
    our_address: str
    body: str
    received_at: dt.datetime
    n_media: int = 0
    opt_out_type: str = ""

    def __repr__(self) -> str:
        return f"Inbound({self.provider_id})"

    @property
    def is_provider_stop(self) -> bool:
        """Return whether the provider has already confirmed the stop."""
        return self.opt_out_type == "STOP" or self.body.strip().upper() in KEYWORDS


def claim(session: Session, inbound: Inbound, keys: Keys) -> bool:
    """Store an inbound text; False if its provider id is known: the first delivery had the effect."""
    row = {
        "provider_id": inbound.provider_id,
        "address_index": phone_index(keys, inbound.sender),
        "words_sealed": seal(keys.contact, inbound.body, bound_to=f"inbound:{inbound.provider_id}"),
        "received_at": inbound.received_at,
    }
    return insert_or_ignore(session, InboundMessage, [row]) == 1


def note(session: Session, inbound: Inbound, *, intent: str, conversation_id: int | None) -> None:
    """Record what an inbound text was read as."""
    change = sa.update(InboundMessage).where(InboundMessage.provider_id == inbound.provider_id)
    session.execute(change.values(intent=intent, conversation_id=conversation_id))
