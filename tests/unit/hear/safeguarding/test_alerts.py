from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.ask.sending.tables import Medium, Message
from survey_app.crypto import unseal
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.alerts import (
    Distress,
    acknowledge,
    open_alerts,
    raise_alert,
    sender_of,
    words_of,
)

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
    assert unseal(keys.contact, message.address_sealed, bound_to="outbox:alert:SM1") == settings.on_call_email
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
