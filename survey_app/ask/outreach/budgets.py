"""Budgets: what a campaign has cost, what it will cost, and that none starts which cannot be paid."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.eligibility import agreed, left_alone, meant_by
from survey_app.ask.outreach.outlook import WEEKS_BETWEEN, Outlook
from survey_app.ask.outreach.previews import Preview
from survey_app.ask.outreach.reaching import MEDIUM_OF, next_media, reached_by
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.policy import PENNY, Prices, cost_of, prices_of
from survey_app.ask.sending.spend import pounds
from survey_app.ask.sending.tables import Medium, Message, MessageState
from survey_app.settings import Settings

REPLY_RATE = (0.15, 0.35)
"""What comparable surveys got; a range, because nobody knows before the first weeks."""

MOST_SEGMENTS = 2
"""Of an invitation: longer ones are seen, and their cost told, before a campaign starts."""
MOST_CALLS = 3
"""Whoever nobody reaches is rung so often."""


class OverBudget(ValueError):
    """A campaign that would cost more than its budget; the message names the numbers."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a campaign has cost and what its waiting messages will; in hundredths of a penny."""

    left: int
    waiting: int

    @property
    def committed(self) -> int:
        """Return both together."""
        return self.left + self.waiting


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a campaign will cost from now on, low and high, in hundredths of a penny."""

    n_people: int
    low: int
    high: int


def budget_of(campaign: Campaign, settings: Settings) -> int | None:
    """Return a campaign's budget in hundredths of a penny; None where it may cost anything."""
    pence = settings.spend_cap_campaign_pence if campaign.budget_pence is None else campaign.budget_pence
    return pence * PENNY if pence else None


def spent_on(session: Session, campaign_id: int, prices: Prices) -> Spent:
    """Return what a campaign has cost so far, replies included."""
    mine = sa.select(Message.medium, Message.state, sa.func.sum(Message.cost), sa.func.sum(Message.segments))
    query = (
        mine.join(Invitation, Invitation.id == Message.invitation_id)
        .where(Invitation.campaign_id == campaign_id)
        .group_by(Message.medium, Message.state)
    )
    left = waiting = 0
    for medium, state, cost, segments in session.execute(query):
        left += cost or 0
        if state in (MessageState.PENDING, MessageState.CLAIMED):
            waiting += cost_of(prices, medium, segments or 0) if medium is Medium.TEXT else 0
    return Spent(left, waiting)


def affordable(session: Session, campaign: Campaign, settings: Settings, at_most: int) -> int:
    """Return how many more unasked messages a campaign can pay, never more than `at_most`."""
    budget = budget_of(campaign, settings)
    prices = prices_of(settings)
    media = {MEDIUM_OF[ChannelChoice(channel)] for channel in campaign.channels}
    dearest = max(cost_of(prices, medium, MOST_SEGMENTS) for medium in media)
    if budget is None or dearest == 0:
        return at_most
    left = budget - spent_on(session, campaign.id, prices).committed
    return max(0, min(at_most, left // dearest))


def people_by_medium(session: Session, campaign: Campaign, now: dt.datetime) -> Mapping[Medium, int]:
    """Return how many people on a campaign's list would be asked by each medium first."""
    asked = sa.and_(meant_by(campaign), agreed(), reached_by(campaign), ~left_alone(now))
    counted = sa.select(Participant.channel, sa.func.count()).where(asked).group_by(Participant.channel)
    people: Counter[Medium] = Counter()
    for channel, n_people in session.execute(counted):
        offered = channel if channel in campaign.channels else campaign.channels[0]
        people[MEDIUM_OF[ChannelChoice(offered)]] += n_people
    return people


def estimate(
    campaign: Campaign,
    ahead: Outlook,
    previews: Sequence[Preview],
    people: Mapping[Medium, int],
    prices: Prices,
) -> Estimate:
    """Return about what a campaign will cost: everybody by their own way, in the dearest language."""
    n_people = _n_asked(campaign, ahead)
    share = n_people / (sum(people.values()) or 1)
    asking = share * sum(n * _asking(campaign, one, previews, prices) for one, n in people.items())
    answering = share * sum(n * _answering(one, previews, prices) for one, n in people.items())
    few, many = REPLY_RATE
    return Estimate(n_people, round(asking + few * answering), round(asking + many * answering))


def _n_asked(campaign: Campaign, ahead: Outlook) -> int:
    # A list too short for full samples is still asked: everybody as often as their rest lets them.
    at_most = ahead.n_people * -(-ahead.n_weeks_wanted // WEEKS_BETWEEN)
    if campaign.weekly_sample is None:
        return at_most
    return min(at_most, campaign.weekly_sample * len(campaign.localities) * ahead.n_weeks_wanted)


def _asking(campaign: Campaign, medium: Medium, previews: Sequence[Preview], prices: Prices) -> int:
    # At most two messages: the second one is a reminder, or what follows where nobody answers.
    if campaign.fallback:
        after = next_media(campaign, (medium,))
        second = max((_once(one, prices) for one in after), default=0)
        return _once(medium, prices) + second
    if medium is Medium.TEXT:
        return max((one.asking_cost for one in previews), default=0)
    return _once(medium, prices) * (1 if campaign.reminder_days is None or medium is Medium.CALL else 2)


def _once(medium: Medium, prices: Prices) -> int:
    return cost_of(prices, medium, MOST_SEGMENTS) * (MOST_CALLS if medium is Medium.CALL else 1)


def _answering(medium: Medium, previews: Sequence[Preview], prices: Prices) -> int:
    if medium is Medium.WHATSAPP:
        return max((one.n_questions + 1 for one in previews), default=0) * cost_of(prices, medium, 1)
    return max((one.answering_cost for one in previews), default=0) if medium is Medium.TEXT else 0


def refuse_over(budget: int | None, spent: Spent, ahead: Estimate) -> None:
    """Raise OverBudget where what was spent and what may come is more than the budget."""
    if budget is None or spent.committed + ahead.high <= budget:
        return
    so_far = f", with {pounds(spent.committed)} spent already" if spent.committed else ""
    raise OverBudget(
        f"This survey may cost {pounds(ahead.high)} for {ahead.n_people:,} people{so_far}, and its budget is "
        f"{pounds(budget)}. Ask fewer people, shorten the texts, or give it a larger budget."
    )
