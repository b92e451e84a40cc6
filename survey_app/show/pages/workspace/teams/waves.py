"""Waves in the workspace: planned, launched, reminded once, closed or stopped; never a count that unmasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.ask.outreach.waves import planning
from survey_app.ask.outreach.waves.members import n_members
from survey_app.ask.outreach.waves.planning import BadWave, NewWave
from survey_app.ask.outreach.waves.progress import band
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.population.teams import roster
from survey_app.ask.population.teams.tables import Team, TeamMember
from survey_app.clock import london_day
from survey_app.crypto import keyed_hash
from survey_app.hear.responses.ballots import closing
from survey_app.hear.responses.ballots.sealing import fits
from survey_app.know.evidence.climate.masks import TEN
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.teams.hands import Hands
from survey_app.show.pages.workspace.teams.steps import OFFICERS_ONLY, take_step
from survey_app.web.access import Who, who_may

USUAL = {"instrument": "team-climate-style-14"}
USUAL_DAYS, USUAL_REMINDER = 14, 7

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Shown:
    """A wave as pages show it."""

    wave: Wave
    teams: list[Team]
    n_asked: int
    may_launch: bool
    seen: str  # which roster this page speaks of
    reads: bool

    @property
    def names(self) -> str:
        """Return the names of its teams."""
        return " and ".join(one.name for one in self.teams)

    @property
    def band(self) -> str:
        """Return how many have answered, in words that tell of nobody."""
        return band(self.wave.n_shown, self.n_asked).value


class WavePages:
    """What leaders and officers do with waves."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def overview(self) -> str:
        """List the waves of one's teams, with a form for a new one."""
        return self._overview()

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def plan(self) -> Page:
        """Plan a wave."""
        try:
            with self._needs.database.writing() as session:
                mine = {one.id for one in Hands(session, signed_in()).teams()}
                made = planning.plan(session, self._new(mine))
                return redirect(url_for("workspace.wave", wave_id=made.id), 303)
        except BadWave as bad:
            return self._overview(str(bad)), 422

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def one(self, wave_id: str) -> str:
        """Show one wave and what can be done next."""
        return self._wave(wave_id)

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def pool(self, wave_id: str) -> Page:
        """Take another small team into a planned wave."""
        try:
            with self._needs.database.writing() as session:
                hands = Hands(session, signed_in())
                wave, _ = hands.wave(wave_id)
                planning.pool(session, wave, hands.team(request.form.get("team", "")).id)
        except BadWave as bad:
            return self._wave(wave_id, str(bad)), 422
        return redirect(url_for("workspace.wave", wave_id=wave_id), 303)

    @who_may(Who.OFFICER, Who.TEAM_LEADER)
    def move(self, wave_id: str, onward: str) -> Page:
        """Take one step with a wave."""
        try:
            with self._needs.database.writing() as session:
                hands = Hands(session, signed_in())
                wave, teams = hands.wave(wave_id)
                if onward in OFFICERS_ONLY and not hands.may_launch(teams):
                    abort(403)
                if onward == "launch":
                    self._refuse_unseen(session, wave, teams)
                take_step(session, wave, onward, self._needs)
        except BadWave as bad:
            return self._wave(wave_id, str(bad)), 422
        # Only now is it certain that the wave is over.
        with self._needs.database.reading() as session:
            closing.destroy_keys(session, self._needs.settings.data_dir)
        if onward == "delete":
            return redirect(url_for("workspace.waves"), 303)
        return redirect(url_for("workspace.wave", wave_id=wave_id), 303)

    def _new(self, mine: set[str]) -> NewWave:
        form = request.form
        chosen = next((one for one in self._instruments() if one.id == form.get("instrument")), None)
        if chosen is None:
            raise BadWave("choose what is asked")
        team_ids = tuple(dict.fromkeys(form.getlist("teams")))
        if not mine.issuperset(team_ids):
            raise BadWave("choose from your own teams")
        days = form.get("remind", "").strip()
        if days and not (days.isascii() and days.isdigit() and len(days) < 3):
            raise BadWave("enter the days until the reminder as a number, or leave them out")
        starts_on = _day(form.get("starts_on", ""), "first")
        ends_on = _day(form.get("ends_on", ""), "last")
        return NewWave(
            form.get("round", "")[:200], chosen, team_ids, starts_on, ends_on, int(days) if days else None
        )

    def _instruments(self) -> list[Instrument]:
        library = self._needs.library
        names = dict.fromkeys(one.id for one in library.all() if one.audience is Audience.STAFF)
        return [one for one in (library.latest(name) for name in names) if fits(one)]

    def _overview(self, fault: str = "") -> str:
        today = london_day(self._needs.clock())
        usual = USUAL | {
            "starts_on": today.isoformat(),
            "ends_on": (today + dt.timedelta(days=USUAL_DAYS)).isoformat(),
            "remind": str(USUAL_REMINDER),
        }
        with self._needs.database.reading() as session:
            hands = Hands(session, signed_in())
            teams = hands.teams()
            return render_template(
                "workspace/teams/waves.html",
                rows=[self._shown(session, hands, one) for one in hands.waves()],
                teams=teams,
                sizes=roster.sizes(session, [one.id for one in teams], today),
                instruments=self._instruments(),
                said=request.form.to_dict() if fault else usual,
                chosen=request.form.getlist("teams"),
                fault=fault,
                comfortable=planning.COMFORTABLE,
                needed=planning.NEEDED,
            )

    def _wave(self, wave_id: str, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            hands = Hands(session, signed_in())
            wave, teams = hands.wave(wave_id)
            there = {one.id for one in teams}
            instrument = self._needs.library.get(wave.instrument_id, wave.instrument_version)
            return render_template(
                "workspace/teams/wave.html",
                shown=self._shown(session, hands, wave),
                others=[one for one in hands.teams() if one.id not in there],
                instrument=instrument,
                single=not factors_of(instrument),
                statements_from=TEN,
                fault=fault,
                comfortable=planning.COMFORTABLE,
                needed=wave.needed or planning.NEEDED,
            )

    def _shown(self, session: Session, hands: Hands, wave: Wave) -> Shown:
        found, teams = hands.wave(wave.id)
        n_asked, seen = self._n_asked(session, found, teams), self._seen(session, found, teams)
        return Shown(found, teams, n_asked, hands.may_launch(teams), seen, hands.reads(teams))

    def _n_asked(self, session: Session, wave: Wave, teams: list[Team]) -> int:
        if wave.state is not WaveState.PLANNED:
            return n_members(session, wave.id)
        return len(self._on(session, teams))

    def _seen(self, session: Session, wave: Wave, teams: list[Team]) -> str:
        # Between the officer's look and the launch nobody may put other people on.
        if wave.state is not WaveState.PLANNED:
            return ""
        ids = ",".join(str(one.id) for one in self._on(session, teams))
        return keyed_hash(self._needs.keys.session, "wave roster", f"{wave.id}:{ids}").hex()[:32]

    def _refuse_unseen(self, session: Session, wave: Wave, teams: list[Team]) -> None:
        is_planned = wave.state is WaveState.PLANNED  # else the launch itself says what is wrong
        if is_planned and self._seen(session, wave, teams) != request.form.get("seen", ""):
            raise BadWave("the roster is not the one that you were shown: look at it again")

    def _on(self, session: Session, teams: list[Team]) -> list[TeamMember]:
        return roster.on_teams(session, [one.id for one in teams], london_day(self._needs.clock()))


def rules_of(pages: WavePages) -> list[tuple[str, str, Any, str]]:
    """Return the addresses of these pages: rule, endpoint, view, method."""
    one = "/teams/waves/<wave_id>"
    return [
        ("/teams/waves", "waves", pages.overview, "GET"),
        ("/teams/waves", "wave_plan", pages.plan, "POST"),
        (one, "wave", pages.one, "GET"),
        (f"{one}/teams", "wave_pool", pages.pool, "POST"),
        (f"{one}/<any(launch, remind, close, void, delete):onward>", "wave_move", pages.move, "POST"),
    ]


def _day(text: str, which: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise BadWave(f"enter the {which} day as year-month-day") from None
