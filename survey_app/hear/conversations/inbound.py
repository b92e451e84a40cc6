"""What comes in: its words are sealed, and whoever claims its provider id first gives it its one effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.phones import phone_index
from survey_app.crypto import Keys, seal
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.tables import Channel

KEYWORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
"""Single words after which the provider itself confirms and blocks our number: we record and stay silent."""


# Built once: on the path of every text.
NOTE = sa.update(InboundMessage).where(InboundMessage.provider_id == sa.bindparam("of"))


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text, tap, key or spoken reply, as the door received it; addresses are plain numbers (+44...).

    `provider_id` makes a repeat harmless: a message's id, or for a call the call's id with the turn.
    `turn` is the conversation's turn that a key or word on the phone belongs to; None for texts.
    """

    provider_id: str
    sender: str
    our_address: str
    body: str
    received_at: dt.datetime
    n_media: int = 0
    opt_out_type: str = ""
    channel: Channel = Channel.SMS
    button_payload: str = ""
    replied_to: str = ""  # the provider's id of the message replied to
    turn: int | None = None

    def __repr__(self) -> str:
        return f"Inbound({self.provider_id})"

    @property
    def is_provider_stop(self) -> bool:
        """Return whether the provider has already confirmed the stop."""
        if self.channel is Channel.VOICE:
            return False
        if self.channel is Channel.WHATSAPP:  # only a service with opt-out switched on confirms there
            return self.opt_out_type == "STOP"
        return self.opt_out_type == "STOP" or self.body.strip().upper() in KEYWORDS


def claim(session: Session, inbound: Inbound, keys: Keys) -> bool:
    """Store an inbound text; False if its provider id is known: the first delivery had the effect."""
    row = {
        "provider_id": inbound.provider_id,
        "address_index": phone_index(keys, inbound.sender),
        "words_sealed": seal(keys.contact, inbound.body, bound_to=sealed_for(inbound.provider_id)),
        "received_at": inbound.received_at,
    }
    return insert_or_ignore(session, InboundMessage, [row]) == 1


def note(session: Session, inbound: Inbound, *, intent: str, conversation_id: int | None) -> None:
    """Record what an inbound text was read as."""
    read_as = {"intent": intent, "conversation_id": conversation_id}
    session.connection().execute(NOTE, read_as | {"of": inbound.provider_id})


def sealed_for(provider_id: str) -> str:
    """Return what the sealed words of a message are bound to."""
    return f"inbound:{provider_id}"
