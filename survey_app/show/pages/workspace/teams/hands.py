"""How far the hands of a team leader or a survey officer reach: whole teams, whole waves, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn, has_role
from survey_app.accounts.tables import Role
from survey_app.ask.outreach.waves.states import teams_of, waves_of
from survey_app.ask.outreach.waves.states import wave as find_wave
from survey_app.ask.outreach.waves.tables import Wave
from survey_app.ask.population.places import all_places
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams.tables import Team
from survey_app.ask.population.teams.teams import team as find_team
from survey_app.ask.population.teams.teams import teams_at
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who

KEEPERS: frozenset[Role] = ROLES[Who.OFFICER] | ROLES[Who.TEAM_LEADER]


class Hands:
    """The teams somebody may keep, read once a page."""

    def __init__(self, session: Session, person: SignedIn) -> None:
        self._session = session
        self._person = person
        self._places = {one.id: one for one in all_places(session)}

    @property
    def places(self) -> list[Place]:
        """Return the places where this person may keep teams."""
        return [one for one in self._places.values() if has_role(self._person, KEEPERS, one.path)]

    def teams(self) -> list[Team]:
        """Return the teams this person may keep."""
        return teams_at(self._session, [one.id for one in self.places])

    def team(self, team_id: str) -> Team:
        """Return one of these teams; any other is not found."""
        found = find_team(self._session, team_id)
        return found if found is not None and self._keeps(found) else abort(404)

    def waves(self) -> list[Wave]:
        """Return the waves that ask only these teams."""
        mine = {one.id for one in self.teams()}
        return [one for one in waves_of(self._session, mine) if mine.issuperset(self._asked(one))]

    def wave(self, wave_id: str) -> tuple[Wave, list[Team]]:
        """Return one of these waves with its teams; any other is not found."""
        found = find_wave(self._session, wave_id)
        if found is None:
            abort(404)
        return found, [self.team(one) for one in self._asked(found)]

    def may_launch(self, teams: Iterable[Team]) -> bool:
        """Tell whether this person is a survey officer for every team, and reads no report of any.

        Whoever keeps a roster could put addresses of their own on it until only one colleague is left to
        guess. So somebody looks at it before it is asked who gains nothing by that: no administrator either.
        """
        paths = [self._path(one) for one in teams]
        return all(has_role(self._person, ROLES[Who.OFFICER], path) for path in paths) and not any(
            has_role(self._person, ROLES[Who.TEAM_LEADER], path) for path in paths
        )

    def reads(self, teams: Iterable[Team]) -> bool:
        """Tell whether this person reads the reports of every team: to keep a roster is not enough."""
        return all(has_role(self._person, ROLES[Who.TEAM_LEADER], self._path(one)) for one in teams)

    def place_name(self, place_id: str) -> str:
        """Return the name of a place."""
        return self._places[place_id].name

    def _keeps(self, team: Team) -> bool:
        return has_role(self._person, KEEPERS, self._path(team))

    def _path(self, team: Team) -> str:
        return self._places[team.place_id].path

    def _asked(self, wave: Wave) -> list[str]:
        return teams_of(self._session, wave.id)
