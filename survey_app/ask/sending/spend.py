"""What sending costs: segments when queued, money when a message left, and what is left of a day's cap."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.sending.policy import PENNY, Policy
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.clock import day_starts_at, london_day

LINK_LENGTH = 60
"""Letters of a usual link; the exact length is known when the link is made, in the moment of sending."""

MANY_POUNDS = 100
"""From here on pence are not told."""


def segments_of(body: str) -> int:
    """Return how many segments a text takes, with a link of the usual length where one goes."""
    return measure_text(body.replace("{link}", "x" * LINK_LENGTH)).segments


def left_today(session: Session, policy: Policy, now: dt.datetime) -> int | None:
    """Return what may still be spent today, in hundredths of a penny; None without a cap."""
    if policy.daily_cap_pence is None:
        return None
    return policy.daily_cap_pence * PENNY - spent_since(session, day_starts_at(london_day(now)))


def spent_since(session: Session, since: dt.datetime) -> int:
    """Return what messages cost that left since an instant, in hundredths of a penny."""
    left = sa.and_(Message.sent_at >= since, Message.state != MessageState.REJECTED)
    return session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Message.cost), 0)).where(left)) or 0


def pounds(cost: int) -> str:
    """Say an amount in hundredths of a penny, in pounds or, under one, in pence."""
    if cost < 100 * PENNY:
        return f"{cost / PENNY:.1f}".removesuffix(".0") + "p"
    if cost < MANY_POUNDS * 100 * PENNY:
        return f"\N{POUND SIGN}{cost / PENNY / 100:,.2f}"
    return f"\N{POUND SIGN}{cost / PENNY / 100:,.0f}"
