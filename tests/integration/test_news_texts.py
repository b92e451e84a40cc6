"""Between a lead's "send it" and the texts: people stop or withdraw, and leads change their mind."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.population.consent import suppress
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Consent, Participant
from survey_app.ask.sending.tables import MessageState
from survey_app.jobs.outgoing import round_of_news
from survey_app.know.improvement.actions import actions, news, notices
from survey_app.know.improvement.actions.actions import Change
from survey_app.know.improvement.actions.tables import Action, ActionCycle, Notice
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_action
from tests.integration.test_actions import STARTED, lead, texts, told, town  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures
ON_POSTGRESQL = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@ON_SQLITE
def test_a_text_for_ten_is_offered_again_where_fewer_are_left_when_it_is_queued(told, town, lead):
    told()
    with town.database.writing() as session:
        for number in range(3):
            index = phone_index(town.keys, f"+44770090{number:04}")
            suppress(session, phone_index=index, reason="opted out", at=town.clock())
    assert (round_of_news(town), texts(town)) == (0, [])
    assert "fewer than 10" in lead.get("/dashboard/actions/you-said/1").text
    with town.database.reading() as session:
        assert not news.is_waiting(session)


@ON_SQLITE
def test_ten_are_enough_for_the_first_batch_and_the_last_is_told_however_few_are_left(
    told, town, monkeypatch
):
    monkeypatch.setattr(news, "AT_MOST", 5)
    told()
    assert [round_of_news(town) for _ in range(4)] == [5, 5, 2, 0]


@ON_SQLITE
def test_a_phone_that_cannot_be_opened_keeps_nobody_else_waiting(told, town):
    with town.database.writing() as session:
        session.scalars(sa.select(Participant).order_by(Participant.id)).all()[1].phone_sealed = b"x" * 60
    told()
    assert round_of_news(town) == 11
    with town.database.reading() as session:
        assert not news.is_waiting(session)


@ON_SQLITE
@pytest.mark.parametrize(
    "changed", [{"consent": Consent.WITHDRAWN}, {"hear_back": False}, {"phone_index": b"another"}]
)
def test_news_is_not_wanted_where_nobody_on_the_phone_agrees_any_more(town, changed):
    hooks, index = (
        Hooks(town.keys, town.settings, town.clock),
        phone_index(town.keys, "+447700900000"),
    )
    with town.database.writing() as session:
        one, sharer = session.scalars(sa.select(Participant).where(Participant.phone_index == index))
        for person, still in ((one, True), (sharer, False)):
            for name, value in changed.items():
                setattr(person, name, value)
            session.flush()
            assert hooks.news_wanted(session, index) is still


@ON_SQLITE
def test_what_is_taken_down_before_its_round_waits_no_more(told, town):
    notice_id = told()
    with town.database.writing() as session:
        notices.take_down(session, session.get_one(Notice, notice_id))
        assert not news.is_waiting(session)


@ON_POSTGRESQL
def test_what_is_taken_down_while_its_texts_are_queued_sends_none(told, town, monkeypatch):
    monkeypatch.setattr(news, "AT_MOST", 5)
    notice_id = told()

    def take_down():
        with town.database.writing() as session:
            notices.take_down(session, session.get_one(Notice, notice_id))

    waits = threading.Thread(target=take_down)
    with town.database.writing() as session:
        teller = news.teller_of(town.settings, town.wording, town.keys, town.clock())
        assert news.tell(session, teller) == 5
        waits.start()
        waits.join(0.5)
        assert waits.is_alive()  # it waits for the texts, to take them back
    waits.join(10)
    assert {message.state for message in texts(town)} == {MessageState.WITHDRAWN}


@ON_POSTGRESQL
def test_two_leads_who_plan_a_cycle_at_once_plan_two(town):
    with town.database.writing() as session:
        action_id = make_action(session, "riverside").id

    def plan(session):
        action = session.get_one(Action, action_id)
        actions.add_cycle(session, action, "Ask", STARTED, Change(1, town.clock()))

    def other_lead():
        with town.database.writing() as session:
            plan(session)

    other = threading.Thread(target=other_lead)
    with town.database.writing() as session:
        plan(session)
        other.start()
        other.join(0.5)
    other.join(10)
    with town.database.reading() as session:
        assert list(session.scalars(sa.select(ActionCycle.number).order_by(ActionCycle.number))) == [1, 2, 3]
