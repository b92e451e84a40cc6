"""Members of teams whose language is known, and others: what they are sent, and every page after it."""

from __future__ import annotations

import pytest

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.jobs.waves import tend_waves
from tests.attacks.ground import ON_SQLITE, all_of, seal_of
from tests.integration.signed_in import csrf_in, enter, one_hash, settle
from tests.waves import answer_on_pages, dispatch, open_wave, path_in

GWEN, IDRIS, JO, SAM = "gwen@example.org", "+447700900155", "+447700900156", "sam@example.org"
KNOWN = f"""Gwen Rees,{GWEN},,Cymraeg
Idris Evans,,{IDRIS},cy
Jo Hall,,{JO},en
Sam Low,{SAM},,
"""


@pytest.fixture
def wave(runtime):
    lines = "".join(f"Person {n},person{n}@example.org,,\n" for n in range(6))
    return open_wave(runtime, 10, lines=KNOWN + lines)


def sent(runtime):
    return {letter.address: letter for letter in dispatch(runtime)}


def test_each_is_written_to_in_their_language_and_where_nobody_said_in_english_with_a_line_of_welsh(
    runtime, wave, clock
):
    letters = sent(runtime)
    assert letters[GWEN].subject == "Autumn round: sut beth yw gweithio yn eich tîm?"
    assert " Tachwedd 2026" in letters[GWEN].body
    assert letters[IDRIS].body.startswith("Gan Kentmere: Autumn round. Rhai datganiadau")
    assert "Cymraeg" not in letters[JO].body
    assert letters[SAM].body.startswith(
        "Cymraeg: agorwch y ddolen a dewiswch Cymraeg ar y brig.\n\nHello from Kentmere"
    )
    clock.advance(days=8)
    tend_waves(runtime)
    assert sent(runtime)[IDRIS].body.startswith("Nodyn gan Local Care: mae Autumn round ar agor tan")
    (runtime.settings.data_dir / "waves" / f"{wave.wave_id}.key").unlink()  # lost: everybody is told
    tend_waves(runtime)
    ended = sent(runtime)
    assert ended[IDRIS].body.startswith("Gan Local Care: mae Autumn round wedi'i stopio.")
    assert "Cymraeg: mae'r rownd wedi'i stopio." in ended[SAM].body


@ON_SQLITE
def test_every_page_opens_in_the_members_language_also_once_the_ballot_is_in_the_box(app, runtime, wave):
    letters, client = sent(runtime), app.test_client()
    welsh, other = path_in(letters[GWEN]), path_in(letters[SAM])
    assert '<html lang="cy">' in client.get(welsh).text
    assert "Peidiwch â gofyn i mi eto" in client.get(f"{welsh}/stop").text
    assert answer_on_pages(client, welsh).location == f"{welsh}/done"
    assert "Diolch" in client.get(f"{welsh}/done").text
    assert "Rydych wedi ateb yn barod" in client.get(welsh).text
    assert "You have already answered" in client.get(f"{welsh}?lang=en").text
    assert '<html lang="en">' in client.get(other).text
    client.post(f"{other}/look", data={"seal": seal_of(client.get(other)), "language": "cy"})
    assert answer_on_pages(client, other).location == f"{other}/done?lang=cy"
    again = client.get(other).text  # what was chosen went with the draft: nobody keeps it
    assert "You have already answered" in again
    assert 'href="?lang=cy"' in again


@ON_SQLITE
def test_the_page_to_stop_can_be_read_in_either_language(app, runtime, wave):
    stop = f"{path_in(sent(runtime)[SAM])}/stop?lang=cy"
    client = app.test_client()
    page = client.get(stop)
    assert '<html lang="cy">' in page.text
    assert client.post(stop, data={"seal": seal_of(page), "lang": "cy"}).location == stop
    assert "Ni fyddwn yn gofyn i chi eto" in client.get(stop).text


@pytest.fixture
def leader(app, runtime):
    settle(runtime, "officer@example.org")
    with runtime.database.writing() as session:
        row = Staff(
            email="leader@example.org", name="L", password_hash=one_hash(), created_at=runtime.clock()
        )
        session.add(row)
        session.flush()
        staff.grant(session, row.id, Granted(Role.TEAM_LEADER, "/kmd/west/"))
    return enter(app, "leader@example.org")[0]


def post(client, address, **data):
    return client.post(address, data={"csrf_token": csrf_in(client)} | data)


@ON_SQLITE
def test_a_language_nobody_speaks_is_refused_by_name_and_a_known_one_stays(app, runtime, leader):
    team = post(leader, "/workspace/teams", name="Night nurses", place="hilltop").location
    bad = post(leader, f"{team}/list", lines="Jo,jo@example.org,,xx\nAl,al@example.org,,Welsh")
    assert bad.status_code == 422
    assert "Line 1: language must be one of en (English), cy (Welsh), not &#39;xx&#39;" in bad.text
    one = {"name": "Jo", "email": "jo@example.org", "language": "pl"}
    assert "Language must be one of" in post(leader, f"{team}/members", **one).text
    assert all_of(runtime.database, TeamMember) == []
    assert post(leader, f"{team}/members", **one | {"language": "cy"}).status_code == 303
    assert post(leader, f"{team}/list", lines="Jo,jo@example.org,\nAl,al@example.org,").status_code == 303
    assert [one.language for one in all_of(runtime.database, TeamMember)] == ["cy", None]
    assert "Language: Welsh" in leader.get(team).text
