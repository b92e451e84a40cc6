from __future__ import annotations

import datetime as dt

from survey_app.ask.population import consent
from survey_app.ask.population.tables import Consent, Suppression
from tests.factories import make_participant, make_place
from tests.fakes import MONDAY_MORNING

LATER = MONDAY_MORNING + dt.timedelta(days=3)


def test_an_address_is_suppressed_once_and_the_first_reason_stands(database):
    with database.writing() as session:
        assert not consent.is_suppressed(session, b"x" * 32)
        consent.suppress(session, phone_index=b"x" * 32, reason="opted out", at=MONDAY_MORNING)
        consent.suppress(session, phone_index=b"x" * 32, reason="dead number", at=LATER)
        assert consent.is_suppressed(session, b"x" * 32)
        assert not consent.is_suppressed(session, b"y" * 32)
        row = session.get_one(Suppression, b"x" * 32)
        assert (row.reason, row.since) == ("opted out", MONDAY_MORNING)


def test_who_withdraws_is_left_alone_and_so_is_their_number(database, keys):
    with database.writing() as session:
        person = make_participant(session, keys, place=make_place(session))
        assert consent.may_ask(session, person.id)
        consent.withdraw(session, participant_id=person.id, at=MONDAY_MORNING)
        consent.withdraw(session, participant_id=person.id, at=LATER)
        session.refresh(person)
        assert (person.consent, person.consent_at) == (Consent.WITHDRAWN, MONDAY_MORNING)
        assert consent.is_suppressed(session, person.phone_index)
        assert not consent.may_ask(session, person.id)


def test_a_shared_number_that_objected_stops_everybody_on_it(database, keys):
    with database.writing() as session:
        place = make_place(session)
        one, other = (make_participant(session, keys, place=place, phone="+447700900555") for _ in range(2))
        consent.withdraw(session, participant_id=one.id, at=MONDAY_MORNING)
        assert not consent.may_ask(session, other.id)


def test_a_person_without_a_number_can_withdraw(database, keys):
    with database.writing() as session:
        person = make_participant(session, keys, place=make_place(session), phone=None)
        consent.withdraw(session, participant_id=person.id, at=MONDAY_MORNING)
        assert not consent.may_ask(session, person.id)
