"""Where invitations of one quarter ended, place by place; small numbers stay inside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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


ANSWERED = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})
"""Outcomes of those who answered at least half."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everybody whose time to answer ended in one quarter at one place; numbers of people.

    Attributes
    ----------
    outcomes : Counter of Outcome
        How asking them ended.
    categories, answered : Counter of str
        All of them, and those who answered at least half, by category.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)

    @property
    def n_answered(self) -> int:
        """Return how many answered at least half.

        Returns
        -------
        int
            Complete and partial.
        """
        return sum(self.outcomes[one] for one in ANSWERED)

    @property
    def may_be_rated(self) -> bool:
        """Tell whether a rate gives no small group away.

        Returns
        -------
        bool
            At least K who answered and K who did not.
        """
        return _hides_everybody(self.outcomes.total(), self.n_answered)

    @property
    def may_be_split(self) -> bool:
        """Tell whether the invited may be shown by category.

        Returns
        -------
        bool
            It may be rated, and so may each category that has anybody.
        """
        return self.may_be_rated and all(
            _hides_everybody(n, self.answered[category]) for category, n in self.categories.items() if n
        )

    @property
    def tells_reach(self) -> bool:
        """Tell whether a rate among those reached gives no few unreached people away.

        Returns
        -------
        bool
            Nobody or at least K could not be reached.
        """
        return self.outcomes[Outcome.UNKNOWN] == 0 or self.outcomes[Outcome.UNKNOWN] >= K


def asked(
    session: Session, stream: Stream, quarter: dt.date, unit_of: Callable[[str], str], *, n_items: int
) -> dict[str, Asked]:
    """Count the people whose time to answer ended in a quarter, by unit.

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
        Units without invitations are left out. Whoever was asked again in the quarter counts once, by the
        invitation that ended first.

    References
    ----------
    AAPOR (2023). Standard Definitions, 10th ed. docs/algorithms/who-answered.md.
    """
    found: dict[str, Asked] = {}
    for row in _first_of_each(session.connection().execute(_query(stream, quarter))):
        one = found.setdefault(unit_of(row.place_id), Asked())
        outcome, category = _outcome(row, len(row.items or ()) or n_items), row.category or NOT_STATED
        one.outcomes[outcome] += 1
        one.categories[category] += 1
        one.answered[category] += outcome in ANSWERED
    return found


def together(units: Iterable[Asked]) -> Asked:
    """Add units up.

    Parameters
    ----------
    units : iterable of Asked
        Units that may be shown, so that a parent says nothing of one that may not.

    Returns
    -------
    Asked
        All of them; of nobody without units.
    """
    total = Asked()
    for one in units:
        total.outcomes.update(one.outcomes)
        total.categories.update(one.categories)
        total.answered.update(one.answered)
    return total


def _hides_everybody(n_asked: int, n_answered: int) -> bool:
    return n_answered >= K and n_asked - n_answered >= K


def _first_of_each(rows: Iterable[sa.Row[Any]]) -> Iterator[sa.Row[Any]]:
    # Groups must be of people: three invitations of one person are not three to hide among.
    seen: set[int] = set()
    for row in rows:
        if row.participant_id not in seen:
            seen.add(row.participant_id)
            yield row


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
            Invitation.participant_id,
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
        .order_by(Invitation.expires_at, Invitation.id)
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
