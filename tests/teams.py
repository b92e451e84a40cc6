"""Teams, waves and opened ballots for tests, as they stand after a wave has closed."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.tables import Wave, WaveMember, WaveState, WaveTeam
from survey_app.ask.population.addresses import AddressKind, address_key
from survey_app.ask.population.teams.tables import Team, TeamMember
from survey_app.crypto import Keys
from survey_app.hear.responses.ballots.tables import Ballot
from tests.fakes import MONDAY_MORNING

CLIMATE = "team-climate-style-14"
ACROSS = "staff-integration-addon"
FACTORS = {
    "vision": ("tc.v1", "tc.v2", "tc.v3", "tc.v4"),
    "safety": ("tc.s1", "tc.s2", "tc.s3", "tc.s4"),
    "task": ("tc.t1", "tc.t2", "tc.t3"),
    "innovation": ("tc.i1", "tc.i2", "tc.i3"),
}
ITEMS = tuple(itertools.chain(*FACTORS.values()))
_numbers = itertools.count(1)


def make_team(session: Session, team_id: str = "district-nurses", place_id: str = "riverside") -> Team:
    """Add a team at a place."""
    team = Team(id=team_id, name=team_id.replace("-", " ").title(), place_id=place_id, active=True)
    session.add(team)
    session.flush()
    return team


def make_member(session: Session, keys: Keys, team_id: str, email: str = "") -> TeamMember:
    """Add somebody to a team."""
    member = TeamMember(
        team_id=team_id,
        name_sealed=b"-",
        email_sealed=b"-",
        phone_sealed=None,
        address_index=address_key(keys, AddressKind.EMAIL, email or f"m{next(_numbers)}@example.org"),
        joined_on=dt.date(2026, 1, 5),
        left_on=None,
    )
    session.add(member)
    session.flush()
    return member


def make_wave(
    session: Session,
    teams: Sequence[str],
    members: Sequence[TeamMember],
    ballots: Sequence[dict[str, int]],
    **changed: Any,
) -> Wave:
    """Add a closed wave of teams with opened ballots; as many members as there are ballots have answered."""
    quick = changed.pop("quick", 0)
    row = {
        "id": f"wave{next(_numbers)}",
        "round": "Autumn 2026",
        "instrument_id": CLIMATE,
        "instrument_version": 1,
        "starts_on": dt.date(2026, 10, 5),
        "ends_on": dt.date(2026, 10, 26),
        "remind_after_days": 7,
        "state": WaveState.CLOSED,
        "public_key": b"p" * 32,
        "launched_at": MONDAY_MORNING - dt.timedelta(days=21),
        "closed_at": MONDAY_MORNING - dt.timedelta(days=1),
        "needed": 6,
    }
    wave = Wave(**row | changed)
    session.add(wave)
    session.flush()
    session.add_all(WaveTeam(wave_id=wave.id, team_id=team_id) for team_id in teams)
    for number, member in enumerate(members):
        session.add(
            WaveMember(
                wave_id=wave.id,
                member_id=member.id,
                token_hash=secrets.token_bytes(32),
                answered=number < len(ballots),
            )
        )
    for number, answers in enumerate(ballots):
        session.add(
            Ballot(id=secrets.token_bytes(16), wave_id=wave.id, answers=answers, quick=number < quick)
        )
    session.flush()
    return wave


def all_say(code: int, **other: int) -> dict[str, int]:
    """Return a ballot with one code throughout, but for some factors."""
    return {item: other.get(factor, code) for factor, items in FACTORS.items() for item in items}
