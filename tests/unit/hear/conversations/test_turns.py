from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Helped, Invitation
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import Conversation, ConversationState
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.hear.reading.model import Intent
from survey_app.hear.responses.tables import Answer, Response
from tests import factories

PHONE = "+447700900123"


@pytest.fixture
def session(runtime):
    with runtime.database.writing() as session:
        yield session


@pytest.fixture
def invite(session, runtime):
    place = factories.make_place(session)
    campaign = factories.make_campaign(session, places=[place], instrument_id="pulse-user-6")

    def make(phone=PHONE, **more):
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=phone, channel=ChannelChoice.TEXT
        )
        return factories.make_invitation(
            session, runtime.keys, campaign=campaign, participant=person, **more
        )[0]

    return make


@pytest.fixture
def text(session, runtime):
    needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
    numbers = itertools.count(1)

    def send(body, *, dispatched=True, **more):
        if dispatched:
            sent = sa.update(Message).where(Message.state == MessageState.PENDING)
            session.execute(sent.values(state=MessageState.ACCEPTED, sent_at=runtime.clock()))
            runtime.clock.advance(seconds=10)
        inbound = Inbound(
            f"SM{next(numbers):032}", PHONE, runtime.settings.twilio_number, body, runtime.clock(), **more
        )
        intent = take_turn(session, inbound, needs)
        session.expire_all()
        return intent

    return send


def last(session):
    return session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).first()


def test_a_second_text_before_the_next_question_has_left_replaces_the_first(session, invite, text):
    invite()
    text("1")
    text("3")
    text("4", dispatched=False)
    assert session.scalars(sa.select(Answer.code)).all() == [4]
    (waiting,) = session.scalars(sa.select(Message).where(Message.state == MessageState.PENDING)).all()
    assert waiting.body.startswith("Got 4")


def test_a_turn_that_stores_an_answer_asks_fifteen_statements(session, invite, text, runtime):
    invite()
    text("1")
    text("3")
    asked = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    text("2")
    assert len(asked) == 16  # one of them lets the question leave


def test_an_invitation_that_is_not_due_yet_cannot_be_answered(session, invite, text, clock):
    invite(invited_at=clock.at.replace(hour=15))
    assert text("1") is Intent.NO_OPEN_QUESTION
    assert last(session).kind is MessageKind.REPLY


def test_an_open_survey_is_carried_on_before_a_newer_one_begins(session, invite, text, clock):
    older = invite()
    text("1")
    clock.advance(days=1)
    invite(phone=PHONE, invited_at=clock())
    text("2")
    assert {row.invitation_id for row in session.scalars(sa.select(Conversation))} == {older.id}


def test_a_survey_answered_on_the_web_is_over_by_text_too(session, invite, text, runtime):
    invitation = invite()
    text("1")
    invitations.mark_answered(session, invitation.id, runtime.clock())
    text("2")
    assert session.scalars(sa.select(Conversation.state)).all() == [ConversationState.COMPLETED]
    assert last(session).body == runtime.wording.text("finished_already")
    assert session.scalars(sa.select(Answer.code)).all() == []


def test_an_answer_after_the_end_of_the_window_is_not_kept(session, invite, text, runtime):
    invite()
    text("1")
    runtime.clock.advance(days=19)
    text("2")
    assert session.scalars(sa.select(Answer.code)).all() == []
    assert session.scalars(sa.select(Conversation.state)).all() == [ConversationState.EXPIRED]
    assert last(session).body == runtime.wording.text("late_closed")


def test_a_picture_is_asked_for_in_words(session, invite, text):
    invite()
    text("1")
    assert text("", n_media=1) is Intent.MEDIA_ONLY
    assert "only read text" in last(session).body


def test_a_correction_replaces_the_answer_before_and_the_open_question_is_asked_again(session, invite, text):
    invite()
    text("1")
    text("2")
    assert text("sorry i meant 3") is Intent.CORRECTION
    assert "2/" in last(session).body
    assert session.scalars(sa.select(Answer.code)).all() == [3]


def test_the_providers_help_text_is_not_doubled(session, invite, text):
    invite()
    text("1")
    before = session.scalar(sa.select(sa.func.count(Message.id)))
    text("HELP", opt_out_type="HELP")
    assert session.scalar(sa.select(sa.func.count(Message.id))) == before


def test_a_stop_takes_back_the_question_that_waits(session, invite, text):
    invite()
    text("1")
    text("leave me alone", dispatched=False)
    states = {row.kind: row.state for row in session.scalars(sa.select(Message))}
    assert states == {
        MessageKind.QUESTION: MessageState.WITHDRAWN,
        MessageKind.STOP_DONE: MessageState.PENDING,
    }


def test_nothing_but_danger_is_answered_after_a_stop(session, invite, text):
    invite()
    text("please stop")
    n_after_stop = session.scalar(sa.select(sa.func.count(Message.id)))
    text("3")
    text("hello")
    assert session.scalar(sa.select(sa.func.count(Message.id))) == n_after_stop
    text("i want to kill myself")
    kinds = session.scalars(sa.select(Message.kind).order_by(Message.id)).all()[n_after_stop:]
    assert sorted(kinds) == [MessageKind.ALERT, MessageKind.SIGNPOST]


def test_a_label_that_elsewhere_means_stop_is_an_answer_to_its_own_question(session, runtime, text):
    place = factories.make_place(session, "hillside")
    carer = runtime.library.latest("carer")
    campaign = factories.make_campaign(session, places=[place], instrument_id=carer.id)
    person = factories.make_participant(
        session, runtime.keys, place=place, phone=PHONE, channel=ChannelChoice.TEXT
    )
    factories.make_invitation(
        session, runtime.keys, campaign=campaign, participant=person, items=["ca.time"], language="en"
    )
    text("1")
    assert text("Enough") is Intent.ANSWER
    assert session.scalars(sa.select(Answer.code)).all() == [1]
    assert session.scalars(sa.select(Conversation.state)).all() == [ConversationState.COMPLETED]


def test_who_answers_for_somebody_else_by_text_is_kept_as_the_web_keeps_it(session, invite, text):
    invite()
    text("1")
    text("mum says 3")
    assert session.scalars(sa.select(Invitation.helped)).one() is Helped.ON_BEHALF
    assert session.execute(sa.select(Response.helped, Answer.code).join(Answer)).all() == [
        (Helped.ON_BEHALF, 3)
    ]


def test_asking_whether_we_speak_a_language_we_have_goes_on_in_it(session, invite, text):
    invite()
    text("1")
    assert text("do you speak welsh?") is Intent.LANGUAGE_REQUEST
    assert "Atebwch" in last(session).body
    assert session.scalars(sa.select(Participant.language)).one() == "cy"
