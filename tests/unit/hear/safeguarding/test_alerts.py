from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.ask.sending.tables import Medium, Message
from survey_app.crypto import unseal
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.alerts import (
    Distress,
    acknowledge,
    close,
    open_alerts,
    raise_alert,
    sender_of,
    taken_on,
    trace,
    words_of,
)
from survey_app.hear.safeguarding.tables import Alert, AlertState, Outcome
from survey_app.hear.safeguarding.telling import Teller, escalate

WORDS = "I cannot go on"
PHONE = "+447700900123"


@pytest.fixture
def raised(database, keys, settings, clock):
    distress = Distress("SM1", DistressKind.CRISIS, PHONE, WORDS, clock(), "riverside")
    with database.writing() as session:
        assert raise_alert(session, distress, keys=keys, settings=settings)
    return distress


def test_the_same_source_raises_one_alert_and_one_email(database, raised, keys, settings):
    with database.writing() as session:
        assert not raise_alert(session, raised, keys=keys, settings=settings)
        assert len(open_alerts(session)) == 1
        assert len(session.scalars(sa.select(Message)).all()) == 1


def test_the_email_goes_to_the_people_on_call_without_words_or_number(database, raised, keys, settings):
    with database.reading() as session:
        message = session.scalars(sa.select(Message)).one()
    assert message.medium is Medium.EMAIL
    assert (
        unseal(keys.contact, message.address_sealed, bound_to=f"outbox:{message.key}")
        == settings.on_call_email
    )
    assert "/workspace/alerts" in message.body
    for secret in (WORDS, PHONE, "riverside"):
        assert secret not in message.body + message.subject


def test_words_and_number_open_only_with_the_contact_key(database, raised, keys):
    with database.reading() as session:
        (alert,) = open_alerts(session)
    assert (words_of(alert, keys), sender_of(alert, keys)) == (WORDS, PHONE)
    assert WORDS.encode() not in alert.words_sealed


def test_the_first_person_to_acknowledge_stands(database, raised, clock):
    with database.writing() as session:
        (alert,) = open_alerts(session)
        assert acknowledge(session, alert_id=alert.id, by="Ada", at=clock())
        assert not acknowledge(session, alert_id=alert.id, by="Bob", at=clock())
        session.expire_all()
        assert alert.acknowledged_by == "Ada"
        assert not open_alerts(session)


@pytest.fixture
def on_duty(settings):
    return replace(settings, escalation_email="duty@example.org", safeguarding_email="safe@example.org")


def told(session, keys):
    """List who was written to, in order."""
    messages = session.scalars(sa.select(Message).order_by(Message.id))
    return [unseal(keys.contact, m.address_sealed, bound_to=f"outbox:{m.key}") for m in messages]


def raise_at(session, hour, keys, settings, *, kind=DistressKind.CRISIS):
    at = dt.datetime(2026, 11, 2, hour, tzinfo=dt.UTC)
    raise_alert(session, Distress("SM2", kind, PHONE, WORDS, at), keys=keys, settings=settings)
    return at


def test_an_alert_nobody_takes_on_climbs_after_15_minutes_30_more_and_every_hour(database, keys, on_duty):
    with database.writing() as session:
        at = raise_at(session, 12, keys, on_duty)
        climbed = [
            minute
            for minute in range(0, 240, 5)
            if escalate(Teller(session, keys, on_duty, at + dt.timedelta(minutes=minute)))
        ]
        assert climbed == [15, 45, 105, 165, 225]
        assert told(session, keys)[:3] == [on_duty.on_call_email, "duty@example.org", on_duty.on_call_email]


def test_an_alert_that_is_taken_on_climbs_no_more_and_closing_deletes_the_words(database, keys, on_duty):
    with database.writing() as session:
        at = raise_at(session, 12, keys, on_duty)
        (alert,) = open_alerts(session)
        assert not close(session, alert_id=alert.id, outcome=Outcome.SPOKE, by="Ada", at=at)
        acknowledge(session, alert_id=alert.id, by="Ada", at=at)
        assert not escalate(Teller(session, keys, on_duty, at + dt.timedelta(days=1)))
        assert close(session, alert_id=alert.id, outcome=Outcome.SPOKE, by="Ada", at=at)
        session.expire_all()
        kept = session.get_one(Alert, alert.id)
        assert (kept.state, kept.outcome, kept.words_sealed) == (AlertState.CLOSED, Outcome.SPOKE, b"")
        assert [event.step.value for event in trace(session, [kept.id])[kept.id]] == [
            "told",
            "acknowledged",
            "closed",
        ]
        assert not taken_on(session)


def test_at_night_the_duty_address_is_told_at_once(database, keys, on_duty):
    with database.writing() as session:
        raise_at(session, 23, keys, on_duty)
        assert told(session, keys) == [on_duty.on_call_email, "duty@example.org"]


def test_abuse_goes_to_the_safeguarding_lead(database, keys, on_duty):
    with database.writing() as session:
        raise_at(session, 12, keys, on_duty, kind=DistressKind.ABUSE)
        assert told(session, keys) == ["safe@example.org"]
