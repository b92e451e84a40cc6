"""Where invitations of one quarter ended, place by place; small numbers stay inside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.clock import day_starts_at
from survey_app.hear.responses.tables import Answer, Response, ResponseState
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.disclosure.cells import NOT_STATED

COMPLETE, PARTIAL = 0.8, 0.5
"""Shares of the statements that apply from which an answer is complete, or partial."""


class Outcome(StrEnum):
    """How asking one person once ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    NON_CONTACT = "non_contact"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Everybody whose time to answer ended in one quarter at one place; numbers of people."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def n_answered(self) -> int:
        """Return how many answered at least half.

        Returns
        -------
        int
            Complete and partial.
        """
        return self.outcomes[Outcome.COMPLETE] + self.outcomes[Outcome.PARTIAL]

    @property
    def may_be_rated(self) -> bool:
        """Tell whether a rate gives no small group away.

        Returns
        -------
        bool
            At least K who answered and K who did not.
        """
        return self.n_answered >= K and self.outcomes.total() - self.n_answered >= K

    @property
    def may_be_split(self) -> bool:
        """Tell whether the invited may be shown by category.

        Returns
        -------
        bool
            False while one category has some but fewer than K.
        """
        return self.categories.total() >= K and all(n >= K for n in self.categories.values() if n)


def asked(
    session: Session, stream: Stream, quarter: dt.date, unit_of: Callable[[str], str], *, n_items: int
) -> dict[str, Asked]:
    """Count the invitations whose time ended in a quarter, by unit.

    Parameters
    ----------
    session : Session
        A reading session.
    stream : Stream
        Instrument version and audience: campaigns that ask the same are taken together.
    quarter : date
        Its Monday; it must be over, so that nobody of these can answer any more.
    unit_of : callable
        From a locality to what counts it.
    n_items : int
        Statements of the instrument, for who was asked all of them.

    Returns
    -------
    dict of str to Asked
        Units without invitations are left out.

    References
    ----------
    AAPOR (2023). Standard Definitions, 10th ed. docs/algorithms/who-answered.md.
    """
    found: dict[str, Asked] = {}
    for row in session.connection().execute(_query(stream, quarter)):
        one = found.setdefault(unit_of(row.place_id), Asked())
        one.outcomes[_outcome(row, len(row.items or ()) or n_items)] += 1
        one.categories[row.category or NOT_STATED] += 1
    return found


def together(units: Mapping[str, Asked], *, shown: Callable[[Asked], bool]) -> Asked | None:
    """Add up the units that may be shown: a parent says nothing of one that may not.

    Parameters
    ----------
    units : mapping of str to Asked
        The units below a parent.
    shown : callable
        Whether a unit may be shown.

    Returns
    -------
    Asked or None
        None where no unit may be.
    """
    chosen = [one for one in units.values() if shown(one)]
    if not chosen:
        return None
    total = Asked()
    for one in chosen:
        total.outcomes.update(one.outcomes)
        total.categories.update(one.categories)
    return total


def _query(stream: Stream, quarter: dt.date) -> sa.Select[Any]:
    answers = (
        sa.select(
            Answer.response_id,
            sa.func.count(Answer.code).label("n_answered"),
            sa.func.count().label("n_seen"),
        )
        .group_by(Answer.response_id)
        .subquery()
    )
    failed = sa.or_(Message.state == MessageState.REJECTED, Message.delivery.in_(("undelivered", "failed")))
    messages = (
        sa.select(
            Message.invitation_id,
            sa.func.count().label("n_messages"),
            sa.func.sum(sa.case((failed, 1), else_=0)).label("n_failed"),
        )
        .where(Message.invitation_id.is_not(None))
        .group_by(Message.invitation_id)
        .subquery()
    )
    origin = sa.literal("invitation:").concat(sa.cast(Invitation.id, sa.String))
    return (
        sa.select(
            Invitation.place_id,
            Invitation.category,
            Invitation.state,
            Invitation.items,
            Response.state.label("response"),
            answers.c.n_answered,
            answers.c.n_seen,
            messages.c.n_messages,
            messages.c.n_failed,
        )
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .join(Response, Response.origin == origin, isouter=True)
        .join(answers, answers.c.response_id == Response.id, isouter=True)
        .join(messages, messages.c.invitation_id == Invitation.id, isouter=True)
        .where(
            stream.rows_of(Campaign),
            Invitation.expires_at >= day_starts_at(quarter),
            Invitation.expires_at < day_starts_at(next_quarter(quarter)),
        )
    )


def _outcome(row: sa.Row[Any], n_items: int) -> Outcome:
    if row.n_answered:
        # Who finished saw all that applied to them; who did not leaves the rest unanswered.
        applied = row.n_seen if row.response is ResponseState.FINISHED else max(n_items, row.n_seen)
        return _by_share(row.n_answered / applied)
    if row.state is InvitationState.CANCELLED or row.n_seen:
        return Outcome.REFUSAL
    if row.n_messages and row.n_failed == row.n_messages:
        return Outcome.UNKNOWN
    return Outcome.NON_CONTACT


def _by_share(share: float) -> Outcome:
    if share >= COMPLETE:
        return Outcome.COMPLETE
    return Outcome.PARTIAL if share >= PARTIAL else Outcome.REFUSAL
