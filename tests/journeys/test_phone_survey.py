"""A whole survey by telephone, over real HTTP: rung, answered, hung up, rung again, stopped, in danger."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant, Place
from survey_app.ask.sending.gateways import telephones
from survey_app.ask.sending.tables import Medium, Message
from survey_app.hear.conversations.calls.tables import CallResult, PhoneCall
from survey_app.hear.conversations.tables import Conversation, ConversationState
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.hear.safeguarding.alerts import open_alerts, words_of
from survey_app.jobs.outgoing import round_of_invitations
from tests import factories
from tests.attacks.ground import ON_SQLITE
from tests.fake_twilio import exchange

LANDLINE = "+442079460123"


@pytest.fixture
def asked(runtime):
    """A person with a landline, invited a minute ago."""
    with runtime.database.writing() as session:
        place = factories.make_place(session)
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=LANDLINE, channel=ChannelChoice.CALL
        )
        campaign = factories.make_campaign(
            session, places=[place], channels=["call", "text"], weekly_sample=0
        )
        return factories.make_invitation(session, runtime.keys, campaign=campaign, participant=person)[0].id


@pytest.fixture
def joined(runtime, asked):
    with exchange(runtime) as connected:
        yield connected


@pytest.fixture
def rung(runtime, joined):
    round_of_invitations(runtime)
    (telephone,) = joined.ringing()
    return telephone


def rows(runtime, table):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(table).order_by(*table.__table__.primary_key)).all()


def answers(runtime):
    return {row.item_id: row.code for row in rows(runtime, Answer)}


def values(runtime):
    """Return the codes that stand, in the order of the questions."""
    given = answers(runtime)
    return [given[item.id] for item in items(runtime) if item.id in given]


def calls_placed(runtime):
    return [row for row in rows(runtime, Message) if row.medium is Medium.CALL]


def items(runtime):
    return runtime.library.get("pulse-user-6", 1).items


def test_from_the_ring_to_the_thanks(runtime, rung):
    opening = rung.answer()
    for told in (runtime.settings.service_name, "free", "private", "Press 1", "Press 9", "star"):
        assert told in opening
    heard = rung.press("1")
    for number, item in enumerate(items(runtime), start=1):
        assert f"Question {number} of 6." in heard
        assert item.spoken in heard
        heard = rung.press("3")
    assert "last question" in heard
    assert rung.is_over
    assert set(answers(runtime).values()) == {3}
    (response,) = rows(runtime, Response)
    assert (response.state, response.channel) == (ResponseState.FINISHED, Channel.VOICE)
    assert [row.state for row in rows(runtime, Invitation)] == [InvitationState.ANSWERED]
    assert [row.result for row in rows(runtime, PhoneCall)] == [CallResult.DONE]
    (message,) = calls_placed(runtime)
    assert message.delivery == "delivered"
    assert LANDLINE.encode() not in message.address_sealed


@ON_SQLITE
def test_zero_is_an_answer_and_what_was_understood_is_said(runtime, rung):
    rung.answer()
    rung.press("1")
    assert "You chose 0, Not sure." in rung.press("0")
    assert values(runtime) == [0]


@ON_SQLITE
def test_who_hangs_up_is_rung_once_more_and_goes_on_where_they_were(runtime, joined, rung):
    rung.answer()
    rung.press("1")
    rung.press("2")
    rung.press("4")
    rung.hang_up()
    assert [row.state for row in rows(runtime, Conversation)] == [ConversationState.PAUSED]
    assert joined.ringing() == []
    runtime.clock.advance(hours=3)
    (again,) = joined.ringing()
    assert "We stopped at question 3" in again.answer()
    heard = again.press("1")
    assert "Question 3 of 6." in heard
    again.hang_up()
    for _ in range(20):
        runtime.clock.advance(hours=12)
        assert joined.ringing() == []
    assert len(calls_placed(runtime)) == 2
    assert values(runtime) == [2, 4]


@ON_SQLITE
@pytest.mark.parametrize("outcome", ["no-answer", "busy", "machine_start", "fax"])
def test_whom_nobody_reached_is_rung_three_times_by_day_and_hears_nothing_on_a_machine(
    runtime, joined, rung, outcome
):
    rung_at = []
    ringing = [rung]
    for _ in range(10 * 24 * 2):
        for telephone in ringing:
            rung_at.append(runtime.clock())
            if outcome in {"no-answer", "busy"}:
                telephone.hang_up(outcome)
            else:
                assert telephone.answer(by=outcome) == ""
                assert telephone.is_over
        runtime.clock.advance(minutes=30)
        if len(rung_at) > 2 and runtime.clock() - rung_at[-1] > dt.timedelta(days=2):
            break
        ringing = joined.ringing()
    assert len(rung_at) == 3
    assert all(9 <= at.hour < 19 for at in rung_at)
    assert [at.hour < 12 for at in rung_at].count(True) < 3
    assert min(b - a for a, b in itertools.pairwise(rung_at)) >= dt.timedelta(hours=2)
    assert {row.delivery for row in calls_placed(runtime)} == {"undelivered"}
    assert answers(runtime) == {}


@ON_SQLITE
def test_nine_stops_everything_everywhere_and_says_so(runtime, joined, rung):
    rung.answer()
    rung.press("1")
    rung.press("2")
    assert rung.press("9") == runtime.wording.spoken["stop_done"]
    assert rung.is_over
    assert [row.consent for row in rows(runtime, Participant)] == [Consent.WITHDRAWN]
    with runtime.database.reading() as session:
        assert is_suppressed(session, phone_index(runtime.keys, LANDLINE))
    runtime.clock.advance(hours=5)
    assert joined.ringing() == []
    assert values(runtime) == [2]


@ON_SQLITE
def test_a_call_offers_welsh_in_welsh_and_goes_on_in_it(runtime, rung):
    assert "I gael hyn yn Gymraeg, pwyswch 2." in rung.answer()
    assert rung.call.lines[0]["language"] == "cy-GB"
    opening = rung.press("2")
    assert "For English, press 2." in opening
    assert "Pwyswch 1 i ddechrau" in opening
    assert "Cwestiwn 1 o 6" in rung.press("1")
    assert {line["language"] for line in rung.call.lines[-2:]} == {"cy-GB"}
    assert "Cwestiwn 2 o 6" in rung.press("2")
    assert [row.language for row in rows(runtime, Response)] == ["cy"]
    assert [(row.language, row.language_chosen) for row in rows(runtime, Participant)] == [("cy", True)]


@ON_SQLITE
def test_star_says_it_again_more_slowly_and_silence_ends_politely(runtime, rung):
    rung.answer()
    first = rung.press("1")
    assert rung.press("*") == first
    assert rung.call.lines[-1]["rate"] == "85%"
    assert "did not get that" in rung.press("")
    assert "more slowly" in rung.press("7")
    assert rung.call.lines[-1]["rate"] == "70%"
    assert "Goodbye" in rung.press("")
    assert rung.is_over
    assert answers(runtime) == {}
    assert [row.state for row in rows(runtime, Conversation)] == [ConversationState.PAUSED]


@ON_SQLITE
def test_speech_is_an_answer_only_where_it_is_clear(runtime, rung):
    rung.answer()
    assert "Question 1" in rung.speak("yes please")
    assert "did not get that" in rung.speak("three", confidence=0.5)
    assert "more slowly" in rung.speak("three or maybe four")
    assert answers(runtime) == {}
    assert "Question 2" in rung.speak("to")
    assert "Question 3" in rung.speak("mostly")
    assert values(runtime) == [2, 3]
    assert rung.speak("please stop calling me", confidence=0.2) == runtime.wording.spoken["stop_done"]


@ON_SQLITE
def test_danger_said_in_a_call_is_signposted_at_once_alerted_and_no_answer(runtime, rung):
    rung.answer()
    rung.press("1")
    heard = rung.speak("three I want to kill myself", confidence=0.3)
    for number in ("999", "111", "116 123"):
        assert number in heard
    assert not rung.is_over
    assert answers(runtime) == {}
    with runtime.database.reading() as session:
        (alert,) = open_alerts(session)
        assert "kill myself" in words_of(alert, runtime.keys)
    assert "116 123" in rung.press("*")
    assert "Question 1" in rung.press("1")
    assert "Question 2" in rung.press("3")


def test_a_step_sent_twice_counts_once_and_an_old_one_hears_what_is_asked_now(runtime, joined, rung):
    rung.answer()
    rung.press("1")
    url = rung.call.action_url
    form = telephones.form_of(joined.phones, rung.call, "in-progress")
    first = telephones.post(joined.phones, url, form | {"Digits": "2"})
    assert telephones.post(joined.phones, url, form | {"Digits": "2"}) == first
    assert telephones.post(joined.phones, url, form | {"Digits": "4"}) == first
    assert values(runtime) == [2]
    start = url.replace("t=2", "t=1")
    assert telephones.post(joined.phones, start, form | {"Digits": "9"}) == first
    assert [row.consent for row in rows(runtime, Participant)] == [Consent.GIVEN]
    again = telephones.post(joined.phones, rung.call.voice_url, form)
    assert again == first
    with pytest.raises(telephones.NotTaken):
        telephones.post(joined.phones, url.replace("s=", "s=x"), form | {"Digits": "2"})


@ON_SQLITE
def test_begun_by_text_and_finished_by_phone_is_one_response(runtime, joined):
    mobile = "+447700900123"
    with runtime.database.writing() as session:
        place, campaign = session.scalars(sa.select(Place)).one(), session.scalars(sa.select(Campaign)).one()
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=mobile, channel=ChannelChoice.TEXT
        )
        factories.make_invitation(session, runtime.keys, campaign=campaign, participant=person)
    joined.text(mobile, "1")
    joined.text(mobile, "2")
    telephone = joined.dial(mobile)
    assert "We stopped at question 2" in telephone.heard
    telephone.press("1")
    for _ in range(5):
        heard = telephone.press("3")
    assert "last question" in heard
    (response,) = rows(runtime, Response)
    assert response.state is ResponseState.FINISHED
    assert values(runtime) == [2, 3, 3, 3, 3, 3]


@ON_SQLITE
def test_who_rings_us_may_take_the_open_survey_or_stop(runtime, joined):
    telephone = joined.dial(LANDLINE)
    assert "Thank you for ringing" in telephone.heard
    assert "Question 1" in telephone.press("1")
    stranger = joined.dial("+442079460999")
    assert "no questions for you" in stranger.heard
    assert stranger.press("9") == runtime.wording.spoken["stop_done"]
    withheld = joined.dial("anonymous")
    assert withheld.is_over
    assert answers(runtime) == {}


@ON_SQLITE
def test_calls_leave_only_between_nine_and_seven(runtime, joined, clock):
    clock.set(dt.datetime(2026, 11, 2, 8, 30, tzinfo=dt.UTC))
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(invited_at=clock()))
    round_of_invitations(runtime)
    assert joined.ringing() == []
    clock.advance(minutes=31)
    assert len(joined.ringing()) == 1
