from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.ask.population.phones import BadPhone, parse_number_to_call, phone_index
from survey_app.ask.sending.tables import Message
from survey_app.crypto import unseal
from survey_app.hear.safeguarding import callbacks
from survey_app.hear.safeguarding.callbacks import CallRequest
from survey_app.hear.safeguarding.tables import CallBack, CallOutcome
from tests.attacks.ground import ON_SQLITE

PHONE = "+447700900123"


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def ask(session, keys, settings, clock):
    request = CallRequest("web:token", PHONE, "riverside", "en", callbacks.WEB_CONSENT, clock())

    def ask(**changed):
        return callbacks.ask(session, replace(request, **changed), keys=keys, settings=settings)

    return ask


def test_a_source_or_a_number_asks_once_and_the_notice_leaves_the_number_out(session, ask, keys, settings):
    assert ask()
    assert not ask()
    assert not ask(source="text:SM1")  # the same number, by another way
    assert not ask(number="+447700900124")  # the same link cannot ask for others
    (call,) = callbacks.open_calls(session)
    assert callbacks.number_of(call, keys) == PHONE
    message = session.scalars(sa.select(Message)).one()
    assert (
        unseal(keys.contact, message.address_sealed, bound_to=f"outbox:{message.key}")
        == settings.call_back_email
    )
    assert "/workspace/call-backs" in message.body
    assert not any(secret in message.body for secret in (PHONE, "900123", "riverside", "token"))
    assert message.invitation_id is None


@ON_SQLITE
def test_nothing_in_the_row_leads_to_a_person_or_an_answer(session, ask, keys):
    ask()
    (call,) = callbacks.open_calls(session)
    assert call.address_index != phone_index(keys, PHONE)
    row = repr({column.name: getattr(call, column.name) for column in CallBack.__table__.columns})
    assert not any(secret in row for secret in (PHONE, "token", "invitation"))
    assert set(CallBack.__table__.columns.keys()).isdisjoint(
        {"invitation_id", "response_id", "participant_id"}
    )


@ON_SQLITE
def test_the_first_to_say_done_stands_the_number_goes_and_a_month_later_nothing_is_left(
    session, ask, clock, keys
):
    ask()
    (call,) = callbacks.open_calls(session)
    assert callbacks.finish(session, call_id=call.id, outcome=CallOutcome.SPOKE, by="Ada", at=clock())
    assert not callbacks.finish(session, call_id=call.id, outcome=CallOutcome.NO_ANSWER, by="Bob", at=clock())
    assert callbacks.open_calls(session) == []
    session.refresh(call)
    assert (call.address_sealed, call.address_index, callbacks.number_of(call, keys)) == (None, None, "")
    assert callbacks.purge(session, clock() + dt.timedelta(days=29)) == 0
    assert callbacks.purge(session, clock() + dt.timedelta(days=31)) == 1
    assert session.scalars(sa.select(CallBack)).all() == []


@ON_SQLITE
def test_erasing_a_number_takes_its_wish_along(session, ask, keys):
    ask()
    callbacks.forget(session, keys, "+447700900999")
    assert len(callbacks.open_calls(session)) == 1
    callbacks.forget(session, keys, PHONE)
    assert callbacks.open_calls(session) == []


def test_a_landline_can_be_called_and_a_premium_number_cannot():
    assert parse_number_to_call("020 7946 0123") == "+442079460123"
    assert parse_number_to_call("07700 900123") == PHONE
    for number in ("0909 8790000", "+33 1 42 68 53 00", "999", "a cat", ""):
        with pytest.raises(BadPhone):
            parse_number_to_call(number)
