"""From a campaign to texts in the outbox, minute by minute, as the clock does it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.outreach import campaigns, invitations, rounds
from survey_app.ask.outreach.rounds import Round
from survey_app.ask.outreach.tables import CampaignState, Draw, Invitation, InvitationState, Rhythm
from survey_app.ask.outreach.texts import Texts
from survey_app.ask.population.consent import withdraw
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.crypto import unseal
from survey_app.settings import INSTRUMENTS_DIR
from tests.factories import make_campaign, make_participant, make_place
from tests.fakes import MONDAY_MORNING

LIBRARY = load_library(INSTRUMENTS_DIR)
TEXTS = Texts(
    invitation="Hello from {sender}. {count} questions. Reply 1 to start or use {link}",
    reminder="Reminder from {sender}: reply 1 or use {link}",
    web_invitation="Hello from {sender}. {count} questions: {link}",
)
DAY = dt.timedelta(days=1)
NOTHING = Round(0, 0, 0, 0)


@pytest.fixture
def minute(database, keys, settings, clock):
    """Return a function that lets the clock's round happen once, at the clock's time."""

    def run():
        with database.writing() as session:
            return rounds.run(
                session, now=clock(), keys=keys, settings=settings, texts=TEXTS, library=LIBRARY
            )

    return run


@pytest.fixture
def plan(database, keys):
    """Return a function that makes a campaign with people, and says which person has which id."""

    def make(n=4, *, channel=ChannelChoice.TEXT, **changed):
        with database.writing() as session:
            place = make_place(session)
            people = [make_participant(session, keys, place=place, channel=channel) for _ in range(n)]
            row = {"weekly_sample": n, "window_days": 7, "reminder_days": 3}
            return make_campaign(session, places=[place], **row | changed), people

    return make


def texts(database, kind=None):
    with database.reading() as session:
        found = session.scalars(sa.select(Message).order_by(Message.id)).all()
        return [message for message in found if kind in (None, message.kind)]


def asked(database):
    with database.reading() as session:
        return list(session.scalars(sa.select(Invitation).order_by(Invitation.invited_at)))


def sent(database, clock):
    """Let the provider have accepted everything that waits."""
    with database.writing() as session:
        waiting = sa.update(Message).where(Message.state == MessageState.PENDING)
        session.execute(waiting.values(state=MessageState.ACCEPTED, sent_at=clock()))


def change(database, model, **values):
    with database.writing() as session:
        session.execute(sa.update(model).values(**values))


def test_a_round_draws_and_each_text_waits_for_its_minute(database, keys, clock, plan, minute):
    plan(4)
    assert minute() == Round(n_draws=1, n_invited=0, n_reminded=0, n_expired=0)
    first, *_ = asked(database)
    clock.set(first.invited_at)
    assert minute() == Round(0, 1, 0, 0)
    assert minute() == NOTHING
    (message,) = texts(database)
    assert (message.key, message.invitation_id, message.kind) == (
        f"invite:{first.id}",
        first.id,
        MessageKind.INVITE,
    )
    assert message.body == "Hello from Local Care. 6 questions. Reply 1 to start or use {link}"
    assert (message.not_before, message.not_after) == (clock(), first.expires_at)
    assert unseal(keys.contact, message.address_sealed, bound_to=f"outbox:{message.key}").startswith(
        "+4477009"
    )


def test_after_a_week_everybody_drawn_was_invited_once(database, clock, plan, minute):
    plan(6)
    for _ in range(7 * 24):
        minute()
        clock.advance(hours=1)
    invites = texts(database, MessageKind.INVITE)
    assert len(invites) == len({message.invitation_id for message in invites}) == 6


def test_who_rather_answers_on_a_page_gets_a_text_with_the_link(database, clock, plan, minute):
    plan(1, channel=ChannelChoice.WEB, rota_items=2)
    minute()
    clock.set(asked(database)[0].invited_at)
    minute()
    assert texts(database)[0].body == "Hello from Local Care. 2 questions: {link}"


def test_nothing_is_queued_in_quiet_hours_and_what_was_missed_leaves_in_the_morning(
    database, clock, plan, minute
):
    plan(5, rhythm=Rhythm.ONCE, starts_on=dt.date(2026, 11, 2))
    minute()
    clock.set(dt.datetime(2026, 11, 2, 20, 0, tzinfo=dt.UTC))
    assert minute() == NOTHING
    clock.set(dt.datetime(2026, 11, 3, 8, 0, tzinfo=dt.UTC))
    assert minute().n_invited == 5


def test_one_reminder_goes_to_those_who_did_not_answer(database, clock, plan, minute):
    plan(2, rhythm=Rhythm.ONCE, starts_on=dt.date(2026, 11, 2))
    minute()
    clock.set(MONDAY_MORNING.replace(hour=19, minute=59))
    minute()
    sent(database, clock)
    one, other = asked(database)
    with database.writing() as session:
        invitations.mark_answered(session, one.id, clock())
    clock.advance(days=2, hours=23)
    assert minute() == NOTHING
    clock.set(MONDAY_MORNING + 4 * DAY)
    assert minute() == Round(0, 0, 1, 0)
    assert minute() == NOTHING
    (reminder,) = texts(database, MessageKind.REMINDER)
    assert (reminder.invitation_id, reminder.key) == (other.id, f"reminder:{other.id}")
    assert reminder.body == "Reminder from Local Care: reply 1 or use {link}"
    assert asked(database)[1].reminded_at == clock()
    clock.set(other.expires_at)
    assert minute().n_expired == 1
    assert texts(database, MessageKind.REMINDER)[0].state is MessageState.WITHDRAWN


@pytest.mark.parametrize("changed", [{"state": MessageState.REJECTED}, {"delivery": "undelivered"}])
def test_who_was_not_reached_gets_no_reminder(database, clock, plan, minute, changed):
    plan(1, rhythm=Rhythm.ONCE, starts_on=dt.date(2026, 11, 2))
    minute()
    clock.set(asked(database)[0].invited_at)
    minute()
    sent(database, clock)
    change(database, Message, **changed)
    clock.set(MONDAY_MORNING + 5 * DAY)
    assert minute() == NOTHING


@pytest.mark.parametrize("changed", [{}, {"fallback": ["text"], "fallback_days": 3}])
def test_everybody_who_is_silent_is_reminded(database, clock, plan, minute, changed):
    plan(4, rhythm=Rhythm.ONCE, starts_on=dt.date(2026, 11, 2), **changed)
    minute()
    clock.set(MONDAY_MORNING.replace(hour=19, minute=59))
    minute()
    sent(database, clock)
    clock.set(MONDAY_MORNING + 4 * DAY)
    assert minute() == Round(0, 0, 4, 0)
    assert len({message.invitation_id for message in texts(database, MessageKind.REMINDER)}) == 4


def test_a_campaign_without_reminders_sends_none(database, clock, plan, minute):
    plan(1, rhythm=Rhythm.ONCE, starts_on=dt.date(2026, 11, 2), reminder_days=None)
    minute()
    clock.set(asked(database)[0].invited_at)
    minute()
    sent(database, clock)
    clock.set(MONDAY_MORNING + 5 * DAY)
    assert minute() == NOTHING


def test_who_objects_after_the_draw_is_not_texted(database, clock, plan, minute):
    _, (person,) = plan(1)
    minute()
    with database.writing() as session:
        withdraw(session, participant_id=person.id, at=clock())
        assert invitations.cancel(session, person.id) == 1
    clock.advance(days=6)
    assert minute() == NOTHING
    assert texts(database) == []


def test_a_paused_campaign_is_silent_at_once_and_goes_on_where_it_stopped(database, clock, plan, minute):
    campaign, _ = plan(3, window_days=14)
    minute()
    with database.writing() as session:
        campaigns.pause(session, campaign.id)
    clock.advance(days=6, hours=10)
    assert minute() == NOTHING
    with database.writing() as session:
        campaigns.start(session, campaign.id)
    assert minute().n_invited == 3


def test_the_next_week_has_its_own_draw(database, clock, plan, minute):
    plan(4, weekly_sample=2)
    assert minute().n_draws == 1
    clock.advance(days=7)
    assert minute().n_draws == 1
    with database.reading() as session:
        weeks = list(session.scalars(sa.select(Draw.week).order_by(Draw.week)))
    assert weeks == [dt.date(2026, 11, 2), dt.date(2026, 11, 9)]
    assert len({invitation.participant_id for invitation in asked(database)}) == 4


def test_a_campaign_that_is_over_is_ended_when_nothing_can_come_any_more(database, clock, plan, minute):
    campaign, _ = plan(1, ends_on=dt.date(2026, 11, 2))
    minute()
    clock.advance(days=9)
    assert minute().n_expired == 1
    with database.reading() as session:
        assert campaigns.campaign(session, campaign.id).state is CampaignState.ENDED
    assert asked(database)[0].state is InvitationState.EXPIRED


def test_two_clocks_at_once_draw_and_queue_once(database, keys, settings, clock, plan):
    from concurrent.futures import ThreadPoolExecutor

    plan(5)
    needs = {"keys": keys, "settings": settings, "texts": TEXTS, "library": LIBRARY}

    def at(now):
        with database.writing() as session:
            return rounds.run(session, now=now, **needs)

    with ThreadPoolExecutor(2) as pool:
        drawn = list(pool.map(at, [clock(), clock()]))
        queued = list(pool.map(at, [MONDAY_MORNING + 6 * DAY] * 2))
    assert sum(done.n_draws for done in drawn) == 1
    assert len(asked(database)) == 5
    assert sum(done.n_invited for done in queued) == len(texts(database, MessageKind.INVITE))
    assert len({message.invitation_id for message in texts(database)}) == len(texts(database)) > 0
