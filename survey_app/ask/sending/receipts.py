"""Receipts: what the provider says about a message; every word is kept, and a state only moves forward."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.consent import suppress
from survey_app.ask.sending import reachability
from survey_app.ask.sending.again import when_again
from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.ask.sending.late import say_by_template
from survey_app.ask.sending.tables import DeliveryReceipt, Medium, Message, MessageKind, MessageState
from survey_app.database import insert_or_ignore

RANKS: Mapping[str, int] = MappingProxyType(
    {
        "accepted": 10,
        "scheduled": 10,
        "queued": 20,
        "sending": 30,
        "sent": 40,
        "partially_delivered": 50,
        "canceled": 60,
        "failed": 60,
        "undelivered": 60,
        "delivered": 70,
        "read": 80,
    },
)
"""Receipts arrive late, twice and in any order: the highest rank seen is what happened."""

STATUS = re.compile(r"[a-z_]{1,24}")
NO_REFUSALS: Mapping[str, Verdict] = MappingProxyType({})


NO_RECEIPT, NO_RECEIPT_RANK = "no_receipt", 55
"""Said by ourselves when the provider stays silent; whatever final word comes later stands above it."""

Found = sa.Row[int, MessageState, str | None, bytes, str, MessageKind, Medium]
"""A message's id, state, provider id, address index, key, kind and medium."""


@dataclass(frozen=True, slots=True)
class Said:
    """One status report; `callback_token` is ours and finds the message before its provider id is known."""

    provider_id: str
    status: str
    error_code: str = ""
    callback_token: str = ""


def record(
    session: Session, said: Said, *, now: dt.datetime, refusals: Mapping[str, Verdict] = NO_REFUSALS
) -> bool:
    """Keep a receipt and move its message forward; tell whether the message is known yet."""
    status = said.status if STATUS.fullmatch(said.status) else "unknown"
    error_code = said.error_code[:16]
    row = {"provider_id": said.provider_id, "status": status, "error_code": error_code, "received_at": now}
    insert_or_ignore(session, DeliveryReceipt, [row])
    message = _message_of(session, said)
    if message is None:
        return False
    _prove_accepted(session, message, said.provider_id, now)
    if message.provider_id not in (None, said.provider_id):
        session.execute(sa.update(Message).where(Message.id == message.id).values(sent_twice=True))
    if _move_forward(session, message.id, status, error_code) and message.medium is Medium.TEXT:
        _follow_up(session, message, status, error_code, now, refusals)
    if refusals.get(error_code) is Verdict.TEMPLATE:
        say_by_template(session, message.id, now=now)
    if refusals.get(error_code) is Verdict.STOP_ADDRESS:
        suppress(session, phone_index=message.address_index, reason=f"provider {error_code}", at=now)
    return True


def catch_up(session: Session, *, message_id: int, provider_id: str) -> None:
    """Apply receipts that came before the provider's id was known."""
    query = sa.select(DeliveryReceipt.status, DeliveryReceipt.error_code).where(
        DeliveryReceipt.provider_id == provider_id
    )
    for status, error_code in session.execute(query).all():
        _move_forward(session, message_id, status, error_code)


def _message_of(session: Session, said: Said) -> Found | None:
    columns = sa.select(
        Message.id,
        Message.state,
        Message.provider_id,
        Message.address_index,
        Message.key,
        Message.kind,
        Message.medium,
    ).with_for_update()
    found = session.execute(columns.where(Message.provider_id == said.provider_id)).first()
    if found is None and said.callback_token:
        found = session.execute(columns.where(Message.callback_token == said.callback_token)).first()
    return found


def _prove_accepted(session: Session, message: Found, provider_id: str, now: dt.datetime) -> None:
    # A receipt proves that a text whose sending broke off was accepted, whatever became of it since.
    if message.provider_id is None:
        accepted = {"state": MessageState.ACCEPTED, "provider_id": provider_id, "lease_until": None}
        never_tried = sa.and_(Message.state == MessageState.PENDING, Message.attempts == 0)
        session.execute(
            sa.update(Message)
            .where(Message.id == message.id, ~never_tried)
            .values(sent_at=sa.func.coalesce(Message.sent_at, now), **accepted)
        )


def _follow_up(
    session: Session,
    message: Found,
    status: str,
    error_code: str,
    now: dt.datetime,
    refusals: Mapping[str, Verdict],
) -> None:
    reachability.note(session, message.address_index, status, error_code, now=now)
    if status not in reachability.FAILED or refusals.get(error_code) is not Verdict.LATER:
        return
    again = when_again(message.key, message.kind, error_code, now=now)
    if again is not None:
        session.execute(sa.update(Message).where(Message.id == message.id).values(again_at=again))


def _move_forward(session: Session, message_id: int, status: str, error_code: str) -> bool:
    rank = RANKS.get(status, 0)
    forward = sa.update(Message).where(Message.id == message_id, Message.delivery_rank < rank)
    moved = forward.values(delivery=status, delivery_rank=rank, error_code=error_code or None)
    return session.execute(moved.returning(Message.id)).first() is not None
