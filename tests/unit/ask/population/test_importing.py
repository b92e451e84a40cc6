from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app.ask.population.breakdown import Breakdown, Category
from survey_app.ask.population.importing.columns import guessed
from survey_app.ask.population.importing.judging import Ground, Verdict, judge
from survey_app.ask.population.importing.reading import decoded, read_table
from survey_app.ask.population.importing.refusals import refused_sheet
from survey_app.ask.population.places import import_places
from survey_app.ask.population.sheets import BadRows
from tests.fakes import MONDAY_MORNING
from tests.unit.ask.population.tree import TREE

AGE = Breakdown("age", "Age", (Category("18-64", "18 to 64"),))
HEADER = ["Ref", "Who", "Locality name", "Mobile", "How hear", "Consent", "channel"]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Reference", "reference"),
        ("E-mail address", "email"),
        ("MOBILE_NUMBER", "phone"),
        ("Mobile no.", "phone"),
        ("Pt ref", "reference"),
        ("Address line 2", "address_2"),
        ("Post code", "postcode"),
        ("GP practice", "practice"),
        ("hear_back", "hear_back"),
        ("Shoe size", None),
        ("", None),
    ],
)
def test_a_column_is_guessed_by_its_name(title, field):
    assert guessed([title]).at == ({field: 0} if field else {})


def test_the_first_of_two_columns_of_a_kind_counts_and_what_is_missing_is_named():
    columns = guessed(["id", "reference", "Area", "Telephone"])
    assert columns.at == {"reference": 0, "locality": 2, "phone": 3}
    assert columns.missing() == ["audience", "channel", "consent"]


@pytest.mark.parametrize("text", ["", " \n", '"', 'a,b\n"x"y,z'])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(BadRows):
        read_table(text)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"\xff\xfea", b"a\x00b", b"\x81\x8d"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(BadRows):
        decoded(data)


cells = st.one_of(
    st.sampled_from(["", "user", "given", "Yes", "North", "text", "07700 900123", "=1+1", "+44 7700 900123"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)


@pytest.fixture
def session(database):
    with database.writing() as session:
        import_places(session, TREE)
        yield session


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cells, min_size=6, max_size=8), max_size=6))
def test_no_row_is_lost_it_is_taken_or_given_back_and_never_as_a_formula(session, keys, rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    table = read_table(out.getvalue())
    judged = judge(session, table, guessed(table.header), Ground(keys, AGE, MONDAY_MORNING.date()))
    assert [one.line for one in judged] == [record.line for record in table.records]
    refused = [one for one in judged if one.verdict is Verdict.REFUSED]
    assert all((one.person is None) == bool(one.faults) for one in judged)
    back = list(csv.reader(io.StringIO(refused_sheet(table, judged))))
    assert [int(row[0]) for row in back[1:]] == [one.line for one in refused]
    assert not any(cell.startswith(("=", "@", "\t")) for row in back for cell in row)
