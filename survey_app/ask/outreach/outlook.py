"""How long a list of people lasts: drawing ahead on paper, four weeks' rest included."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.eligibility import REST, agreed, left_alone, meant_by
from survey_app.ask.outreach.reaching import has_address, reached_by
from survey_app.ask.outreach.tables import Campaign, Draw, Invitation, Rhythm
from survey_app.ask.population.tables import Consent, Participant
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.clock import day_starts_at, london_day, week_of

WEEK = dt.timedelta(days=7)
WEEKS_BETWEEN = 5
"""Somebody asked on any day but the first of a week has had four weeks' rest only in the fifth week after."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a campaign's list can give: people, and weeks with a full sample everywhere."""

    n_people: int
    n_without_phone: int
    n_weeks: int
    n_weeks_wanted: int

    @property
    def lasts(self) -> bool:
        """Return whether the list lasts to the campaign's end."""
        return self.n_weeks >= self.n_weeks_wanted


def outlook(session: Session, campaign: Campaign, now: dt.datetime) -> Outlook:
    """Return how many weeks, from the next draw on, every locality can be given its full sample."""
    people = _last_asked(session, campaign, now)
    weeks = _weeks(session, campaign, now)
    by_locality = {name: _ready(people.get(name, []), weeks) for name in campaign.localities}
    lasting = [_full_weeks(ready, campaign, len(weeks)) for ready in by_locality.values()]
    return Outlook(
        n_people=sum(len(found) for found in people.values()),
        n_without_phone=_n_without_phone(session, campaign),
        n_weeks=min(lasting, default=0),
        n_weeks_wanted=len(weeks),
    )


def _last_asked(
    session: Session, campaign: Campaign, now: dt.datetime
) -> dict[str, list[dt.datetime | None]]:
    asked = (
        sa.select(Invitation.participant_id, sa.func.max(Invitation.invited_at).label("at"))
        .group_by(Invitation.participant_id)
        .subquery()
    )
    query = (
        sa.select(Participant.locality_id, asked.c.at)
        .outerjoin(asked, asked.c.participant_id == Participant.id)
        .where(meant_by(campaign), agreed(), reached_by(campaign), ~left_alone(now))
    )
    people: dict[str, list[dt.datetime | None]] = {}
    for locality, at in session.execute(query):
        people.setdefault(locality, []).append(at)
    return people


def _weeks(session: Session, campaign: Campaign, now: dt.datetime) -> list[dt.date]:
    drawn = set(session.scalars(sa.select(Draw.week).where(Draw.campaign_id == campaign.id)))
    day = max(london_day(now), campaign.starts_on)
    if campaign.rhythm is Rhythm.ONCE:
        return [] if drawn or day > campaign.ends_on else [campaign.starts_on]
    first = week_of(day)
    n_weeks = (campaign.ends_on - first).days // 7 + 1
    return [week for number in range(n_weeks) if (week := first + number * WEEK) not in drawn]


def _ready(last_asked: list[dt.datetime | None], weeks: list[dt.date]) -> Counter[int]:
    opens = [next_allowed(day_starts_at(week)) for week in weeks]
    ready: Counter[int] = Counter()
    for at in last_asked:
        number = next((n for n, opening in enumerate(opens) if at is None or at + REST <= opening), None)
        if number is not None:
            ready[number] += 1
    return ready


def _full_weeks(ready: Counter[int], campaign: Campaign, n_weeks: int) -> int:
    wanted = campaign.weekly_sample or 1
    waiting, ready = 0, ready.copy()
    for number in range(n_weeks):
        waiting += ready[number]
        if waiting < wanted:
            return number
        waiting -= wanted
        ready[number + WEEKS_BETWEEN] += wanted
    return n_weeks


def _n_without_phone(session: Session, campaign: Campaign) -> int:
    without = sa.and_(meant_by(campaign), Participant.consent == Consent.GIVEN, ~has_address(campaign))
    return session.scalar(sa.select(sa.func.count()).select_from(Participant).where(without)) or 0
