"""Who gets in where: reports of teams. Leads see all teams of a place together, never one team's report."""

from __future__ import annotations

from survey_app.ask.population.teams.addresses import parse_contact, sealed
from survey_app.know.evidence.climate.making import make_report
from survey_app.know.evidence.climate.tables import TeamReport
from survey_app.show.charts.tables import ClimateDrawing, Rendering
from tests.teams import all_say, make_member, make_team, make_wave

SIGN_IN, FORBIDDEN = 303, 403

ONLY_TEAM_LEADERS = ("GET", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)

ROWS = {
    "/teams": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>/print": ONLY_TEAM_LEADERS,
    "/teams/<team_id>/waves/<wave_id>.<any(json, csv, svg, png):twin>": ONLY_TEAM_LEADERS,
}
IDS = {"team_id": "district-nurses", "wave_id": "wave1"}


def rows_at(session, runtime, place):
    """A team of a place with a closed wave and its report."""
    team = make_team(session, f"team-of-{place}", place)
    members = [make_member(session, runtime.keys, team.id) for _ in range(7)]
    for number, one in enumerate(members):
        contact = parse_contact(f"Member of {place}", f"m{number}@{place}.example", "")
        for column, value in sealed(runtime.keys, team.id, contact).items():
            setattr(one, column, value)
    wave = make_wave(session, [team.id], members, [all_say(4)] * 7, round=f"Round of {place}")
    make_report(session, runtime.library, wave.id, now=runtime.clock())
    edition = session.get_one(TeamReport, wave.id).edition
    for rendering in Rendering:
        picture = {"rendering": rendering, "content": b"<svg/>", "drawn_at": runtime.clock()}
        session.add(ClimateDrawing(wave_id=wave.id, edition=edition, **picture))
    return {"team_id": team.id, "wave_id": wave.id, "member_id": members[0].id}
