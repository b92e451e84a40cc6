"""Drawing whom to ask: a seeded random sample, logged, once a campaign and week."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.eligibility import agreed, left_alone, meant_by, phone_free, rested
from survey_app.ask.outreach.invitations import Asking, issue
from survey_app.ask.outreach.reaching import reached_by
from survey_app.ask.outreach.rota import choose_items
from survey_app.ask.outreach.spread import open_minutes, spread
from survey_app.ask.outreach.tables import Campaign, CampaignState, Draw, Rhythm
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.quiet_hours import next_allowed, seconds_until_close
from survey_app.clock import day_starts_at, london_day, week_of
from survey_app.crypto import Keys
from survey_app.database import insert_or_ignore

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be drawn."""

    id: int
    locality: str
    shares: bytes | int  # whoever has the same is reached on the same phone
    channel: ChannelChoice
    language: str
    practice: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Who may be drawn in a week, and who is, each with the minute of asking."""

    seed: str
    pool: tuple[Candidate, ...]
    asked: tuple[tuple[Candidate, dt.datetime], ...]


def due_week(campaign: Campaign, now: dt.datetime) -> dt.date:
    """Return the week a campaign would draw for now; one that asks once has its first day."""
    return campaign.starts_on if campaign.rhythm is Rhythm.ONCE else week_of(london_day(now))


def draw(
    session: Session,
    campaign: Campaign,
    week: dt.date,
    *,
    now: dt.datetime,
    keys: Keys,
    instrument: Instrument,
) -> Draw | None:
    """Draw a week's sample and issue its invitations; return None where nothing is due or it was done.

    The same seed, week and candidates give the same people, however the rows come out of the database.
    """
    # The log first: the minutes of a week cost more than all the rest of a round.
    if campaign.state is not CampaignState.RUNNING or is_drawn(session, campaign, week):
        return None
    found = sample(session, campaign, week, now=now)
    if not found.asked:
        return None
    logged = _log(
        session,
        campaign,
        week,
        seed=found.seed,
        n_eligible=len(found.pool),
        n_drawn=len(found.asked),
        now=now,
    )
    if logged is None:
        return None
    issue(session, [_asking(one, at, campaign, logged, instrument) for one, at in found.asked], keys=keys)
    return logged


def sample(session: Session, campaign: Campaign, week: dt.date, *, now: dt.datetime) -> Sample:
    """Return whom a campaign asks in a week and when: nobody where no minute of it is left."""
    seed = f"{campaign.seed}:{week}"
    minutes = _minutes(campaign, week, now)
    if not minutes:
        return Sample(seed, (), ())
    pool = candidates(session, campaign, at=minutes[0])
    chosen = choose(pool, seed=seed, n_each=campaign.weekly_sample)
    at = spread(len(chosen), minutes) if chosen else []
    return Sample(seed, tuple(pool), tuple(zip(chosen, at, strict=True)))


def channel_of(person: Candidate, campaign: Campaign) -> ChannelChoice:
    """Return the way a person is asked: as they wish, else the campaign's first."""
    return person.channel if person.channel in campaign.channels else ChannelChoice(campaign.channels[0])


def candidates(session: Session, campaign: Campaign, *, at: dt.datetime) -> list[Candidate]:
    """Return who may be drawn for a campaign at an instant, by id."""
    wanted = sa.and_(
        meant_by(campaign), agreed(), reached_by(campaign), rested(at), phone_free(at), ~left_alone(at)
    )
    people = session.scalars(sa.select(Participant).where(wanted).order_by(Participant.id))
    return [
        Candidate(
            id=person.id,
            locality=person.locality_id,
            practice=person.practice_id,
            category=person.category,
            shares=person.id if person.synthetic else person.phone_index or person.id,
            channel=person.channel,
            language=person.language,
        )
        for person in people
    ]


def choose(pool: Sequence[Candidate], *, seed: str, n_each: int | None) -> list[Candidate]:
    """Return up to `n_each` people of each locality (None: all), in random order, one person a phone."""
    rng = random.Random(seed)  # noqa: S311 - a sample must be drawable again; nothing secret hangs on it
    localities: dict[str, list[Candidate]] = {}
    for candidate in sorted(pool, key=lambda candidate: candidate.id):
        localities.setdefault(candidate.locality, []).append(candidate)
    phones: set[bytes | int] = set()
    chosen: list[Candidate] = []
    for locality in sorted(localities):
        shuffled = rng.sample(localities[locality], len(localities[locality]))
        chosen += list(islice(_one_a_phone(shuffled, phones), n_each))
    return rng.sample(chosen, len(chosen))


def _one_a_phone(people: list[Candidate], phones: set[bytes | int]) -> Iterator[Candidate]:
    # Two surveys open on one phone could not be told apart by text.
    for person in people:
        if person.shares not in phones:
            phones.add(person.shares)
            yield person


def _minutes(campaign: Campaign, week: dt.date, now: dt.datetime) -> list[dt.datetime]:
    if week > london_day(now):
        return []
    first = max(now, day_starts_at(max(week, campaign.starts_on)))
    over = day_starts_at(campaign.ends_on + DAY)
    if campaign.rhythm is Rhythm.WEEKLY:
        return open_minutes(first, min(over, day_starts_at(week + 7 * DAY)))
    opening = next_allowed(first)
    return open_minutes(opening, min(over, opening + dt.timedelta(seconds=seconds_until_close(opening))))


def is_drawn(session: Session, campaign: Campaign, week: dt.date) -> bool:
    """Tell whether a week's sample was drawn."""
    # Saves the search for candidates every minute; that a week is drawn once is decided in _log.
    logged = sa.exists().where(Draw.campaign_id == campaign.id, Draw.week == week)
    return bool(session.scalar(sa.select(logged)))


def _log(session: Session, campaign: Campaign, week: dt.date, **logged: object) -> Draw | None:
    values = {"campaign_id": campaign.id, "week": week, "drawn_at": logged.pop("now"), **logged}
    if not insert_or_ignore(session, Draw, [values]):
        return None
    return session.scalars(sa.select(Draw).where(Draw.campaign_id == campaign.id, Draw.week == week)).one()


def _asking(
    person: Candidate, at: dt.datetime, campaign: Campaign, drawn: Draw, instrument: Instrument
) -> Asking:
    return Asking(
        campaign_id=campaign.id,
        draw_id=drawn.id,
        participant_id=person.id,
        place_id=person.locality,
        practice_id=person.practice,
        category=person.category,
        items=choose_items(instrument, campaign.rota_items, f"{drawn.seed}:{person.id}"),
        channel=channel_of(person, campaign),
        language=person.language,
        invited_at=at,
        expires_at=at + campaign.window_days * DAY,
    )
