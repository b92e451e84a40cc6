"""Teams in the browser: rosters, a wave from plan to close, members' pages, and who is told what."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from survey_app.ask.outreach.waves import keyfile
from survey_app.ask.outreach.waves.members import members_of
from survey_app.ask.outreach.waves.tables import Wave, WaveMember, WaveState
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.ask.sending.tables import Message
from survey_app.hear.channels.synthetic.ballots import fill_in, voter_of
from survey_app.hear.erasure.finding import By
from survey_app.hear.responses.ballots.casting import Fate
from survey_app.hear.responses.ballots.sealing import Paper, open_ballot
from survey_app.hear.responses.ballots.tables import Ballot, BallotDraft, SealedBallot
from survey_app.jobs.erasing import erase_found
from survey_app.jobs.waves import tend_waves
from tests.attacks.ground import ON_SQLITE, seal_of
from tests.integration.signed_in import csrf_in, enter, one_hash, settle
from tests.waves import answer_on_pages, dispatch, open_wave, path_in, people

SEEN = re.compile(r'name="seen" value="([0-9a-f]*)"')
TEAM = re.compile(r"/workspace/teams/([a-z0-9-]+)$")


@pytest.fixture
def staff_room(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org", "lead@example.org")
    with runtime.database.writing() as session:
        for name, path in (("leader", "/kmd/west/"), ("east-leader", "/kmd/east/")):
            row = Staff(
                email=f"{name}@example.org", name=name, password_hash=one_hash(), created_at=runtime.clock()
            )
            session.add(row)
            session.flush()
            staff.grant(session, row.id, Granted(Role.TEAM_LEADER, path))


def post(client, address, **data):
    return client.post(address, data={"csrf_token": csrf_in(client)} | data)


def launch(officer, wave):
    return post(officer, f"{wave}/launch", seen=SEEN.search(officer.get(wave).text)[1])


def all_of(runtime, table):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(table)).all()


def make_wave(runtime, leader, lines, instrument="team-climate-style-14"):
    made = post(leader, "/workspace/teams", name="Night nurses", place="hilltop")
    team_id = TEAM.search(made.headers["Location"])[1]
    assert post(leader, f"/workspace/teams/{team_id}/list", lines=lines).status_code == 303
    today = runtime.clock().date()
    planned = post(
        leader,
        "/workspace/teams/waves",
        round="Autumn round",
        teams=team_id,
        instrument=instrument,
        starts_on=today.isoformat(),
        ends_on=(today + dt.timedelta(days=14)).isoformat(),
        remind="7",
    )
    return team_id, planned.headers["Location"]


def fill_in_at_once(runtime, n_members):
    """Let synthetic members answer by the same way in, all of them alike and fast."""
    with runtime.database.writing() as session:
        wave = session.scalars(sa.select(Wave)).one()
        for member_id in members_of(session, wave.id)[:n_members]:
            voter = voter_of(wave, member_id, runtime.library, runtime.settings.data_dir)
            assert fill_in(session, voter, lambda _: 0.75, Steady(), runtime.clock()) is Fate.CAST


class Steady:
    """Luck that draws the fourth of five options, and the fastest hand."""

    def __init__(self):
        self._n = 0

    def choice(self, options):
        return min(options)

    def random(self):
        self._n += 1
        return (0.1, 0.2, 0.3, 0.9, 0.5)[self._n % 5 - 1]


def silent_ones(runtime):
    return {one.member_id for one in all_of(runtime, WaveMember) if not one.answered}


@ON_SQLITE
@pytest.mark.parametrize(
    ("instrument", "n", "is_warned"),
    [
        ("staff-integration-addon", 6, True),
        ("staff-integration-addon", 10, False),
        ("team-climate-style-14", 6, False),
    ],
)
def test_a_plan_says_when_a_team_is_too_small_to_see_figures_of_single_statements(
    app, runtime, staff_room, instrument, n, is_warned
):
    leader = enter(app, "leader@example.org")[0]
    _, wave = make_wave(runtime, leader, people(n), instrument)
    page = leader.get(wave).text
    assert ("Too few people for figures of single statements" in page) == is_warned
    assert ("10 who answer: these are single statements" in page) == instrument.startswith("staff")


@ON_SQLITE
@pytest.mark.parametrize("instrument", ["staff-integration-addon", "team-climate-style-14"])
def test_members_are_told_what_figures_of_single_statements_need(app, runtime, instrument):
    open_wave(runtime, 8, instrument=instrument)
    (letter, *_), client = dispatch(runtime), app.test_client()
    is_single = instrument.startswith("staff")
    said = "a figure for one only if 10 people or more have answered it"
    assert (said in client.get(path_in(letter)).text) == is_single
    answer_on_pages(client, path_in(letter), n=len(runtime.library.latest(instrument).items))
    assert (said in client.get(f"{path_in(letter)}/done").text) == is_single


@ON_SQLITE
def test_a_wave_from_the_roster_to_the_close(app, runtime, staff_room, clock):
    leader, officer = (enter(app, f"{name}@example.org")[0] for name in ("leader", "officer"))
    team_id, wave = make_wave(runtime, leader, people(7) + "\nJo Hall,,07700 900155")
    assert post(leader, f"{wave}/launch").status_code == 403  # who keeps the roster does not launch
    assert launch(officer, wave).status_code == 303
    letters = everybody_is_invited(runtime)
    member = app.test_client()
    fill_in_at_once(runtime, 4)
    letters = [letter for letter in letters if int(letter.key.split(":")[2]) in silent_ones(runtime)]
    for letter in letters[:2]:
        assert answer_on_pages(member, path_in(letter)).headers["Location"] == f"{path_in(letter)}/done"
        again = member.get(path_in(letter))
        assert (again.status_code, "already answered" in again.text) == (200, True)
    assert answer_on_pages(member, path_in(letters[2]), n=3).status_code == 303
    assert [len(all_of(runtime, one)) for one in (SealedBallot, BallotDraft, Ballot)] == [6, 1, 0]
    # Six have answered, and the page does not say so before a night has passed.
    assert "Fewer than 5" in leader.get(wave).text
    clock.advance(days=8)
    tend_waves(runtime)
    leader = enter(app, "leader@example.org")[0]
    assert "Half or more" in leader.get(wave).text
    reminded = dispatch(runtime)
    assert sorted(map(path_in, reminded)) == sorted(map(path_in, letters[2:]))
    assert post(leader, f"{wave}/remind").status_code == 422
    clock.advance(days=7)
    tend_waves(runtime)
    assert dispatch(runtime) == []
    everything_was_opened(runtime)
    assert f"/teams/{team_id}/waves/" in enter(app, "leader@example.org")[0].get(wave).text
    ended = member.get(path_in(letters[2]))
    assert (ended.status_code, "has ended" in ended.text) == (410, True)


def everybody_is_invited(runtime):
    letters = dispatch(runtime)
    assert len({path_in(letter) for letter in letters}) == len(letters) == 8
    assert all("{link}" in message.body for message in all_of(runtime, Message))
    return letters


def everything_was_opened(runtime):
    said = {item.id: 4 for item in runtime.library.latest("team-climate-style-14").items}
    assert [(one.answers, one.quick) for one in all_of(runtime, Ballot)] == [(said, True)] * 6
    assert keyfile.kept(runtime.settings.data_dir) == []


@ON_SQLITE
def test_too_few_are_never_opened(runtime):
    wave = open_wave(runtime, 9)
    for voter in wave.voters[:4]:
        wave.fill_in(voter, [5] * 14)
    assert wave.wave().needed == 5  # everybody is known by e-mail, and nobody of them may read reports
    assert wave.close() is WaveState.UNOPENED
    assert wave.counts() == {"answered": 4, "sealed_ballot": 0, "ballot_draft": 0, "ballot": 0}
    assert keyfile.kept(wave.folder) == []


@ON_SQLITE
@pytest.mark.parametrize(
    "line", ["Lead,lead@example.org,", "LEAD,other@example.org,", "Jo Hall,,07700 900155"]
)
def test_who_may_read_the_report_and_is_asked_makes_it_need_one_more(runtime, staff_room, line):
    assert open_wave(runtime, 9, lines=f"{people(8)}\n{line}", place="hilltop").wave().needed == 6


@ON_SQLITE
def test_a_roster_that_changed_since_the_officer_looked_is_not_launched(app, runtime, staff_room):
    leader, officer = (enter(app, f"{name}@example.org")[0] for name in ("leader", "officer"))
    team_id, wave = make_wave(runtime, leader, people(7))
    seen = SEEN.search(officer.get(wave).text)[1]
    post(leader, f"/workspace/teams/{team_id}/list", lines=people(9, start=6), ends_others="yes")
    for said in ({"seen": seen}, {}):
        assert "look at it again" in post(officer, f"{wave}/launch", **said).text
    assert launch(officer, wave).status_code == 303


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.TEAM_LEADER, Role.ADMINISTRATOR])
def test_who_reads_the_report_does_not_launch_its_wave(app, runtime, staff_room, role):
    leader, officer = (enter(app, f"{name}@example.org")[0] for name in ("leader", "officer"))
    _, wave = make_wave(runtime, leader, people(7))
    seen = SEEN.search(officer.get(wave).text)[1]
    with runtime.database.writing() as session:
        known = sa.select(Staff.id).where(Staff.email == "officer@example.org")
        staff.grant(session, session.scalars(known).one(), Granted(role, "/kmd/west/"))
    assert post(officer, f"{wave}/launch", seen=seen).status_code == 403
    assert all_of(runtime, Wave)[0].state is WaveState.PLANNED


@ON_SQLITE
def test_small_teams_are_put_together_and_one_person_is_asked_once(app, runtime, staff_room):
    leader, officer = (enter(app, f"{name}@example.org")[0] for name in ("leader", "officer"))
    _, wave = make_wave(runtime, leader, people(4))
    refused = launch(officer, wave)
    assert (refused.status_code, "another small one" in refused.text) == (422, True)
    made = post(leader, "/workspace/teams", name="Day nurses", place="hilltop")
    other = TEAM.search(made.headers["Location"])[1]
    post(leader, f"/workspace/teams/{other}/list", lines=people(4, start=3))  # one of them is on both
    assert post(leader, f"{wave}/teams", team=other).status_code == 303
    assert launch(officer, wave).status_code == 303
    assert len(all_of(runtime, WaveMember)) == 7
    again = post(leader, "/workspace/teams/waves", **plan_of(runtime, other))
    assert (again.status_code, "planned or open already" in again.text) == (422, True)


def plan_of(runtime, team_id):
    today = runtime.clock().date()
    return {
        "round": "Again",
        "teams": team_id,
        "instrument": "team-climate-style-14",
        "starts_on": today.isoformat(),
        "ends_on": (today + dt.timedelta(days=14)).isoformat(),
    }


@ON_SQLITE
def test_a_foreign_team_and_wave_answer_like_unknown_ones(app, runtime, staff_room):
    leader = enter(app, "leader@example.org")[0]
    team_id, wave = make_wave(runtime, leader, people(8))
    member = all_of(runtime, TeamMember)[0].id
    for name in ("east-leader", "east-officer"):
        stranger = enter(app, f"{name}@example.org")[0]
        unknown = stranger.get("/workspace/teams/nobody-1").data
        assert stranger.get(f"/workspace/teams/{team_id}").data == unknown
        assert stranger.get(wave).data == unknown
        for address in (
            f"/workspace/teams/{team_id}/members/{member}/end",
            f"/workspace/teams/{team_id}/list",
            f"{wave}/launch",
            f"{wave}/delete",
            f"{wave}/teams",
        ):
            assert post(stranger, address, lines=people(2), team=team_id).status_code == 404, address
        assert (
            "Night nurses"
            not in stranger.get("/workspace/teams").text + stranger.get("/workspace/teams/waves").text
        )
        assert post(stranger, "/workspace/teams", name="Spies", place="hilltop").status_code == 422
        assert post(stranger, "/workspace/teams/waves", **plan_of(runtime, team_id)).status_code == 422
    assert [one.state for one in all_of(runtime, Wave)] == [WaveState.PLANNED]


@ON_SQLITE
def test_a_list_is_taken_whole_or_not_at_all_and_who_left_is_kept(app, runtime, staff_room):
    leader = enter(app, "leader@example.org")[0]
    made = post(leader, "/workspace/teams", name="Night nurses", place="hilltop")
    team = made.headers["Location"]
    bad = post(leader, f"{team}/list", lines="Jo Hall,jo@example.org,\nAl Bell,,\nKit,kit,")
    assert bad.status_code == 422
    assert "Line 2: an e-mail address or a mobile number is needed" in bad.text
    assert "Line 3: email is not an e-mail address" in bad.text
    assert all_of(runtime, TeamMember) == []
    assert (
        post(
            leader, f"{team}/list", lines="name,email,phone\nJo Hall,jo@example.org,\nAl,,07700900111"
        ).status_code
        == 303
    )
    assert (
        post(leader, f"{team}/list", lines="Jo Hallam,JO@example.org,", ends_others="yes").status_code == 303
    )
    page = leader.get(team).text
    assert "Jo Hallam" in page
    assert len(re.findall("left", page.split("</table>")[0])) >= 1
    rows = all_of(runtime, TeamMember)
    assert [one.left_on is None for one in rows] == [True, False]
    assert not any(b"Hall" in (one.name_sealed + (one.email_sealed or b"")) for one in rows)


@ON_SQLITE
def test_a_member_can_stop_and_be_erased_and_the_ballot_stays_nobodys(app, runtime):
    wave = open_wave(runtime, 9, lines=f"{people(8)}\nJo Hall,,07700 900155")
    letters = dispatch(runtime)
    path = next(path_in(letter) for letter in letters if letter.address == "+447700900155")
    client = app.test_client()
    wave.fill_in(wave.voters[-1], [3] * 14)
    assert client.post(f"{path}/stop", data={"seal": "none"}).status_code == 400
    assert client.post(f"{path}/stop", data={"seal": seal_of(client.get(f"{path}/stop"))}).status_code == 303
    assert "not ask you again" in client.get(f"{path}/stop").text
    assert erase_found(runtime, By.PHONE, "07700 900155") == 1
    assert client.get(path).status_code == 404
    assert wave.counts() == {"answered": 1, "sealed_ballot": 1, "ballot_draft": 0, "ballot": 0}
    assert "+447700900155" not in repr([one.__dict__ for one in all_of(runtime, Message)])
    assert len(all_of(runtime, Message)) == 8


@ON_SQLITE
def test_skipping_everything_sends_nothing_and_a_changed_answer_counts_once(app, runtime, clock):
    wave = open_wave(runtime, 8)
    path = path_in(dispatch(runtime)[0])
    client = app.test_client()
    reply = client.post(path, data={"seal": seal_of(client.get(path))})
    for _ in range(14):
        address = reply.headers["Location"]
        reply = client.post(address, data={"seal": seal_of(client.get(address)), "skipped": "yes"})
    assert (reply.status_code, "nothing to send" in reply.text) == (400, True)
    assert wave.counts()["answered"] == 0
    clock.advance(minutes=2)
    first = client.get(f"{path}/1")
    for choice in ("2", "5"):
        client.post(f"{path}/1", data={"seal": seal_of(first), "answer": choice})
    assert re.search(r'value="5"[^>]*checked', client.get(f"{path}/1").text)
    looked = client.post(
        f"{path}/look", data={"seal": seal_of(client.get(path)), "appearance": "large", "language": "cy"}
    )
    assert looked.status_code == 303
    page = client.get(path)
    assert 'lang="cy"' in page.text
    assert "look-large" in page.text
    done = client.post(f"{path}/14", data={"seal": seal_of(client.get(f"{path}/14")), "answer": "1"})
    assert done.headers["Location"].endswith("/done?lang=cy&look=large")
    thanks = client.get(done.headers["Location"]).text
    assert 'lang="cy"' in thanks
    assert "look-large" in thanks
    assert client.get(f"{path}/done?language=xx&look=loud").status_code == 200
    key = keyfile.load(wave.folder, wave.wave_id, wave.wave().public_key)
    sealed = all_of(runtime, SealedBallot)[0].sealed
    assert open_ballot(key, wave.wave_id, sealed) == Paper({"tc.v1": 5, "tc.i3": 1}, quick=False)
