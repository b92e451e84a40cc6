"""By which medium people are asked, and what follows where nobody answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach import invitations, queueing, rounds
from survey_app.ask.outreach.tables import Invitation, Rhythm
from survey_app.ask.population.addresses import Addresses, AddressKind, address_key, sealed_columns
from survey_app.ask.population.consent import suppress, withdraw
from survey_app.ask.population.tables import ChannelChoice, Suppression
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.jobs.outgoing import texts_of
from tests.factories import make_campaign, make_participant, make_place
from tests.fakes import MONDAY_MORNING

PHONE, LANDLINE, MAIL, POST = "+447700900123", "+442079460123", "a@example.org", "A\n1 Street\nAB1 2CD"
ALL = Addresses(PHONE, LANDLINE, MAIL, POST)
FAILED = {"state": MessageState.ACCEPTED, "delivery": "undelivered"}
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def ask(runtime, clock):
    """Draw one person with a wish and addresses, and return what lets the clock's round happen."""

    def begin(channel, addresses=ALL, **changed):
        with runtime.database.writing() as session:
            place, reference = make_place(session), "the-person"
            sealed = sealed_columns(runtime.keys, addresses, reference)
            row = {"channel": channel, "reference": reference, "phone": None} | sealed
            make_participant(session, runtime.keys, place=place, **row)
            usual = {"rhythm": Rhythm.ONCE, "starts_on": dt.date(2026, 11, 2), "reminder_days": 3}
            usual |= {"channels": [*map(str, ChannelChoice)], "window_days": 14}
            make_campaign(session, places=[place], **usual | changed)
        minute()
        clock.set(one(Invitation).invited_at)
        minute()

    def one(table):
        with runtime.database.reading() as session:
            return session.scalars(sa.select(table)).one()

    def minute(days=0):
        clock.advance(days=days)
        with runtime.database.writing() as session:
            rounds.run(
                session,
                now=clock(),
                keys=runtime.keys,
                settings=runtime.settings,
                texts=replace(texts_of(runtime.wording), media=frozenset(Medium)),
                library=runtime.library,
            )

    begin.minute = minute
    return begin


def sent(runtime):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(Message).order_by(Message.id)).all()


def ways(runtime):
    return [(message.kind, message.medium) for message in sent(runtime)]


def became(runtime, clock, **values):
    row = {"state": MessageState.ACCEPTED, "sent_at": clock()} | values
    with runtime.database.writing() as session:
        pending = sa.update(Message).where(Message.state == MessageState.PENDING)
        session.execute(pending.values(**row))


INVITE, REMINDER = MessageKind.INVITE, MessageKind.REMINDER


@pytest.mark.parametrize(
    ("channel", "medium", "begins"),
    [
        (ChannelChoice.EMAIL, Medium.EMAIL, "Hello from Local Care\n\nWe would like"),
        (ChannelChoice.WHATSAPP, Medium.WHATSAPP, "Hello from Local Care. 6 short"),
        (ChannelChoice.LETTER, Medium.LETTER, "Hello from Local Care\n\nWe would like"),
        (ChannelChoice.CALL, Medium.CALL, "(a telephone call)"),
        (ChannelChoice.WEB, Medium.TEXT, "Hello from Local Care"),
    ],
)
def test_people_are_asked_by_the_medium_of_their_wish(runtime, ask, channel, medium, begins):
    ask(channel)
    (message,) = sent(runtime)
    assert (message.medium, message.key) == (medium, f"invite:{message.invitation_id}")
    assert message.body.startswith(begins)
    assert (message.subject is not None) is (medium is Medium.EMAIL)
    if medium is Medium.WHATSAPP:
        assert message.template == {
            "name": "invitation",
            "language": "en",
            "values": ["Local Care", "6", "{link}"],
        }
    for private in (PHONE, MAIL, "1 Street"):
        assert private not in repr(vars(message))


def test_who_has_no_address_for_their_wish_is_asked_in_another_way_and_a_landline_is_never_texted(
    runtime, ask
):
    ask(ChannelChoice.TEXT, Addresses(landline=LANDLINE, email=MAIL))
    (message,) = sent(runtime)
    assert message.medium is Medium.EMAIL or message.medium is Medium.CALL
    assert Medium.TEXT not in {message.medium for message in sent(runtime)}


FALLBACK = {"fallback": ["text", "call", "letter"], "fallback_days": 4}


def test_silence_is_followed_once_by_the_next_way_and_that_is_the_reminder(runtime, clock, ask):
    ask(ChannelChoice.TEXT, **FALLBACK)
    became(runtime, clock)
    ask.minute(days=3)
    assert ways(runtime) == [(INVITE, Medium.TEXT)]
    ask.minute(days=1)
    ask.minute()
    assert ways(runtime) == [(INVITE, Medium.TEXT), (REMINDER, Medium.CALL)]
    became(runtime, clock)
    for _ in range(8):
        ask.minute(days=1)
    assert len(ways(runtime)) == 2
    assert sent(runtime)[1].key == f"invite:{sent(runtime)[1].invitation_id}:call"


def test_a_message_that_failed_is_followed_at_once_and_does_not_count(runtime, clock, ask):
    ask(ChannelChoice.TEXT, **FALLBACK)
    became(runtime, clock, **FAILED)
    ask.minute()
    assert ways(runtime)[1:] == [(INVITE, Medium.CALL)]
    became(runtime, clock)
    ask.minute(days=4)
    assert ways(runtime)[2:] == [(REMINDER, Medium.LETTER)]
    became(runtime, clock)
    ask.minute(days=4)
    assert len(ways(runtime)) == 3


def test_without_an_address_for_the_next_way_the_reminder_goes_the_same_way(runtime, clock, ask):
    ask(ChannelChoice.TEXT, Addresses(phone=PHONE), fallback=["text", "letter"], fallback_days=4)
    became(runtime, clock)
    ask.minute(days=4)
    assert ways(runtime) == [(INVITE, Medium.TEXT), (REMINDER, Medium.TEXT)]


@pytest.mark.parametrize("why", ["answered", "withdrawn", "letters refused"])
def test_nothing_follows_an_answer_or_an_objection(runtime, clock, ask, why):
    ask(ChannelChoice.TEXT, fallback=["text", "letter"], fallback_days=4)
    became(runtime, clock)
    (message,) = sent(runtime)
    with runtime.database.writing() as session:
        invitation = session.get_one(Invitation, message.invitation_id)
        if why == "answered":
            invitations.mark_answered(session, invitation.id, clock())
        elif why == "withdrawn":
            withdraw(session, participant_id=invitation.participant_id, at=clock())
            assert len(session.scalars(sa.select(Suppression)).all()) == 4
        else:
            index = address_key(runtime.keys, AddressKind.POST, POST)
            suppress(session, phone_index=index, reason="opted out", at=clock())
    for _ in range(6):
        ask.minute(days=1)
    assert Medium.LETTER not in {medium for _, medium in ways(runtime)}
    assert len(ways(runtime)) <= queueing.MOST_ASKED
    assert clock() > MONDAY_MORNING
