"""What became of the messages of some campaigns, counted for a page: by medium, and why some failed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.sending.outbox import UNREACHED
from survey_app.ask.sending.receipts import NO_RECEIPT
from survey_app.ask.sending.tables import Medium, Message, MessageState

ARRIVED = ("delivered", "read")


@dataclass(slots=True)
class Counted:
    """Messages of one medium by what became of them; `cost` in hundredths of a penny."""

    waiting: int = 0
    on_the_way: int = 0
    delivered: int = 0
    failed: int = 0
    silent: int = 0  # accepted, and nothing heard for three days
    in_doubt: int = 0
    lost: int = 0
    withdrawn: int = 0
    twice: int = 0
    cost: int = 0

    @property
    def sent(self) -> int:
        """Return how many left us."""
        return self.on_the_way + self.delivered + self.failed + self.silent + self.in_doubt + self.lost


def by_medium(session: Session, campaign_ids: Collection[int]) -> dict[Medium, Counted]:
    """Count the messages of some campaigns."""
    query = (
        sa.select(
            Message.medium,
            Message.state,
            Message.delivery,
            sa.func.count(),
            sa.func.sum(Message.cost),
            sa.func.sum(sa.case((Message.sent_twice, 1), else_=0)),
        )
        .join(Invitation, Invitation.id == Message.invitation_id)
        .where(Invitation.campaign_id.in_(campaign_ids))
        .group_by(Message.medium, Message.state, Message.delivery)
        .order_by(Message.medium)
    )
    found: dict[Medium, Counted] = {}
    for medium, state, delivery, n, cost, twice in session.execute(query):
        counted = found.setdefault(medium, Counted())
        name = became(state, delivery)
        setattr(counted, name, getattr(counted, name) + n)
        counted.cost += cost or 0
        counted.twice += twice or 0
    return found


def became(state: MessageState, delivery: str | None) -> str:
    """Return under which name of `Counted` a message counts."""
    if state is MessageState.ACCEPTED:
        return _by_receipt(delivery)
    return {
        MessageState.PENDING: "waiting",
        MessageState.CLAIMED: "waiting",
        MessageState.REJECTED: "failed",
        MessageState.UNKNOWN: "in_doubt",
        MessageState.LOST: "lost",
        MessageState.WITHDRAWN: "withdrawn",
    }[state]


def why_failed(session: Session, campaign_ids: Collection[int]) -> list[tuple[str, int]]:
    """Return the error codes of failed messages with how many there are, most first."""
    failed = sa.or_(Message.state == MessageState.REJECTED, Message.delivery.in_(UNREACHED))
    n = sa.func.count()
    query = (
        sa.select(sa.func.coalesce(Message.error_code, ""), n)
        .join(Invitation, Invitation.id == Message.invitation_id)
        .where(Invitation.campaign_id.in_(campaign_ids), failed)
        .group_by(Message.error_code)
        .order_by(n.desc(), Message.error_code)
    )
    return [(code, count) for code, count in session.execute(query)]


def costs(session: Session, campaign_ids: Collection[int]) -> dict[int, int]:
    """Return what each campaign has cost so far, in hundredths of a penny."""
    query = (
        sa.select(Invitation.campaign_id, sa.func.sum(Message.cost))
        .join(Message, Message.invitation_id == Invitation.id)
        .where(Invitation.campaign_id.in_(campaign_ids))
        .group_by(Invitation.campaign_id)
    )
    return {campaign_id: cost or 0 for campaign_id, cost in session.execute(query)}


def _by_receipt(delivery: str | None) -> str:
    if delivery in ARRIVED:
        return "delivered"
    if delivery in UNREACHED:
        return "failed"
    return "silent" if delivery == NO_RECEIPT else "on_the_way"
