"""The ledger outside the database: a restored copy brings nobody back, and a list does so only if meant."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.ask.population.consent import is_suppressed, withdraw
from survey_app.ask.population.tables import Participant
from survey_app.cli.doctor import faults_of
from survey_app.cli.erase import erase as erase_command
from survey_app.cli.people import people as people_commands
from survey_app.cli.processes import refuse_unfit
from survey_app.database import Database
from survey_app.hear.erasure import ledger
from survey_app.hear.erasure.finding import By, find, held_of
from survey_app.hear.responses.tables import Response
from survey_app.jobs.counting import nightly
from survey_app.jobs.erasing import apply_ledger, erase_found, eraser_of
from survey_app.know.aggregation.tables import Block
from tests import factories
from tests.fake_twilio import exchange
from tests.worlds import MONDAY, World, london

PHONE = "+447700900123"
WEEK = dt.timedelta(weeks=1)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ROW = "{},user,riverside,,{},text,en,given\n"
HEADER = "reference,audience,locality,practice,phone,channel,language,consent\n"


@pytest.fixture
def world(runtime, clock) -> World:
    built = World(runtime).build("riverside")
    built.crowd(10, MONDAY)
    clock.set(london(MONDAY + WEEK, 3, 10))
    nightly(runtime, MONDAY + WEEK)
    return built


def ask(runtime, reference="nhs-1", phone=PHONE):
    with runtime.database.writing() as session:
        place = session.scalars(sa.select(factories.Place).where(factories.Place.id == "riverside")).one()
        row = {"phone": phone, "reference": reference, "channel": "text", "created_at": runtime.clock()}
        person = factories.make_participant(session, runtime.keys, place=place, **row)
        _, token = factories.make_invitation(
            session,
            runtime.keys,
            campaign=factories.make_campaign(session, places=[place]),
            participant=person,
            channel="text",
            invited_at=runtime.clock(),
        )
        return person.id, token


def restored(runtime, tmp_path):
    copy = tmp_path / "copy.db"
    with runtime.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")

    def put_back():
        runtime.database.dispose()
        for old in runtime.database.url.database, f"{runtime.database.url.database}-wal":
            (tmp_path / old).unlink(missing_ok=True)
        shutil.copy(copy, runtime.database.url.database)
        return replace(runtime, database=Database(str(runtime.database.url)))

    return put_back


def standing(runtime):
    with runtime.database.reading() as session:
        blocks = session.execute(sa.select(Block.id, Block.n_people, Block.fingerprint)).all()
        n_responses = session.scalar(sa.select(sa.func.count()).select_from(Response))
        return [tuple(row) for row in blocks], n_responses


@ON_SQLITE
def test_a_restored_copy_brings_back_nobody_and_no_closed_count_changes(runtime, world, tmp_path):
    person_id, _ = ask(runtime)
    other_id, _ = ask(runtime, "nhs-2", "+447700900124")
    with exchange(runtime) as connected:
        connected.text(PHONE, "1")
        connected.text(PHONE, "3")
    blocks, n_responses = standing(runtime)
    assert len(blocks) == 1
    put_back = restored(runtime, tmp_path)
    with runtime.database.writing() as session:
        withdraw(session, participant_id=other_id, at=runtime.clock())
        objected = session.get_one(Participant, other_id).phone_index
    assert erase_found(runtime, By.PHONE, PHONE) == 1
    assert apply_ledger(runtime) == 0

    again = put_back()
    with again.database.reading() as session:
        assert session.get_one(Participant, person_id).reference == "nhs-1"
        assert not is_suppressed(session, objected)
    assert any("erasure ledger" in fault for fault in faults_of(again))
    refuse_unfit(again)  # what every process does before it serves, counts or sends
    with again.database.reading() as session:
        person, other = (session.get_one(Participant, one) for one in (person_id, other_id))
        assert (person.phone_sealed, person.phone_index) == (None, None)
        assert person.reference.startswith("erased-")
        assert other.reference == "nhs-2"
        assert is_suppressed(session, objected)
    assert standing(again) == (blocks, n_responses - 1)
    assert apply_ledger(again) == 0
    assert list(faults_of(again)) == []
    again.database.dispose()


@ON_SQLITE
def test_who_came_back_on_purpose_and_left_again_stays_gone(runtime, world, clock, tmp_path):
    ask(runtime)
    erase_found(runtime, By.REFERENCE, "nhs-1")
    clock.advance(days=2)
    person_id, _ = ask(runtime)
    put_back = restored(runtime, tmp_path)
    kept = put_back()
    assert apply_ledger(kept) == 0  # they came back after the erasure: nobody erases them for it
    clock.advance(days=2)
    assert erase_found(kept, By.REFERENCE, "nhs-1") == 1
    kept.database.dispose()
    again = put_back()
    assert apply_ledger(again) == 1
    with again.database.reading() as session:
        assert session.get_one(Participant, person_id).phone_index is None
    again.database.dispose()


@ON_SQLITE
def test_a_list_brings_an_erased_person_back_only_where_somebody_says_so(runtime, world, tmp_path):
    ask(runtime)
    erase_found(runtime, By.PHONE, PHONE)
    path = tmp_path / "people.csv"

    def imported(*options):
        return CliRunner().invoke(people_commands, ["import", str(path), *options], obj=lambda: runtime)

    for row in (ROW.format("nhs-1", "07700 900125"), ROW.format("other", "07700 900123")):
        path.write_text(HEADER + ROW.format("new", "07700 900126") + row, encoding="utf-8")
        refused = imported()
        assert refused.exit_code == 1
        assert "line 3: asked to be erased on " in refused.output
    assert imported("--once-erased-too").exit_code == 0


@ON_SQLITE
def test_people_are_found_in_four_ways_and_only_counted(runtime, world):
    person_id, token = ask(runtime)
    with exchange(runtime) as connected:
        connected.text(PHONE, "1")
        connected.text(PHONE, "3")
    with runtime.database.reading() as session:
        for by, said in (
            (By.PHONE, "07700 900123"),
            (By.REFERENCE, "nhs-1"),
            (By.TOKEN, token),
            (By.TOKEN, f"https://surveys.example/s/{token}/"),
        ):
            found = find(session, runtime.keys, by, said)
            assert [person.id for person in found] == [person_id], by
        held = held_of(session, runtime.keys, found)
        assert find(session, runtime.keys, By.TOKEN, "x" * 22) == []
        assert find(session, runtime.keys, By.EMAIL, "a@example.org") == []
    assert (held.people, held.invitations, held.responses, held.texts) == (1, 1, 1, 2)


@ON_SQLITE
def test_the_command_takes_one_way_and_the_ledger_holds_nothing_readable(runtime, world):
    ask(runtime)

    def run(*options):
        return CliRunner().invoke(erase_command, options, obj=lambda: runtime)

    assert run().exit_code == 2
    assert run("--phone", PHONE, "--reference", "nhs-1").exit_code == 2
    assert run("--reference", "nhs-1").output == "1 person erased\n"
    assert run("re-apply").output.startswith("nobody came back")
    path = eraser_of(runtime).ledger
    text = path.read_text(encoding="utf-8")
    assert (text.count("\n"), "nhs-1" in text, "900123" in text) == (2, False, False)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_torn_by_a_crash_is_named_and_loses_no_other(tmp_path):
    path, at = tmp_path / "ledger", dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    first = ledger.Entry(at, ledger.Mark.PERSON, b"a" * 32)
    second = ledger.Entry(at, ledger.Mark.OBJECTION, b"b" * 32, "opted out")
    ledger.append(path, [first])
    with path.open("a", encoding="utf-8") as file:
        file.write("2026-11-02T09:00")
    ledger.append(path, [second])
    assert ledger.read(path) == ledger.Ledger((first, second), (2,))
