"""Teams and who is on them: made, put on by form or list, let go; history stays."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.population.addresses import BadAddress
from survey_app.ask.population.languages import NAMES, OF_TEAMS
from survey_app.ask.population.phones import BadPhone
from survey_app.ask.population.sheets import BadRows
from survey_app.ask.population.teams import roster
from survey_app.ask.population.teams.addresses import BadMember, Contact, contact_of, parse_contact
from survey_app.ask.population.teams.sheet import ORDER, read_roster
from survey_app.ask.population.teams.tables import Team, TeamMember
from survey_app.ask.population.teams.teams import BadTeam, make_team
from survey_app.clock import london_day
from survey_app.show.pages.accounts.gate import signed_in, takes_files
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.teams.hands import Hands
from survey_app.web.access import Who, who_may

MOST_BYTES = 1024 * 1024
MOST_FAULTS = 50

Page = str | tuple[str, int] | Response


class RosterPages:
    """What leaders and officers do with teams."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def overview(self) -> str:
        """List the teams of one's places, with a form for a new one."""
        return self._overview()

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def make(self) -> Page:
        """Make a team at one of one's places."""
        name, place = request.form.get("name", "")[:200], request.form.get("place", "")
        try:
            with self._needs.database.writing() as session:
                made = self._make(session, name, place)
                return redirect(url_for("workspace.team", team_id=made.id), 303)
        except BadTeam as bad:
            return self._overview(name=name, place=place, fault=str(bad)), 422

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def one(self, team_id: str) -> str:
        """Show a roster."""
        return self._roster(team_id)

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def put_on(self, team_id: str) -> Page:
        """Put one person on a team."""
        said = {name: request.form.get(name, "")[:300] for name in ORDER}
        try:
            contact = parse_contact(**said)
        except BadAddress as bad:
            return self._roster(team_id, said=said, faults=[f"E-mail address {bad}"]), 422
        except BadPhone as bad:
            return self._roster(team_id, said=said, faults=[f"Mobile number: it {bad}"]), 422
        except BadMember as bad:
            return self._roster(team_id, said=said, faults=[str(bad)]), 422
        return self._keep(team_id, [contact], ends_others=False)

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    @takes_files(MOST_BYTES)
    def put_on_list(self, team_id: str) -> Page:
        """Put everybody of a list on a team, or nobody, with every bad line named."""
        file = request.files.get("file")
        data = file.read() if file else b""
        lines = request.form.get("lines", "")[:MOST_BYTES]
        try:
            contacts = read_roster(data or lines)
        except BadRows as bad:
            faults = [str(fault) for fault in bad.faults[:MOST_FAULTS]]
            return self._roster(team_id, lines=lines, faults=faults), 422
        return self._keep(team_id, contacts, ends_others=request.form.get("ends_others") == "yes")

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def let_go(self, team_id: str, member_id: int) -> Response:
        """Let somebody leave today; that they were on the team stays known."""
        with self._needs.database.writing() as session:
            Hands(session, signed_in()).team(team_id)
            if not roster.end(session, team_id, member_id, day=london_day(self._needs.clock())):
                abort(404)
        return redirect(url_for("workspace.team", team_id=team_id), 303)

    def _make(self, session: Session, name: str, place: str) -> Team:
        if place not in {one.id for one in Hands(session, signed_in()).places}:
            raise BadTeam("choose a place")
        return make_team(session, name=name, place_id=place)

    def _keep(self, team_id: str, contacts: list[Contact], *, ends_others: bool) -> Response:
        today, keys = london_day(self._needs.clock()), self._needs.keys
        with self._needs.database.writing() as session:
            Hands(session, signed_in()).team(team_id)
            if ends_others:
                roster.end_others(session, team_id, [one.index(keys) for one in contacts], day=today)
            roster.put_on(session, team_id, contacts, keys=keys, day=today)
        return redirect(url_for("workspace.team", team_id=team_id), 303)

    def _overview(self, *, name: str = "", place: str = "", fault: str = "") -> str:
        with self._needs.database.reading() as session:
            hands = Hands(session, signed_in())
            teams, today = hands.teams(), london_day(self._needs.clock())
            sizes = roster.sizes(session, [one.id for one in teams], today)
            return render_template(
                "workspace/teams/overview.html",
                rows=[(one, hands.place_name(one.place_id), sizes.get(one.id, 0)) for one in teams],
                places=hands.places,
                said={"name": name, "place": place},
                fault=fault,
            )

    def _roster(
        self,
        team_id: str,
        *,
        said: dict[str, str] | None = None,
        lines: str = "",
        faults: list[str] | None = None,
    ) -> str:
        with self._needs.database.reading() as session:
            hands = Hands(session, signed_in())
            team = hands.team(team_id)
            return render_template(
                "workspace/teams/roster.html",
                team=team,
                place=hands.place_name(team.place_id),
                people=self._people(session, team),
                said=said or {},
                languages=NAMES,
                choices=[
                    {"value": "", "text": "Not known"},
                    *({"value": code, "text": NAMES[code]} for code in OF_TEAMS),
                ],
                lines=lines,
                faults=faults or [],
            )

    def _people(self, session: Session, team: Team) -> list[tuple[TeamMember, str, str]]:
        found = [(one, contact_of(self._needs.keys, one)) for one in roster.everybody(session, team.id)]
        return [(one, contact.name, _written_to(contact)) for one, contact in found if contact is not None]


def _written_to(contact: Contact) -> str:
    if contact.email:
        return contact.email
    return f"Text to a number that ends in {(contact.phone or '')[-3:]}"
