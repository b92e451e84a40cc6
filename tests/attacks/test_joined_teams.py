"""Team climate where parts meet: the same people once more, a roster changed late, money, the trail."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.tables import Staff
from survey_app.ask.outreach.waves import planning
from survey_app.ask.outreach.waves.keyfile import path_of
from survey_app.ask.outreach.waves.launching import launch
from survey_app.ask.outreach.waves.planning import REST, BadWave
from survey_app.ask.outreach.waves.telling import Teller, speeches_of
from survey_app.ask.population.teams import roster, teams
from survey_app.ask.population.teams.sheet import read_roster
from survey_app.ask.sending.policy import PENNY
from survey_app.jobs.waves import tend_waves
from survey_app.show.pages.workspace.delivery.advice import POUND, spent_words
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import settle
from tests.waves import DAY, INSTRUMENT, open_wave, people


def ask(runtime, lines, *, days=0, name="The same again"):
    """Make one more team of these people and launch a wave for it so many days from now."""
    now = runtime.clock()
    starts_on = now.date() + days * DAY
    with runtime.database.writing() as session:
        made = teams.make_team(session, name=name, place_id="riverside")
        roster.put_on(session, made.id, read_roster(lines), keys=runtime.keys, day=now.date())
        new = planning.NewWave(
            "Another", runtime.library.latest(INSTRUMENT), (made.id,), starts_on, starts_on + 14 * DAY
        )
        wave_id = planning.plan(session, new).id
        teller = Teller(runtime.keys, speeches_of(runtime.wording.teams_by_language), "Kentmere", now)
        return launch(session, wave_id, teller, runtime.settings.data_dir)


@ON_SQLITE
@pytest.mark.parametrize(
    ("lines", "closed"),
    [
        (people(11), True),  # all but one
        (people(6), False),  # a half nobody may cut out
        (people(20), False),  # all of them and eight more
        (people(12).replace("@example.org", "@elsewhere.example"), False),  # other addresses, the same names
    ],
)
def test_nearly_the_same_people_are_not_asked_again_as_another_team(runtime, lines, closed):
    ground = open_wave(runtime, 12)
    if closed:
        for voter in ground.voters:
            ground.fill_in(voter, [4] * len(ground.items))
        ground.close()
    with pytest.raises(BadWave, match="nearly the same people"):
        ask(runtime, lines)


@ON_SQLITE
def test_a_team_that_shares_some_of_its_people_is_asked_and_so_is_the_same_team_after_a_rest(runtime):
    ground = open_wave(runtime, 12)
    ask(runtime, people(12, start=6), name="Half of them are on two teams")
    for voter in ground.voters:
        ground.fill_in(voter, [4] * len(ground.items))
    ground.close()
    ask(runtime, people(7), days=14 + REST.days, name="After a rest")


@ON_SQLITE
def test_a_reader_whose_account_is_closed_on_the_day_of_the_launch_is_still_counted_as_one(runtime):
    settle(runtime, "admin@example.org")
    with runtime.database.writing() as session:
        session.execute(sa.update(Staff).values(active=False, name="Person 3"))
    assert open_wave(runtime, 8).wave().needed == 6


def test_what_the_day_has_cost_does_not_count_the_reminders_of_a_small_team():
    said = {spent_words(12 * POUND + 4 * n * PENNY, 50 * POUND) for n in range(13)}
    assert said == {"\N{POUND SIGN}12 or more of \N{POUND SIGN}50.00 spent today by the whole service."}
    assert spent_words(48 * PENNY, 50 * POUND).startswith("Less than")


@ON_SQLITE
@pytest.mark.parametrize(("days", "ended"), [(0, "void"), (15, "unopened")])
def test_what_becomes_of_a_wave_by_the_clock_stands_in_the_trail(runtime, clock, days, ended):
    ground = open_wave(runtime, 8)
    if not days:
        path_of(ground.folder, ground.wave_id).unlink()
    clock.advance(days=days)
    tend_waves(runtime)
    (line,) = ground.rows(AuditEntry)
    assert (line.by, line.about) == ("the clock", f"wave_id={ground.wave_id} as={ended}")
