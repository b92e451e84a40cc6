"""Invented teams: rosters, waves that were closed for real, and one that is open."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import planning
from survey_app.ask.outreach.waves.keyfile import LostKey, load
from survey_app.ask.outreach.waves.launching import launch
from survey_app.ask.outreach.waves.links import link_of
from survey_app.ask.outreach.waves.members import members_of, silent
from survey_app.ask.outreach.waves.planning import NewWave
from survey_app.ask.outreach.waves.states import in_state
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.outreach.waves.telling import Teller, speeches_of
from survey_app.ask.population.teams import roster
from survey_app.ask.population.teams.sheet import read_roster
from survey_app.ask.population.teams.teams import make_team
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day
from survey_app.hear.channels.synthetic.ballots import fill_in, voter_of
from survey_app.hear.responses.ballots import closing

INSTRUMENT = "team-climate-style-14"
FIRST_NAMES = (
    "Amara", "Bryn", "Chloe", "Dai", "Esme", "Femi", "Gwen", "Hana", "Idris", "Jo", "Kit", "Lena", "Mo",
)  # fmt: skip
LAST_NAMES = (
    "Bell", "Cole", "Dunn", "Evans", "Ford", "Grant", "Hale", "Ito", "Jones", "Kaye", "Lloyd", "May", "Neil",
)  # fmt: skip
SPOKEN = {"Bryn": "cy", "Gwen": "cy", "Idris": "cy", "Amara": "en", "Chloe": "en"}
"""By first name; of the others nobody said."""
LEVELS = {"v": 0.78, "s": 0.62, "t": 0.66, "i": 0.5}
"""By theme of the statement: aims are clear, time to try things out is short."""
DAY = dt.timedelta(days=1)
MORNING = dt.timedelta(hours=9)
LENGTH = 14


@dataclass(frozen=True, slots=True)
class Round:
    """One invented wave: when it began, who answers and how it was then."""

    name: str
    days_ago: int
    n_answer: int
    gain: float = 0.0


BEFORE = (Round("Spring round (synthetic)", 210, 9, -0.08), Round("Summer round (synthetic)", 100, 11))
OTHERS = ("Community nurses (synthetic)", "Home care team (synthetic)")
"""Asked in the last of these rounds too: from three teams up there is a figure for all of them together."""
NOW = Round("Autumn round (synthetic)", 2, 4)


def make_teams(runtime: Runtime, locality: str, place: str) -> None:
    """Make teams: one was asked twice, two others once with it, and one is being asked."""
    with runtime.database.writing() as session:
        first = _team(session, runtime, "Integrated care team (synthetic)", locality, 13)
        others = [_team(session, runtime, name, locality, 12, shift) for shift, name in enumerate(OTHERS, 2)]
        last = _team(session, runtime, "Reablement team (synthetic)", place, 11, 1)
    spring, summer = BEFORE
    for number, (one, teams) in enumerate(((spring, [first]), (summer, [first, *others]))):
        for other, team_id in enumerate(teams):
            _ask(runtime, team_id, replace(one, gain=one.gain - 0.06 * other), 10 * number + other)
        _close(runtime, one)
    _ask(runtime, last, NOW, len(BEFORE))


def open_link(runtime: Runtime) -> str | None:
    """Return the link of somebody who has not answered the open wave."""
    with runtime.database.reading() as session:
        for wave in in_state(session, WaveState.OPEN):
            waiting = silent(session, wave.id)
            try:
                key = load(runtime.settings.data_dir, wave.id, wave.public_key)
            except LostKey:
                continue
            if waiting:
                return link_of(runtime.settings.public_base_url, key, wave.id, waiting[-1])
    return None


def _team(session: Session, runtime: Runtime, name: str, place_id: str, n_people: int, shift: int = 0) -> str:
    made = make_team(session, name=name, place_id=place_id)
    people = zip(FIRST_NAMES, (*LAST_NAMES[shift:], *LAST_NAMES[:shift]), strict=True)
    lines = [
        f"{first} {last} (invented),{first.lower()}.{last.lower()}@synthetic.example,,{SPOKEN.get(first, '')}"
        for first, last in list(people)[:n_people]
    ]
    lines.append(f"Pat Quill {shift} (invented),,07700 90018{shift},")
    joined = london_day(runtime.clock()) - 400 * DAY
    roster.put_on(session, made.id, read_roster("\n".join(lines)), keys=runtime.keys, day=joined)
    return made.id


def _ask(runtime: Runtime, team_id: str, asked: Round, number: int) -> None:
    starts_on = london_day(runtime.clock()) - asked.days_ago * DAY
    at = day_starts_at(starts_on) + MORNING
    instrument = runtime.library.latest(INSTRUMENT)
    new = NewWave(asked.name, instrument, (team_id,), starts_on, starts_on + LENGTH * DAY, 7)
    teller = Teller(
        runtime.keys, speeches_of(runtime.wording.teams_by_language), runtime.settings.sender_name, at
    )
    with runtime.database.writing() as session:
        made = launch(session, planning.plan(session, new).id, teller, runtime.settings.data_dir)
        _answer(session, runtime, made, asked, random.Random(f"team:{number}"))  # noqa: S311 - repeatable


def _answer(session: Session, runtime: Runtime, wave: Wave, asked: Round, luck: random.Random) -> None:
    def level(item_id: str) -> float:
        return LEVELS[item_id.removeprefix("tc.")[0]] + asked.gain

    for hours, member_id in enumerate(members_of(session, wave.id)[: asked.n_answer], 1):
        voter = voter_of(wave, member_id, runtime.library, runtime.settings.data_dir)
        fill_in(
            session, voter, level, luck, (wave.launched_at or runtime.clock()) + dt.timedelta(hours=hours)
        )


def _close(runtime: Runtime, asked: Round) -> None:
    ended = day_starts_at(london_day(runtime.clock()) - (asked.days_ago - LENGTH - 1) * DAY)
    folder = runtime.settings.data_dir
    with runtime.database.writing() as session:
        for wave in in_state(session, WaveState.OPEN):
            closing.close(session, wave.id, folder, now=ended)
    with runtime.database.reading() as session:
        closing.destroy_keys(session, folder)
