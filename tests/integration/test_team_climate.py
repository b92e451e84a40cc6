"""From a closed wave to its report: who reads it, what it shows, and all teams of a place together."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
import sqlalchemy as sa

from survey_app.accounts.tables import Role
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.jobs.climate import report_teams
from survey_app.jobs.worker import draw_some
from survey_app.know.evidence.climate.making import make_report
from survey_app.know.evidence.climate.readers import rollups_at
from survey_app.know.evidence.climate.result import Verdict
from survey_app.know.evidence.climate.store import report_of
from survey_app.know.evidence.climate.tables import ClimateRound, TeamReport
from tests.fakes import MONDAY_MORNING
from tests.integration import signed_in
from tests.integration.signed_in import enter, settle
from tests.teams import ACROSS, all_say, make_member, make_team, make_wave

PAGE = "/teams/{}/waves/{}"


@pytest.fixture(autouse=True)
def people(runtime, monkeypatch):
    leaders = {
        "leader@example.org": [(Role.TEAM_LEADER, "/kmd/east/")],
        "west-leader@example.org": [(Role.TEAM_LEADER, "/kmd/west/")],
        "most@example.org": [(Role.TEAM_LEADER, "/kmd/east/"), (Role.ANALYST, "/kmd/")],
    }
    monkeypatch.setattr(signed_in, "STAFF", signed_in.STAFF | leaders)
    settle(runtime, *leaders, "lead@example.org", "admin@example.org")


@pytest.fixture
def leader(app):
    return enter(app, "leader@example.org")[0]


def team_of(session, runtime, team_id, n, *, place="riverside", emails=()):
    make_team(session, team_id, place)
    emails = [*emails, *[""] * (n - len(emails))]
    return [make_member(session, runtime.keys, team_id, email) for email in emails]


def some_ballots(n, seed, mean=4):
    luck = random.Random(seed)
    return [
        {item: min(5, max(1, code + luck.choice((-1, 0, 0, 1)))) for item, code in all_say(mean).items()}
        for _ in range(n)
    ]


def report(runtime, wave_id):
    with runtime.database.reading() as session:
        return report_of(session, wave_id)


def test_a_wave_becomes_a_report_once_with_page_twins_picture_and_change(runtime, leader, app):
    with runtime.database.writing() as session:
        members = team_of(session, runtime, "district-nurses", 14)
        spring = make_wave(
            session,
            ["district-nurses"],
            members[:12],
            some_ballots(11, 1, 2),
            closed_at=MONDAY_MORNING - dt.timedelta(days=200),
            round="Spring 2026",
        )
        autumn = make_wave(session, ["district-nurses"], members[1:], some_ballots(11, 2, 4), quick=3)
        before, now = spring.id, autumn.id
    assert report_teams(runtime) == 2
    assert report_teams(runtime) == 0
    with runtime.database.writing() as session:
        assert not make_report(session, runtime.library, now, now=runtime.clock())
    _shows(report(runtime, now), before)
    address = PAGE.format("district-nurses", now)
    assert "The picture is being drawn" in leader.get(address).text
    assert draw_some(runtime) == 2
    _is_read_by_its_leader(leader, address, report(runtime, now))
    # Whoever is above sees no team by itself, and another place's leader not that there is one.
    lead, other = enter(app, "lead@example.org")[0], enter(app, "west-leader@example.org")[0]
    assert lead.get(address).status_code == 403
    unknown = other.get(PAGE.format("nobody", "nothing"))
    for end in ("", "/print", ".json", ".csv", ".svg", ".png"):
        foreign = other.get(address + end)
        assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert "District" not in other.get("/teams").text


def _shows(found, before):
    assert (found.people, found.share, found.quick, found.moved) == ("10 to 14", "75 % or more", "3", (2, 1))
    assert {one.change.verdict for one in found.factors} == {Verdict.HIGHER}
    assert [past.wave_id for past in found.history] == [before]
    assert len(found.items) == 14


def _is_read_by_its_leader(leader, address, found):
    page = leader.get(address)
    for words in ("75% or more", "Vision", "To talk about together", "joined the team", "Higher (+"):
        assert words in page.text, words
    assert "100%" not in page.text
    svg = leader.get(f"{address}.svg").text
    assert 'role="img"' in svg
    assert "style=" not in svg
    assert leader.get(f"{address}.png").mimetype == "image/png"
    twin = leader.get(f"{address}.json").json
    assert [one["points"] for one in twin["factors"]] == [one.points for one in found.factors]
    assert "n" not in twin
    for slice_of in ("?role=nurse", "?team=other&from=2026-10-06", "?members=1,2,3"):
        assert leader.get(f"{address}.json{slice_of}").json == twin
    table = leader.get(f"{address}.csv").text.splitlines()
    assert len(table) == 1 + 4 + 14 + 1
    assert "nav" not in leader.get(f"{address}/print").text.split("<main")[0]
    assert "Report of 1 Nov 2026" in leader.get("/teams").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("n", "n_asked", "changed", "words"),
    [
        (6, 21, {}, "Fewer than 30%"),
        (5, 8, {}, "Too few answered"),
        (0, 8, {"state": WaveState.UNOPENED}, "Nothing was opened"),
        (0, 8, {"state": WaveState.OPEN, "closed_at": None}, "still open"),
        (0, 8, {"state": WaveState.VOID}, "or because its key was lost"),
    ],
)
def test_where_there_is_no_report_the_page_says_why_and_twins_are_not_found(
    runtime, leader, n, n_asked, changed, words
):
    with runtime.database.writing() as session:
        members = team_of(session, runtime, "nurses", n_asked)
        wave_id = make_wave(session, ["nurses"], members, some_ballots(n, 1), **changed).id
    report_teams(runtime)
    address = PAGE.format("nurses", wave_id)
    assert words in leader.get(address).text
    assert leader.get("/teams").status_code == 200
    for end in (".json", ".csv", ".svg", ".png"):
        assert leader.get(address + end).status_code == 404
    found = report(runtime, wave_id)
    assert found is None or (found.refused and found.factors == ())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a077_who_was_asked_reads_only_where_five_besides_them_answered(runtime, leader):
    with runtime.database.writing() as session:
        members = team_of(session, runtime, "nurses", 9, emails=["Leader@Example.org"])
        few = make_wave(session, ["nurses"], members, some_ballots(5, 1), needed=5).id
        enough = make_wave(session, ["nurses"], members, some_ballots(6, 2), needed=6).id
        not_asked = make_wave(session, ["nurses"], members[1:], some_ballots(5, 3), needed=5).id
    report_teams(runtime)
    hidden = leader.get(PAGE.format("nurses", few))
    assert "You were asked in this wave yourself" in hidden.text
    assert "Vision" not in hidden.text
    assert leader.get(PAGE.format("nurses", few) + ".json").status_code == 404
    for wave_id in (enough, not_asked):
        assert leader.get(PAGE.format("nurses", wave_id) + ".json").status_code == 200
    assert "For readers who were not asked" in leader.get("/teams").text
    assert report(runtime, enough).items == ()


def round_of_teams(session, runtime, instrument="team-climate-style-14", ballots=some_ballots):
    waves = {}
    for number, (team_id, place) in enumerate(
        [("a", "riverside"), ("b", "riverside"), ("c", "riverside"), ("d", "hilltop"), ("e", "hilltop")]
    ):
        members = team_of(session, runtime, f"{team_id}-{instrument[:5]}", 10, place=place)
        waves[team_id] = make_wave(
            session,
            [f"{team_id}-{instrument[:5]}"],
            members,
            ballots(8, number),
            instrument_id=instrument,
        ).id
    return waves


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_all_teams_together_stand_on_the_place_page_only_where_no_team_can_be_solved(runtime, app):
    with runtime.database.writing() as session:
        waves = round_of_teams(session, runtime)
        late = make_wave(session, ["a-team-"], [], [], state=WaveState.OPEN, closed_at=None).id
    report_teams(runtime)
    lead = enter(app, "lead@example.org")[0]
    assert "What staff teams say" not in lead.get("/dashboard/places/kmd").text  # a wave is still open
    assert report(runtime, waves["a"]).others is None
    with runtime.database.writing() as session:
        session.execute(sa.update(Wave).where(Wave.id == late).values(state=WaveState.VOID))
        # Plans that can never be launched, or are for another year, hold nobody's figures back.
        plan = {"state": WaveState.PLANNED, "closed_at": None}
        make_wave(session, ["b-team-"], [], [], **plan)
        starts_on, ends_on = dt.date(2099, 1, 5), dt.date(2099, 1, 19)
        make_wave(session, ["c-team-"], [], [], **plan, starts_on=starts_on, ends_on=ends_on)
    report_teams(runtime)
    with runtime.database.reading() as session:
        shown = {
            place: rollups_at(session, place, frozenset())
            for place in ("kmd", "east", "riverside", "west", "hilltop")
        }
    # The east's three teams less all five would leave two, of which each leader knows one.
    assert {place for place, found in shown.items() if found} == {"kmd"}
    assert (shown["kmd"][0].n_teams, shown["kmd"][0].n_people) == (5, 40)
    page = lead.get("/dashboard/places/kmd").text
    for words in (
        "What staff teams say",
        "is not a cause",
        "5 teams, at least 40 people",
        "Taking part safely",
    ):
        assert words in page, words
    assert "What staff teams say" not in lead.get("/dashboard/places/riverside").text
    beside = report(runtime, waves["a"])
    assert (beside.others.n_teams, beside.others.n_people) == (4, 30)
    assert beside.reliability is None  # 40 answers say too little of it
    leader = enter(app, "leader@example.org")[0]
    assert "4 teams, at least 30 people" in leader.get(PAGE.format("a-team-", waves["a"])).text
    _nothing_joins_it(runtime)


def _nothing_joins_it(runtime):
    """A released round takes no further wave, and no other union of the same ballots is ever made."""
    with runtime.database.writing() as session:
        members = team_of(session, runtime, "f", 10)
        extra = make_wave(session, ["f"], members, some_ballots(8, 9)).id
    report_teams(runtime)
    with runtime.database.writing() as session:
        session.execute(sa.update(Wave).values(round="Another name"))
    assert report_teams(runtime) == 0
    assert report(runtime, extra).others is None
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ClimateRound)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(TeamReport)) == 6


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_statements_on_working_together_reach_the_enablers_of_the_model(runtime, app):
    items = ("st.funds", "st.records", "st.training", "st.leaders", "st.pool")
    with runtime.database.writing() as session:
        waves = round_of_teams(
            session, runtime, ACROSS, lambda n, _: [dict.fromkeys(items, 4) for _ in range(n)]
        )
    report_teams(runtime)
    assert report(runtime, waves["a"]).items == ()  # eight answers: nothing about single statements
    lead = enter(app, "lead@example.org")[0]
    model = lead.get("/dashboard/model?place=kmd&view=text").text
    assert "Staff teams: Money shared well" in model
    assert "5 teams, 40+ people" in model
    assert "Working across health and care" in lead.get("/dashboard/places/kmd").text


def last_teams_mean(reports, together, n):
    """Return what a leader of all teams but one works out of the last one: the whole less what they read."""
    return (together * n * (len(reports) + 1) - sum(n * points for points in reports)) / n


def vision_on(page):
    """Return the figure of one factor that the page of a place shows for all teams together."""
    found = re.search(r"Vision[^<]*</th><td[^>]*><strong>(\d+)</strong>", page)
    return int(found[1]) if found else None


def test_a101_a_leader_of_all_teams_but_one_is_not_shown_what_gives_the_last_one_away(runtime, app):
    with runtime.database.writing() as session:
        waves = {}
        for team_id in "abcde":
            place, said = ("hilltop", 2) if team_id == "e" else ("riverside", 3)
            members = team_of(session, runtime, f"team-{team_id}", 10, place=place)
            waves[team_id] = make_wave(session, [f"team-{team_id}"], members, [all_say(said)] * 8).id
    report_teams(runtime)
    draw_some(runtime)
    assert report(runtime, waves["e"]).factors[0].points == 30  # 25, in steps of 10
    most, lead, west, admin = (
        enter(app, f"{name}@example.org")[0] for name in ("most", "lead", "west-leader", "admin")
    )
    read = [
        most.get(PAGE.format(f"team-{t}", waves[t]) + ".json").json["factors"][0]["points"] for t in "abcd"
    ]
    # Whoever reads no team's report is shown all together; a leader of four who saw that had the fifth.
    together = vision_on(lead.get("/dashboard/places/kmd").text)
    assert abs(last_teams_mean(read, together, 8) - 25) <= 5
    page = most.get("/dashboard/places/kmd").text
    assert (vision_on(page), "Not shown to you. You read the reports of most" in page) == (None, True)
    whole = admin.get(PAGE.format("team-a", waves["a"]) + ".json")
    _says_nothing_of_all_teams(most, PAGE.format("team-a", waves["a"]), whole.headers["ETag"])
    # Nobody else is shown less: who reads one report, and who reads all.
    assert west.get(PAGE.format("team-e", waves["e"]) + ".json").json["others"]["n_teams"] == 4
    assert west.get(PAGE.format("team-e", waves["e"]) + ".svg").status_code == 200
    assert vision_on(admin.get("/dashboard/places/kmd").text) == together
    assert whole.json["others"]["n_teams"] == 4


def _says_nothing_of_all_teams(browser, address, whole):
    twin = browser.get(f"{address}.json")
    assert (twin.json["others"], twin.json["reliability"]) == (None, None)
    assert {row.rpartition(",")[2] for row in browser.get(f"{address}.csv").text.splitlines()[1:]} == {""}
    for end in ("", "/print"):
        page = browser.get(address + end).text
        assert "Not shown to you" in page
        assert "at least 30 people" not in page
        assert "No picture." in page
    for end in (".svg", ".png", ".svg?width=narrow"):
        assert browser.get(address + end).status_code == 404
    # The tag of the whole report is not confirmed to this reader.
    assert browser.get(f"{address}.json", headers={"If-None-Match": whole}).json == twin.json


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_model_tells_such_a_leader_why_a_figure_of_all_teams_is_missing(runtime, app):
    items = ("st.funds", "st.records", "st.training", "st.leaders", "st.pool")
    with runtime.database.writing() as session:
        for team_id in "abcd":
            place = "hilltop" if team_id == "d" else "riverside"
            members = team_of(session, runtime, f"team-{team_id}", 10, place=place)
            said = [dict.fromkeys(items, 4)] * 8
            make_wave(session, [f"team-{team_id}"], members, said, instrument_id=ACROSS)
    report_teams(runtime)
    most, lead = (enter(app, f"{name}@example.org")[0] for name in ("most", "lead"))
    address = "/dashboard/model?place=kmd&view=text"
    assert "4 teams, 30+ people" in lead.get(address).text
    page = most.get(address).text
    assert ("30+ people" in page, "Not shown to you" in page) == (False, True)
    assert most.get("/dashboard/model?place=kmd").status_code == 200
    with runtime.database.writing() as session:  # a round released before unions were kept
        kept = session.scalars(sa.select(ClimateRound)).one()
        kept.content = {name: kept.content[name] for name in ("rollups", "reliability")}
    assert "4 teams, 30+ people" in lead.get(address).text
    assert "Not shown to you" in most.get(address).text
