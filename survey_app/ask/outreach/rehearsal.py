"""The next draw tried out: whom it would ask, how and when; nothing is stored, nobody is written to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.outreach.samples import channel_of, due_week, is_drawn, sample
from survey_app.ask.outreach.tables import Campaign, CampaignState, Rhythm
from survey_app.ask.population.tables import ChannelChoice
from survey_app.clock import day_starts_at, week_of

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the next draw would do in one locality."""

    place_id: str
    n_ready: int
    n_drawn: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the next draw would do: the same people, if the list stays as it is."""

    first_at: dt.datetime | None  # None: nobody can be asked
    last_at: dt.datetime | None
    localities: tuple[Tried, ...]
    channels: Mapping[ChannelChoice, int]
    languages: Mapping[str, int]

    @property
    def n_drawn(self) -> int:
        """Return how many people would be asked."""
        return sum(tried.n_drawn for tried in self.localities)


def rehearse(session: Session, campaign: Campaign, now: dt.datetime) -> Rehearsal | None:
    """Try the next draw of a campaign, or return None where none is to come."""
    week = _next_week(session, campaign, now)
    if campaign.state is CampaignState.ENDED or is_drawn(session, campaign, week):
        return None
    found = sample(session, campaign, week, now=max(now, day_starts_at(week)))
    people = [person for person, _ in found.asked]
    minutes = [at for _, at in found.asked]
    ready, drawn = (Counter(person.locality for person in some) for some in (found.pool, people))
    return Rehearsal(
        first_at=min(minutes, default=None),
        last_at=max(minutes, default=None),
        localities=tuple(Tried(name, ready[name], drawn[name]) for name in campaign.localities),
        channels=Counter(channel_of(person, campaign) for person in people),
        languages=Counter(person.language for person in people),
    )


def _next_week(session: Session, campaign: Campaign, now: dt.datetime) -> dt.date:
    if campaign.rhythm is Rhythm.ONCE:
        return due_week(campaign, now)
    week = max(due_week(campaign, now), week_of(campaign.starts_on))
    return week + WEEK if is_drawn(session, campaign, week) else week
