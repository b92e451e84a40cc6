"""What the dispatcher sees to once a minute: silent receipts, failed texts, filters, and the day's cap."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending import again, spend
from survey_app.ask.sending.alarms import CAPPED, FILTERING, Operator, alarm
from survey_app.ask.sending.outbox import FILTERED
from survey_app.ask.sending.policy import Policy
from survey_app.ask.sending.receipts import NO_RECEIPT, NO_RECEIPT_RANK
from survey_app.ask.sending.tables import Medium, Message, MessageState
from survey_app.clock import london_day

SILENCE = dt.timedelta(hours=72)
WITH_RECEIPTS = (Medium.TEXT, Medium.WHATSAPP)
A_DAY = dt.timedelta(days=1)
MOST_FILTERED = 0.02
FEW = 3
"""Fewer filtered texts than this say nothing about a batch."""


def is_any_due(session: Session, policy: Policy, now: dt.datetime) -> bool:
    """Tell whether anything is to be done, so that most looks need no writer."""
    silent = session.scalar(sa.select(Message.id).where(_silent(now)).limit(1))
    return (
        silent is not None
        or again.is_any_due(session, now)
        or is_filtered(session, now)
        or is_capped(session, policy, now)
    )


def tend(session: Session, policy: Policy, operator: Operator, now: dt.datetime) -> None:
    """Do all of it; twice is the same as once."""
    session.execute(
        sa.update(Message)
        .where(_silent(now))
        .values(delivery=NO_RECEIPT, delivery_rank=NO_RECEIPT_RANK)
        .execution_options(synchronize_session=False)
    )
    again.queue_again(session, operator.keys, now)
    day = f"{london_day(now):%Y%m%d}"
    if is_filtered(session, now):
        alarm(session, operator, f"filtered:{day}", FILTERING, now)
    if is_capped(session, policy, now):
        alarm(session, operator, f"cap:{day}", CAPPED, now)


def is_filtered(session: Session, now: dt.datetime) -> bool:
    """Tell whether more than two in a hundred texts of the last day were filtered."""
    counted = sa.select(
        sa.func.count(), sa.func.sum(sa.case((Message.error_code == FILTERED, 1), else_=0))
    ).where(Message.medium == Medium.TEXT, Message.sent_at > now - A_DAY)
    n, n_filtered = session.execute(counted).one()
    return (n_filtered or 0) >= FEW and n_filtered > MOST_FILTERED * n


def is_capped(session: Session, policy: Policy, now: dt.datetime) -> bool:
    """Tell whether not even one more text fits under today's cap."""
    left = spend.left_today(session, policy, now)
    return left is not None and left < policy.cost(Medium.TEXT, 1)


def _silent(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Message.state == MessageState.ACCEPTED,
        Message.medium.in_(WITH_RECEIPTS),
        Message.delivery_rank < NO_RECEIPT_RANK,
        Message.sent_at <= now - SILENCE,
    )
