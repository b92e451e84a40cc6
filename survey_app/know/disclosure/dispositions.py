"""Where invitations of one quarter ended, place by place; small numbers stay inside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.clock import day_starts_at
from survey_app.hear.responses.dispositions import Disposition, disposition
from survey_app.hear.responses.endings import ending_of, endings
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.periods import next_quarter
from survey_app.know.aggregation.streams import Stream
from survey_app.know.disclosure.cells import NOT_STATED

Outcome = Disposition
"""How asking one person once ended."""

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
        invitation that ended first. Whoever turns out not to be eligible is left out.

    References
    ----------
    AAPOR (2023). Standard Definitions, 10th ed. docs/algorithms/who-answered.md.
    """
    found: dict[str, Asked] = {}
    for row in _first_of_each(session.connection().execute(_query(stream, quarter))):
        outcome, category = _outcome(row, n_items), row.category or NOT_STATED
        if outcome is Outcome.NOT_ELIGIBLE:
            continue
        one = found.setdefault(unit_of(row.place_id), Asked())
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
    return (
        endings()
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(
            stream.rows_of(Campaign),
            Invitation.expires_at >= day_starts_at(quarter),
            Invitation.expires_at < day_starts_at(next_quarter(quarter)),
        )
        .order_by(Invitation.expires_at, Invitation.id)
    )


def _outcome(row: sa.Row[Any], n_items: int) -> Outcome:
    # The quarter is over: whoever has not answered an invitation that nobody has closed yet never will.
    return disposition(replace(ending_of(row, n_items), is_open=False))
