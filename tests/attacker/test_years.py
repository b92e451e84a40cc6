"""Years of arrivals through both gates: the real one gives nobody away, a threshold gives many."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.hear.responses.tables import Response
from survey_app.jobs.counting import nightly
from survey_app.know.disclosure.tables import QuarterFigure, QuarterKind
from tests.attacker.campaign import attack_year
from tests.attacker.report import added_up, lines
from tests.attacker.runtimes import base, template
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_place
from tests.worlds import World, london

SEEDS = (2, 7)
"""Years with moves, groups, erasures and people who answer often."""
QUARTER, NEXT = dt.date(2026, 9, 28), dt.date(2027, 1, 4)


@pytest.fixture(scope="module")
def total(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    shared, empty = base(folder), template(folder)
    return added_up(attack_year(seed, folder, shared, empty, weeks=30) for seed in SEEDS)


def test_no_group_of_fewer_than_ten_answers_is_recovered_from_the_real_gate(total):
    assert total.real.few_answers == {}, "\n".join(lines(total))
    assert total.real.undecided == 0
    assert total.real.n_equations > 500


def test_every_released_number_is_explained_by_people_and_nothing_changes_without_a_release(total):
    assert total.odd == []
    assert total.n_numbers > 500


@pytest.mark.parametrize(
    "attack", ["siblings", "windows", "limits", "before and after", "poll timing", "erasures", "breakdowns"]
)
def test_a_threshold_alone_is_broken_by_the_same_attack(total, attack):
    assert total.naive.few_answers.get(attack, 0) > 0


def test_elimination_breaks_a_threshold_too(total):
    assert total.naive.few_answers["elimination"] > 20


def test_no_group_of_fewer_than_ten_people_is_recovered_from_the_real_gate(total):
    assert total.real.few_people == {}


@ON_SQLITE
def test_a_quarterly_figure_rests_on_ten_people_not_on_ten_answers(runtime, clock):
    world = World(runtime).build("riverside")
    with runtime.database.writing() as session:
        make_place(session, "elm", kind=PlaceKind.PRACTICE, parent=session.get_one(Place, "riverside"))
        for week in (0, 2):  # the same five people of the practice, among fifteen others
            at = london(QUARTER + week * dt.timedelta(weeks=1))
            for number in range(5):
                world.answer_in(session, f"often-{number}", at, practice_id="elm")
            for number in range(15):
                world.answer_in(session, f"once-{week}-{number}", at)
    clock.set(london(NEXT, 3, 10))
    nightly(runtime, NEXT)
    of_elm = QuarterFigure.kind == QuarterKind.PRACTICE
    with runtime.database.reading() as session:
        n_shown = max(session.scalars(sa.select(QuarterFigure.n_valid).where(of_elm)))
        who = sa.select(sa.func.count(sa.distinct(Response.person))).where(Response.practice_id == "elm")
        assert session.scalar(who) == 5
    assert n_shown == 0
