from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.ask.sending.outbox import address_index
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.alerts import Distress, acknowledge, open_alerts, raise_alert
from survey_app.hear.safeguarding.escalation import is_office_time
from survey_app.jobs.alerting import escalate_alerts

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MONDAY_AT_TEN = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)
WORDS = "I cannot go on"


@pytest.fixture
def house(runtime, settings):
    return replace(runtime, settings=replace(settings, escalation_email="duty@example.org"))


def cry(house, at, source="SM1"):
    house.clock.set(at)
    distress = Distress(source, DistressKind.CRISIS, "+447700900123", WORDS, at)
    with house.database.writing() as session:
        raise_alert(session, distress, keys=house.keys, settings=house.settings)


def told(house):
    names = {
        address_index(house.keys, Medium.EMAIL, address): address
        for address in (house.settings.on_call_email, house.settings.escalation_email)
    }
    with house.database.reading() as session:
        rows = session.scalars(sa.select(Message).order_by(Message.id)).all()
    assert {row.kind for row in rows} == {MessageKind.ALERT}
    assert not any(WORDS in row.body or "+4477" in row.body for row in rows)
    return [names[row.address_index] for row in rows]


@ON_SQLITE
def test_an_alert_that_nobody_takes_on_for_fifteen_minutes_reaches_the_second_address_once(house):
    cry(house, MONDAY_AT_TEN)
    house.clock.advance(minutes=14)
    assert escalate_alerts(house) == 0
    house.clock.advance(minutes=1)
    assert (escalate_alerts(house), escalate_alerts(house)) == (1, 0)
    assert told(house) == ["on-call@example.org", "duty@example.org"]


@ON_SQLITE
def test_an_alert_that_was_taken_on_goes_no_further(house):
    cry(house, MONDAY_AT_TEN)
    with house.database.writing() as session:
        (alert,) = open_alerts(session)
        assert acknowledge(session, alert_id=alert.id, by="sam@example.org", at=house.clock())
    house.clock.advance(hours=1)
    assert escalate_alerts(house) == 0
    assert told(house) == ["on-call@example.org"]


@ON_SQLITE
def test_out_of_hours_both_addresses_hear_at_once_and_no_second_time(house):
    cry(house, MONDAY_AT_TEN.replace(hour=21))
    assert told(house) == ["on-call@example.org", "duty@example.org"]
    house.clock.advance(minutes=20)
    assert escalate_alerts(house) == 0


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-11-02T09:00+00:00", True),
        ("2026-11-02T17:00+00:00", False),
        ("2026-11-07T11:00+00:00", False),
        ("2026-07-01T08:00+00:00", True),  # nine in summer
        ("2026-10-25T10:00+00:00", False),  # a Sunday, the night the clocks went back
    ],
)
def test_office_time_is_told_by_the_clock_on_the_wall(at, open_):
    assert is_office_time(dt.datetime.fromisoformat(at)) is open_
