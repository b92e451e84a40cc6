"""Loading the demonstration: places, people, a year of weekly answers through the real intake."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.campaigns import NewCampaign
from survey_app.ask.outreach.samples import draw
from survey_app.ask.outreach.tables import Campaign, Invitation, Rhythm
from survey_app.ask.outreach.texts import filled
from survey_app.ask.population.participants import import_people, phone_of
from survey_app.ask.population.places import import_places
from survey_app.ask.population.residents import import_population
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.cli.demo.anyone import ask_for_calls, helper_of
from survey_app.cli.demo.calls import ring_somebody
from survey_app.cli.demo.delivery import deliver
from survey_app.cli.demo.judgement import load_judgement
from survey_app.cli.demo.places import tend_places
from survey_app.cli.demo.scorecards import make_scorecard
from survey_app.cli.demo.teams import make_teams
from survey_app.cli.demo.ways import ask_in_other_ways
from survey_app.clock import day_starts_at, london_day, week_of
from survey_app.hear.channels.synthetic.people import Experience, answer
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.tables import Channel
from survey_app.know.aggregation.grouping import set_group

INSTRUMENT = "pulse-user-6"
HISTORY = "Synthetic history: people's experience pulse"
LIVE = "Synthetic phones: people's experience pulse"
TEXTED = 3
"""Phones that have their invitation at once, beside those of people who speak another language."""
WEEK = dt.timedelta(weeks=1)
MORNING = dt.timedelta(hours=8)

Say = Callable[[str], None]


class NothingDrawn(RuntimeError):
    """The demonstration could not invite its phones."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much to load."""

    weeks: int = 52
    localities: int = 8
    seed: int = 1


def is_loaded(runtime: Runtime) -> bool:
    """Return whether the demonstration stands in the database already."""
    with runtime.database.reading() as session:
        return session.scalar(sa.select(Campaign.id).where(Campaign.name == HISTORY)) is not None


def load(runtime: Runtime, size: Size, say: Say) -> int:
    """Make the world and let its people answer, week by week; return how many answered."""
    first = week_of(london_day(runtime.clock())) - size.weeks * WEEK
    campaign_id = _make_world(runtime, size, first)
    make_scorecard(runtime)
    total = 0
    for number in range(size.weeks + 1):
        total += _week(runtime, campaign_id, size, number, first + number * WEEK)
        if number % 4 == 0 or number == size.weeks:
            say(f"  week {number} of {size.weeks}: {total:,} synthetic people have answered")
    deliver(runtime, HISTORY)
    load_judgement(runtime)
    ask_in_other_ways(runtime, world.LOCALITIES[0][0])
    ask_for_calls(runtime)
    make_teams(runtime, *world.LOCALITIES[0][::2])
    tend_places(runtime)
    return total


def _make_world(runtime: Runtime, size: Size, first: dt.date) -> int:
    now = runtime.clock()
    localities = tuple(locality for locality, _, _ in world.LOCALITIES[: size.localities])
    with runtime.database.writing() as session:
        import_places(session, world.places_csv(size.localities))
        import_population(session, world.population_csv(size.localities), runtime.breakdown)
        # The phones are drawn before anybody else is there, so that their campaign asks just them.
        _import(session, runtime, world.phones_csv(size.localities), now)
        _ask_phones(session, runtime, localities, now)
        ring_somebody(session, runtime, localities[0], now)
        _import(session, runtime, world.panel_csv(size.localities), now)
        if world.SMALL in localities:
            pair = [world.NEIGHBOUR, world.SMALL]
            set_group(session, group_id=world.GROUP_ID, name=world.GROUP_NAME, places=pair, from_day=first)
        history = _campaign(
            HISTORY, localities, first, london_day(now), sample=world.ASKED_A_WEEK, seed=size.seed
        )
        return campaigns.create(session, history, now=now).id


def _import(session: Session, runtime: Runtime, people: str, now: dt.datetime) -> None:
    keys, breakdown = runtime.keys, runtime.breakdown
    import_people(session, people, keys=keys, now=now, breakdown=breakdown, synthetic=True)


def _ask_phones(session: Session, runtime: Runtime, localities: tuple[str, ...], now: dt.datetime) -> None:
    """Invite the simulated phones as of yesterday, so that every one of them can begin at once."""
    yesterday = london_day(now) - dt.timedelta(days=1)
    live = campaigns.create(
        session, _campaign(LIVE, localities, yesterday, yesterday + 4 * WEEK, sample=None, seed=1), now=now
    )
    campaigns.start(session, live.id)
    session.refresh(live)
    instrument = runtime.library.get(INSTRUMENT, 1)
    drawn = draw(
        session,
        live,
        yesterday,
        now=day_starts_at(yesterday) + MORNING,
        keys=runtime.keys,
        instrument=instrument,
    )
    if drawn is None:
        raise NothingDrawn("the demonstration's phones were not drawn")
    _text_first_phones(session, runtime, drawn.id, now)


def _text_first_phones(session: Session, runtime: Runtime, draw_id: int, now: dt.datetime) -> None:
    # Sent as a reply: a demonstration at night must not wait for the end of quiet hours, and these phones are
    # not real. The key is the invitation's own, so that no second one follows.
    instrument = runtime.library.get(INSTRUMENT, 1)
    asked = sa.select(Invitation, Participant).join(Participant, Participant.id == Invitation.participant_id)
    drawn = session.execute(asked.where(Invitation.draw_id == draw_id).order_by(Participant.id)).all()
    for number, (invitation, person) in enumerate(drawn):
        if number >= TEXTED and invitation.language == "en":
            continue
        wording = runtime.wording.in_language(invitation.language)
        body = filled(wording.text("invitation"), invitation, instrument, sender=runtime.settings.sender_name)
        outgoing = Outgoing(
            key=f"{MessageKind.INVITE}:{invitation.id}",
            kind=MessageKind.REPLY,
            medium=Medium.TEXT,
            address=phone_of(runtime.keys, person) or "",
            body=body,
            not_before=now,
            invitation_id=invitation.id,
        )
        queue(session, outgoing, keys=runtime.keys, now=now)


def _campaign(
    name: str, localities: tuple[str, ...], first: dt.date, last: dt.date, *, sample: int | None, seed: int
) -> NewCampaign:
    return NewCampaign(
        name=name,
        instrument_id=INSTRUMENT,
        instrument_version=1,
        audience=Audience.USER,
        localities=localities,
        channels=(ChannelChoice.TEXT, ChannelChoice.WEB),
        starts_on=first,
        ends_on=last,
        rhythm=Rhythm.ONCE if sample is None else Rhythm.WEEKLY,
        weekly_sample=sample,
        window_days=14,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Week:
    """One week of the invented year: how much of it has passed, and its luck."""

    campaign: Campaign
    done: float
    luck: random.Random


def _week(runtime: Runtime, campaign_id: int, size: Size, number: int, monday: dt.date) -> int:
    """Draw one week's sample and let it answer, in one transaction; nothing is sent to anybody."""
    luck = random.Random(f"{size.seed}:{monday}")  # noqa: S311 - a demonstration must be repeatable
    instrument = runtime.library.get(INSTRUMENT, 1)
    with runtime.database.writing() as session:
        campaigns.start(session, campaign_id)
        campaign = session.get_one(Campaign, campaign_id)
        session.refresh(campaign)
        opening = day_starts_at(monday) + MORNING
        drawn = draw(session, campaign, monday, now=opening, keys=runtime.keys, instrument=instrument)
        campaigns.pause(session, campaign_id)
        if drawn is None:
            return 0
        invited = sa.select(Invitation).where(Invitation.draw_id == drawn.id).order_by(Invitation.id)
        week = _Week(campaign, number / max(1, size.weeks), luck)
        return sum(_maybe_answer(session, runtime, week, one) for one in session.scalars(invited).all())


def _maybe_answer(session: Session, runtime: Runtime, week: _Week, invitation: Invitation) -> bool:
    place = invitation.place_id
    by_text = week.luck.random() < world.text_share(place, week.done)
    at = invitation.invited_at + dt.timedelta(minutes=week.luck.uniform(3, 600))
    if week.luck.random() > world.response_share(place) or at >= runtime.clock():
        return False
    experience = Experience(
        lambda item_id: world.level(item_id, place, week.done, by_text=by_text),
        week.luck,
        helper_of(invitation.id, week.done),
    )
    answer(
        session,
        origin_of(invitation, week.campaign, runtime.keys, synthetic=True),
        runtime.library,
        channel=Channel.SMS if by_text else Channel.WEB,
        at=at,
        experience=experience,
    )
    return True
