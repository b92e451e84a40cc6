"""The commands that bring in places and people, as an operator runs them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.ask.population.consent import suppress
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import Participant, Place, PopulationCount
from survey_app.cli.people import people, places
from tests.fakes import MONDAY_MORNING

TREE = (
    b"id,name,kind,code,parent\r\ncounty,County,system,S1,\r\n"
    b"town,Town,place,A1,county\r\nnorth,North,locality,L1,town\r\n"
)
HEADER = "reference,audience,locality,practice,phone,channel,language,consent\n"
WITH_CATEGORY = HEADER.strip() + ",category"


@pytest.fixture
def run(runtime, tmp_path):
    """Return a function that runs a command on a file with the given content."""

    def invoke(group, content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CliRunner().invoke(group, ["import", str(path)], obj=lambda: runtime)

    return invoke


def n_rows(database, model):
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_places_then_people_are_imported_and_said_so(run, database):
    done = run(places, TREE)
    assert (done.exit_code, done.output) == (0, "3 places imported\n")
    done = run(people, HEADER + "a,user,north,,07700 900123,text,en,given\nb,carer,north,,,web,,given\n")
    assert done.exit_code == 0
    assert done.output.splitlines() == ["2 people added, 0 updated", "1 cannot be asked, no address: lines 3"]
    assert n_rows(database, Participant) == 2


def test_who_wants_to_hear_back_is_imported_and_an_empty_cell_takes_nothing_back(run, database):
    run(places, TREE)
    column = HEADER.strip() + ",hear_back\n"
    rows = "{},user,north,,,web,en,given,{}\n"
    run(people, column + rows.format("a", "yes") + rows.format("b", "no") + rows.format("c", "yes"))
    run(people, HEADER + "a,user,north,,,web,en,given\n")
    run(people, column + rows.format("b", "") + rows.format("c", "no"))
    with database.reading() as session:
        found = session.execute(sa.select(Participant.reference, Participant.hear_back)).all()
    assert sorted(map(tuple, found)) == [("a", True), ("b", False), ("c", False)]
    assert "hear_back must be empty, yes or no" in run(people, column + rows.format("d", "maybe")).output


def test_a_bad_file_ends_with_an_error_that_names_every_line_and_stores_nothing(run, database):
    run(places, TREE)
    done = run(
        people,
        HEADER + "a,user,north,,07700 900123,text,en,given\nb,user,east,,0207,text,en,given\n,,,,,,,\n",
    )
    assert done.exit_code == 1
    assert "nothing was imported" in done.output
    assert "line 3: locality 'east' is not known" in done.output
    assert "line 3: phone" in done.output
    assert "line 4: reference must have" in done.output
    assert n_rows(database, Participant) == 0


def test_a_bad_tree_ends_with_an_error_and_stores_nothing(run, database):
    done = run(places, TREE + b"west,West,locality,L2,gone\r\n")
    assert done.exit_code == 1
    assert "line 5: parent 'gone' is not known" in done.output
    assert n_rows(database, Place) == 0


def test_who_objected_is_reported_by_line(run, database, keys):
    run(places, TREE)
    with database.writing() as session:
        suppress(
            session, phone_index=phone_index(keys, "+447700900123"), reason="opted out", at=MONDAY_MORNING
        )
    done = run(people, HEADER + "a,user,north,,+44 (0)7700 900123,text,en,given\n")
    assert "1 not asked, an address of theirs objected: lines 2" in done.output


def test_a_long_list_of_lines_is_cut_short(run):
    run(places, TREE)
    lines = "".join(f"p{n},user,north,,,web,,given\n" for n in range(25))
    assert "lines 2, 3, 4" in (output := run(people, HEADER + lines).output)
    assert "and 5 more" in output


def test_people_may_come_with_a_category_of_the_declared_breakdown(run, runtime):
    run(places, TREE)
    good = f"{WITH_CATEGORY}\na-1,user,north,,,web,en,given,65-79\na-2,user,north,,,web,en,given,\n"
    assert run(people, good).exit_code == 0
    with runtime.database.reading() as session:
        found = session.scalars(sa.select(Participant.category).order_by(Participant.reference)).all()
    assert found == ["65-79", None]
    refused = run(people, f"{WITH_CATEGORY}\na-3,user,north,,,web,en,given,old\n").output
    assert "line 2: category must be empty or one of 18-64, 65-79, 80-over, not 'old'" in refused


def test_a_population_is_taken_in_whole_or_not_at_all(run, runtime, tmp_path):
    file = tmp_path / "population.csv"

    def take(rows):
        file.write_text("place,category,people\n" + rows, encoding="utf-8")
        return CliRunner().invoke(places, ["population", str(file)], obj=lambda: runtime)

    run(places, TREE)
    bad = take("north,18-64,9\ntown,18-64,9\nnorth,18-64,x\n").output
    assert "line 3: place 'town' is not known" in bad
    assert "line 4: people must be a whole number, not 'x'" in bad
    assert "stand twice" in bad
    assert take("north,18-64,900\nnorth,65-79,40\n").exit_code == 0
    with runtime.database.reading() as session:
        rows = session.execute(sa.select(PopulationCount.place_id, PopulationCount.n)).all()
    assert sorted(tuple(row) for row in rows) == [("north", 40), ("north", 900)]
