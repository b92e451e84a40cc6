"""Somebody who is asked about their care and works on a team with the same address."""

from __future__ import annotations

import re

import pytest

from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams import roster, teams
from survey_app.ask.population.teams.sheet import read_roster
from survey_app.hear.erasure.finding import By
from survey_app.jobs.erasing import apply_ledger, erase_found
from tests import factories
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import csrf_in, enter, settle
from tests.integration.test_erasure_ledger import restored

EMAIL, SHARED = "sam@example.org", "+447700900123"


@pytest.fixture
def team(runtime):
    """A patient with an e-mail address of their own and a telephone that is shared; both are on a team."""
    settle(runtime, "officer@example.org")
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        for reference, index in (
            ("nhs-1", address_key(runtime.keys, AddressKind.EMAIL, EMAIL)),
            ("nhs-2", None),
        ):
            row = {"phone": SHARED, "reference": reference, "email_index": index}
            factories.make_participant(session, runtime.keys, place=place, **row)
        made = teams.make_team(session, name="Night nurses", place_id=place.id)
        lines = f"Sam Hill,{EMAIL},\nAsh Lee,,{SHARED}\nKim Day,kim@example.org,"
        roster.put_on(session, made.id, read_roster(lines), keys=runtime.keys, day=runtime.clock().date())
        return made.id


def on_it(runtime, team_id):
    with runtime.database.reading() as session:
        today = runtime.clock().date()
        known = {address_key(runtime.keys, AddressKind.EMAIL, EMAIL): "sam"}
        return [known.get(one.address_index, "other") for one in roster.on_teams(session, [team_id], today)]


@ON_SQLITE
def test_erased_by_reference_they_leave_the_team_at_once_and_not_only_after_a_restore(
    runtime, team, tmp_path
):
    put_back = restored(runtime, tmp_path)
    assert erase_found(runtime, By.REFERENCE, "nhs-1") == 1
    at_once = on_it(runtime, team)
    again = put_back()
    apply_ledger(again)
    # The other two stay: one's address is nobody else's, the other's telephone is shared.
    assert at_once == on_it(again, team) == ["other", "other"]


@ON_SQLITE
def test_the_page_says_before_that_a_place_on_a_team_goes_too(app, runtime, team):
    officer = enter(app, "officer@example.org")[0]
    form = {"csrf_token": csrf_in(officer, "/account"), "by": "reference", "said": "nhs-1"}
    page = officer.post("/workspace/people/erase", data=form).text
    assert re.search(r"<strong>1</strong>\s+place on the roster of a staff team", page)
