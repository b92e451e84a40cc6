"""A list of people in the browser: any columns, a preview of every row, nothing lost, and then taken."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from survey_app.ask.population.importing.tables import PeopleUpload
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant
from survey_app.hear.erasure.finding import By
from survey_app.jobs.erasing import drop_old_lists, erase_found
from tests.integration.signed_in import csrf_in, enter, settle

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HEADER = "reference,audience,locality,practice,phone,channel,language,consent\n"
GOOD = "p1,user,riverside,,07700 900001,text,en,given\n"
BAD = "p2,user,mars,,020 7946 0958,text,en,given\n=p3,user,riverside,,,web,en,given\n"


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org")


@pytest.fixture
def officer(app):
    return enter(app, "officer@example.org")[0]


def send(client, data, **more):
    data = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": csrf_in(client, "/account"), "people": (io.BytesIO(data), "people.csv")} | more
    return client.post("/workspace/people", data=form)


def sent(client, data, **more):
    reply = send(client, data, **more)
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"]


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_in(client, "/account")} | form)


def big_numbers(page):
    return [int(found.replace(",", "")) for found in re.findall(r"<li><strong>([\d,]+)</strong>", page)]


def stored(runtime):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(Participant).order_by(Participant.reference)).all()


def test_a_list_is_shown_then_taken_and_its_refused_rows_are_given_back(officer, runtime):
    address = sent(officer, HEADER + GOOD + BAD)
    page = officer.get(address).text
    assert big_numbers(page) == [1, 0, 0, 2]
    assert all(words in page for words in ("Locality &#39;mars&#39; is not known", "Phone is a landline"))
    assert stored(runtime) == []
    rows = list(csv.reader(io.StringIO(officer.get(f"{address}/refused.csv").text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["line", "why it was refused", "reference"]
    assert [row[0] for row in rows[1:]] == ["3", "4"]
    assert rows[2][2] == "'=p3"  # a spreadsheet must not run it

    assert post(officer, f"{address}/take").status_code == 303
    assert "1 added, 0 changed, 0 the same" in officer.get(address).text
    assert [person.reference for person in stored(runtime)] == ["p1"]
    again = csv.reader(io.StringIO(officer.get(f"{address}/refused.csv").text.removeprefix("\ufeff")))
    assert list(again) == rows
    post(officer, f"{address}/take")  # pressed twice
    assert len(stored(runtime)) == 1


@ON_SQLITE
def test_strange_columns_are_guessed_corrected_and_said_once_for_all(officer, runtime):
    table = (
        "Client ID;Naam;Area;Mobile number;E-mail;Agreed\n7;x;Riverside;+44 7700 900001;a@example.org;Yes\n"
    )
    address = sent(officer, table.encode("cp1252"))
    page = officer.get(address).text
    assert "The list does not say yet" in page
    assert post(officer, f"{address}/take").status_code == 409
    chosen = {"column-0": "reference", "column-2": "locality", "column-3": "phone", "column-4": "email"}
    said = {"column-5": "consent", "all-audience": "carer", "all-channel": "email", "all-language": "cy"}
    reply = post(officer, address, **chosen, **said)
    assert reply.status_code == 303
    assert big_numbers(officer.get(address).text) == [1, 0, 0, 0]
    post(officer, f"{address}/take")
    (person,) = stored(runtime)
    assert (person.reference, person.audience, person.locality_id, person.language) == (
        "7",
        "carer",
        "riverside",
        "cy",
    )
    assert (person.channel, person.consent) == (ChannelChoice.EMAIL, Consent.GIVEN)


@ON_SQLITE
@pytest.mark.parametrize(
    "written",
    [
        ("\ufeff" + HEADER + GOOD.replace("p1", "Zoë")).encode(),
        (HEADER + GOOD.replace("p1", "Zoë")).encode("cp1252"),
        (HEADER + GOOD.replace("p1", "Zoë")).replace(",", "\t").encode("utf-16"),
    ],
)
def test_every_way_a_spreadsheet_writes_is_read(officer, runtime, written):
    post(officer, f"{sent(officer, written)}/take")
    assert [person.reference for person in stored(runtime)] == ["Zoë"]


@ON_SQLITE
def test_a_second_list_says_what_is_new_changed_and_the_same_and_pasting_works(officer, runtime):
    post(officer, f"{sent(officer, HEADER + GOOD + GOOD.replace('p1', 'p4'))}/take")
    changed = GOOD.replace("p1", "p4").replace("text", "web")
    cells = (HEADER + GOOD + changed + GOOD.replace("p1", "p5") + GOOD).replace(",", "\t")
    address = sent(officer, b"", pasted=cells)
    page = officer.get(address).text
    assert big_numbers(page) == [1, 1, 1, 1]
    assert "stands already in line 2" in page


@ON_SQLITE
def test_who_asked_to_be_erased_is_refused_unless_confirmed(officer, runtime):
    post(officer, f"{sent(officer, HEADER + GOOD)}/take")
    assert erase_found(runtime, By.REFERENCE, "p1") == 1
    address = sent(officer, HEADER + GOOD)
    page = officer.get(address).text
    assert "Asked to be erased on 2 November 2026" in page
    assert big_numbers(page) == [0, 0, 0, 1]
    post(officer, f"{address}/take")
    assert [one.reference for one in stored(runtime) if one.phone_index] == []
    post(officer, f"{sent(officer, HEADER + GOOD)}/take", once_erased_too="yes")
    assert [one.reference for one in stored(runtime) if one.phone_index] == ["p1"]


@ON_SQLITE
def test_a_list_waits_sealed_for_its_sender_alone_and_not_for_long(app, officer, runtime, clock):
    address = sent(officer, HEADER + GOOD)
    with runtime.database.reading() as session:
        (upload,) = session.scalars(sa.select(PeopleUpload))
        assert b"900001" not in upload.sealed
    with runtime.database.writing() as session:
        session.execute(sa.update(PeopleUpload).values(staff_id=PeopleUpload.staff_id + 1))
    assert officer.get(address).status_code == 404
    assert post(officer, f"{address}/take").status_code == 404
    address = sent(officer, HEADER + GOOD)
    clock.advance(minutes=20)
    assert officer.get(address).status_code == 200
    clock.advance(minutes=25)
    assert officer.get(address).status_code == 200  # keeps the session awake
    clock.advance(minutes=16)
    assert officer.get(address).status_code == 404
    drop_old_lists(runtime)
    address = sent(officer, HEADER + GOOD)
    assert post(officer, f"{address}/drop").status_code == 303
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PeopleUpload)) == 0


@ON_SQLITE
def test_a_list_needs_a_role_for_the_whole_system(app, officer):
    east, _ = enter(app, "east-officer@example.org")
    assert send(east, HEADER + GOOD).status_code == 403
    assert 'type="file"' not in east.get("/workspace/people").text
    assert east.get(sent(officer, HEADER + GOOD)).status_code == 403
