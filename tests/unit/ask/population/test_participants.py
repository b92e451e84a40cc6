from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.population import participants
from survey_app.ask.population.addresses import AddressKind, bound_to, indexes_of
from survey_app.ask.population.breakdown import Breakdown, Category
from survey_app.ask.population.consent import suppress, withdraw
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.places import import_places
from survey_app.ask.population.sheets import BadRows
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant
from survey_app.crypto import WrongKey, unseal
from tests.fakes import MONDAY_MORNING
from tests.unit.ask.population.tree import TREE

HEADER = "reference,audience,locality,practice,phone,channel,language,consent\n"
AGE = Breakdown("age", "Age", (Category("18-64", "18 to 64"), Category("80-over", "80 and over")))
LATER = MONDAY_MORNING + dt.timedelta(days=1)


@pytest.fixture
def session(database):
    with database.writing() as session:
        import_places(session, TREE)
        yield session


def imported(session, keys, *lines, now=MONDAY_MORNING, header=HEADER):
    return import_people(session, header + "\n".join(lines), keys=keys, now=now, breakdown=AGE)


def only(session) -> Participant:
    return session.scalars(sa.select(Participant)).one()


def refusal(session, keys, *lines):
    with pytest.raises(BadRows) as refused:
        imported(session, keys, *lines)
    assert session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 0
    return str(refused.value)


def test_a_good_row_becomes_a_person_whose_number_only_the_key_reads(session, keys):
    report = imported(session, keys, "a-1,carer,north,elm,07700 900123,text,cy,given")
    person = only(session)
    assert (report.n_added, report.n_updated) == (1, 0)
    assert (person.audience, person.locality_id, person.practice_id) == ("carer", "north", "elm")
    assert (person.channel, person.language, person.consent) == (ChannelChoice.TEXT, "cy", Consent.GIVEN)
    assert person.phone_index == phone_index(keys, "+447700900123")
    assert b"900123" not in person.phone_sealed
    assert participants.phone_of(keys, person) == "+447700900123"
    assert participants.by_phone(session, person.phone_index) == [person]
    assert not participants.any_synthetic(session)


def test_a_sealed_number_opens_only_on_its_own_row(session, keys):
    imported(session, keys, "a-1,user,north,,07700 900123,text,,given")
    with pytest.raises(WrongKey):
        unseal(keys.contact, only(session).phone_sealed, bound_to=bound_to("a-2", AddressKind.PHONE))


def test_the_same_reference_again_updates_and_adds_nobody(session, keys):
    imported(session, keys, "a-1,user,north,elm,07700 900123,text,,given")
    report = imported(session, keys, "a-1,user,south,,07700 900124,web,pl,given", now=LATER)
    person = only(session)
    assert (report.n_added, report.n_updated) == (0, 1)
    assert (person.locality_id, person.practice_id, person.language) == ("south", None, "pl")
    assert participants.phone_of(keys, person) == "+447700900124"
    assert person.consent_at == person.created_at == MONDAY_MORNING


def test_an_import_never_undoes_a_withdrawal(session, keys):
    row = "a-1,user,north,,07700 900123,text,,given"
    imported(session, keys, row)
    withdraw(session, participant_id=only(session).id, at=MONDAY_MORNING)
    report = imported(session, keys, row, now=LATER)
    assert (report.withdrawn, report.suppressed) == ((2,), (2,))
    assert (only(session).consent, only(session).consent_at) == (Consent.WITHDRAWN, MONDAY_MORNING)


def test_an_import_can_record_a_withdrawal(session, keys):
    imported(session, keys, "a-1,user,north,,07700 900123,text,,given")
    report = imported(session, keys, "a-1,user,north,,07700 900123,text,,withdrawn", now=LATER)
    assert report.withdrawn == (2,)
    assert (only(session).consent, only(session).consent_at) == (Consent.WITHDRAWN, LATER)


@pytest.mark.parametrize("written", ["07700900123", "+44 (0)7700 900123", "00447700900123", "٠٧٧٠٠٩٠٠١٢٣"])
def test_a_suppressed_number_stays_suppressed_however_it_is_written(session, keys, written):
    suppress(session, phone_index=phone_index(keys, "+447700900123"), reason="opted out", at=MONDAY_MORNING)
    report = imported(
        session, keys, "a-1,user,north,,07700 900001,text,,given", f"a-2,user,north,,{written},text,,given"
    )
    assert report.suppressed == (3,)


def test_people_without_a_number_are_taken_and_reported(session, keys):
    report = imported(session, keys, "a-1,user,north,,,web,,given")
    assert report.without_phone == (2,)
    assert participants.phone_of(keys, only(session)) is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",user,north,,07700 900123,text,en,given", "reference must have"),
        ("=a,user,north,,07700 900123,text,en,given", "formula"),
        ("\uff20a,user,north,,07700 900123,text,en,given", "formula"),
        (
            "b,nurse,north,,07700 900123,text,en,given",
            "audience must be one of user, carer, staff, not 'nurse'",
        ),
        ("b,user,east,,07700 900123,text,en,given", "locality 'east' is not known"),
        ("b,user,town,,07700 900123,text,en,given", "locality 'town' is not known"),
        (
            "b,user,south,elm,07700 900123,text,en,given",
            "practice 'elm' is not a practice of locality 'south'",
        ),
        ("b,user,north,,020 7946 0958,text,en,given", "phone is a landline"),
        ("b,user,north,,07781 123456,text,en,given", "phone belongs to Jersey"),
        ("b,user,north,,07700 900123,pigeon,en,given", "channel must be one of text, web"),
        (
            "b,user,north,,07700 900123,text,English,given",
            "language must be one of en (English), cy (Welsh), ar",
        ),
        ("b,user,north,,07700 900123,text,xx,given", "ur (Urdu), not 'xx'"),
        ("b,user,north,,07700 900123,text,en,", "consent must be one of given, withdrawn"),
        ("a-1,user,north,,07700 900123,text,en,given", "reference 'a-1' stands already in line 2"),
    ],
)
def test_a_bad_row_is_named_and_nobody_is_stored(session, keys, row, reason):
    message = refusal(session, keys, "a-1,user,north,,07700 900122,text,en,given", row)
    assert message.startswith("line 3: ")
    assert reason in message


def test_every_fault_of_every_line_is_named_and_no_number_is_repeated(session, keys):
    message = refusal(
        session, keys, "a,nurse,east,,020 7946 0958,text,en,given", "b,user,north,,12,web,en,no"
    )
    assert [line.split(":")[0] for line in message.splitlines()] == ["line 2"] * 3 + ["line 3"] * 2
    assert "7946" not in message


def test_a_large_file_is_stored_whole(session, keys):
    lines = [f"p-{n},user,north,,07700900{n % 1000:03},text,,given" for n in range(2_500)]
    assert imported(session, keys, *lines).n_added == 2_500
    assert imported(session, keys, *lines).n_updated == 2_500
    assert session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 2_500


def test_every_address_is_sealed_found_by_its_index_and_gone_with_the_person(session, keys):
    header = HEADER.strip() + ",email,landline,address_1,postcode\n"
    line = "a-1,user,north,,,email,,given,a@example.org,020 7946 0123,A Person,AB1 2CD"
    imported(session, keys, line, header=header)
    person = only(session)
    found = [participants.address_of(keys, person, kind) for kind in AddressKind]
    assert found == [None, "+442079460123", "a@example.org", "A Person\nAB1 2CD"]
    assert participants.by_phone(session, phone_index(keys, "+442079460123")) == [person]
    participants.strip(session, person, now=LATER)
    assert [participants.address_of(keys, person, kind) for kind in AddressKind] == [None] * 4
    assert indexes_of(person) == []


def test_a_bad_address_names_its_column_and_never_itself(session, keys):
    header = HEADER.strip() + ",email,landline,address_1,postcode\n"
    line = "a-1,user,north,,,email,,given,not-an-address,07700 900123,A Person,"
    with pytest.raises(BadRows) as refused:
        imported(session, keys, line, header=header)
    said = str(refused.value)
    assert all(words in said for words in ("email is not", "landline is not a UK landline", "address needs"))
    assert not any(words in said for words in ("not-an-address", "900123", "A Person"))
