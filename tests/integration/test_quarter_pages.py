"""The page of quarterly figures and its twins show the same, and nothing of what is withheld."""

from __future__ import annotations

import csv
import io
import json

import pytest

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from tests.integration.signed_in import enter, one_hash
from tests.integration.test_quarters import ITEM, NEXT, full_quarter, night, world  # noqa: F401 - fixtures

ADDRESS = "/dashboard/quarters/ex.life.mean"


@pytest.fixture
def reader(world, night, app, runtime):  # noqa: F811 - fixtures
    full_quarter(world, night)
    email = "lead@example.org"
    with runtime.database.writing() as session:
        person = Staff(email=email, name="Lead", password_hash=one_hash(), created_at=runtime.clock())
        session.add(person)
        session.flush()
        staff.grant(session, person.id, Granted(Role.LEAD, "/system/"))
    return enter(app, email)[0]


def test_page_json_and_csv_show_the_same_figures(reader):
    page = reader.get(f"{ADDRESS}/system").get_data(as_text=True)
    rows = json.loads(reader.get(f"{ADDRESS}/system.json").data)["quarters"][0]["rows"]
    table = list(csv.DictReader(io.StringIO(reader.get(f"{ADDRESS}/system.csv").get_data(as_text=True))))
    assert [row["kind"] for row in rows] == ["category"] * 4 + ["weighted"]
    assert [float(row["value"]) for row in table] == [row["value"] for row in rows]
    for row in rows:
        assert f'value="{row["value"]}"' in page
    assert "80 and over" in page
    assert "Not stated" in page


def test_what_is_withheld_looks_the_same_for_every_reason(reader):
    row = json.loads(reader.get("/dashboard/quarters/ex.say.mean/elm.json").data)["quarters"][0]["rows"][0]
    assert set(row) == {"kind", "category", "edition", "value", "n", "low", "high"}
    page = reader.get(f"{ADDRESS}/riverside")
    assert page.status_code == 404  # a place that is counted alone has weekly figures instead


def test_a_copy_that_is_still_right_is_not_sent_again(reader):
    first = reader.get(f"{ADDRESS}/system.json")
    again = reader.get(f"{ADDRESS}/system.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_foreign_place_and_an_unknown_one_are_not_found(reader):
    assert reader.get(f"{ADDRESS}/nowhere").status_code == 404
    assert reader.get("/dashboard/quarters/nothing.mean/system").status_code == 404
