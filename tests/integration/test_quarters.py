"""Quarterly figures: who is in them, what goes out, what erasure and retention do to them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from survey_app.ask.population.tables import Place, PlaceKind, PopulationCount
from survey_app.jobs import counting
from survey_app.jobs.counting import nightly
from survey_app.jobs.erasing import erase_person
from survey_app.know.aggregation.fingerprints import changed_blocks
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.grouping import set_group
from survey_app.know.aggregation.moves import move_place
from survey_app.know.aggregation.tables import Block, BlockMember
from survey_app.know.disclosure import leavers
from survey_app.know.disclosure.candidates import population
from survey_app.know.disclosure.quarters import judge_quarters
from survey_app.know.disclosure.tables import AuditCell, Quarter, QuarterFigure, QuarterKind, Reason
from survey_app.know.evidence.tables import StoredQuarter
from tests.factories import make_place
from tests.worlds import World, london, path_of

QUARTER = dt.date(2026, 9, 28)
NEXT = dt.date(2027, 1, 4)  # the year has a week 53
WEEK = dt.timedelta(weeks=1)
AGES = ("18-64", "65-79", "80-over", None)
ITEM = "ex.life"


@pytest.fixture
def world(runtime) -> World:
    world = World(runtime).build("riverside", "hillside", "lakeside")
    with runtime.database.writing() as session:
        make_place(session, "elm", kind=PlaceKind.PRACTICE, parent=session.get_one(Place, "riverside"))
        set_group(session, group_id="lakes", name="Lakes", places=["hillside", "lakeside"], from_day=QUARTER)
        for age, n in zip(AGES[:3], (600, 300, 100), strict=True):
            session.add(PopulationCount(place_id="riverside", category=age, n=n))
    return world


@pytest.fixture
def night(runtime, clock):
    def run(day: dt.date) -> None:
        clock.set(london(day, 3, 10))
        nightly(runtime, day)

    return run


def answers(world, place, ages, *, week=0, practice=None, name="p") -> list[bytes]:
    """Let one person of each age answer, a minute apart, and return their pseudonyms."""
    people = []
    with world.runtime.database.writing() as session:
        for minute, age in enumerate(ages):
            person = f"{name}-{place}-{week}-{minute}"
            at = london(QUARTER + week * WEEK, 9 + minute // 60, minute % 60)
            world.answer_in(session, person, at, place, practice_id=practice, category=age)
            people.append(person.encode().ljust(32, b"."))
    return people


def figures(world, kind=None, place=None, item=ITEM) -> dict[tuple[str, str, int], tuple[int, str | None]]:
    query = sa.select(QuarterFigure).where(QuarterFigure.item_id == item)
    if kind is not None:
        query = query.where(QuarterFigure.kind == kind)
    if place is not None:
        query = query.where(QuarterFigure.place_id == place)
    with world.runtime.database.reading() as session:
        rows = session.scalars(query.order_by(QuarterFigure.id)).all()
    return {(row.place_id, row.category, row.edition): (row.n_valid, row.reason) for row in rows}


def full_quarter(world, night) -> dict[str, list[bytes]]:
    """Fill one quarter at every place, and run the first night after it."""
    ages = list(itertools.islice(itertools.cycle(AGES), 48))
    people = {place: answers(world, place, ages) for place in ("riverside", "hillside", "lakeside")}
    people["elm"] = answers(world, "riverside", ages[:12], week=1, practice="elm", name="e")
    night(NEXT)
    return people


def test_figures_of_a_quarter_go_out_the_night_after_it_and_once(world, night):
    ages = ["18-64"] * 30
    answers(world, "hillside", ages)
    answers(world, "lakeside", ages)
    night(NEXT - WEEK)
    assert figures(world) == {}
    night(NEXT)
    first = figures(world)
    assert first["hillside", "", 1] == (30, None)
    night(NEXT + WEEK)
    assert figures(world) == first


def test_grouped_places_practices_and_categories_are_told_apart(world, night):
    full_quarter(world, night)
    assert figures(world, QuarterKind.PLACE) == {
        ("hillside", "", 1): (48, None),
        ("lakeside", "", 1): (48, None),
    }
    assert figures(world, QuarterKind.PRACTICE)["elm", "", 1] == (12, None)
    assert figures(world, QuarterKind.CATEGORY) == {
        ("system", "18-64", 1): (39, None),
        ("system", "65-79", 1): (39, None),
        ("system", "80-over", 1): (39, None),
        ("system", "", 1): (39, None),
    }


def test_a_weighted_figure_counts_each_category_as_much_as_its_people_live_there(world, night):
    full_quarter(world, night)
    assert figures(world, QuarterKind.WEIGHTED) == {("system", "", 1): (117, None)}


def test_a_practice_whose_rest_would_be_solved_is_refused_and_looks_like_too_few(world, night, runtime):
    answers(world, "riverside", ["18-64"] * 12, practice="elm")
    answers(world, "riverside", ["18-64"] * 4, name="q")
    night(NEXT)
    assert figures(world, QuarterKind.PRACTICE) == {("elm", "", 1): (0, Reason.SOLVES)}
    assert figures(world, QuarterKind.PLACE)["lakeside", "", 1] == (0, Reason.TOO_FEW)
    with runtime.database.reading() as session:
        documents = session.scalars(
            sa.select(StoredQuarter.document).where(StoredQuarter.measure_id == "ex.life.mean")
        ).all()
    assert {row for text in documents for row in text.strip("[]").split("},") if "practice" in row} == {
        '{"kind":"practice","category":"","edition":1,"withheld":"small_number"}'
    }


def test_people_erased_before_the_first_figures_are_in_none(world, night, runtime):
    people = answers(world, "hillside", ["18-64"] * 30)
    answers(world, "lakeside", ["18-64"] * 30)
    night(QUARTER + 2 * WEEK)
    for person in people[:12]:
        assert erase_person(runtime, person) == 1
    night(NEXT)
    assert figures(world, QuarterKind.PLACE)["hillside", "", 1] == (18, None)


def last_person_erased(world, night, runtime, n: int) -> dict[str, tuple[int, str | None]]:
    people = answers(world, "hillside", ["18-64"] * n)
    answers(world, "lakeside", ["18-64"] * n)
    night(QUARTER + 2 * WEEK)
    erase_person(runtime, people[-1])
    night(NEXT)
    return {place: found for (place, _, _), found in figures(world, QuarterKind.PLACE).items()}


def test_with_one_person_erased_their_block_is_left_out_and_every_part_is_shown(world, night, runtime):
    shown = last_person_erased(world, night, runtime, 40)
    assert {reason for _, reason in shown.values()} == {None}
    with runtime.database.reading() as session:
        left = session.scalars(sa.select(Quarter)).one().left_out[ITEM]["place"]
        of_blocks = {row.id: row.n_people for row in session.scalars(sa.select(Block))}
    assert len(left) == 1
    assert sum(n for n, _ in shown.values()) == sum(of_blocks.values()) - of_blocks[left[0]]


def test_with_one_person_erased_from_most_of_a_group_one_part_stays_back(world, night, runtime):
    assert last_person_erased(world, night, runtime, 13) == {
        "hillside": (12, None),
        "lakeside": (0, Reason.SOLVES),
    }


def test_a_quarter_is_restated_only_when_ten_people_have_gone(world, night, runtime):
    people = full_quarter(world, night)["hillside"]
    for person in people[:9]:
        erase_person(runtime, person)
    night(NEXT + WEEK)
    assert {edition for _, _, edition in figures(world)} == {1}
    erase_person(runtime, people[9])
    night(NEXT + 2 * WEEK)
    again = {key: found for key, found in figures(world).items() if key[2] == 2}
    assert again["hillside", "", 2] == (38, None)
    assert ("lakeside", "", 2) not in again
    assert figures(world, QuarterKind.PLACE)["hillside", "", 1] == (48, None)


def test_erasure_leaves_closed_blocks_and_weekly_figures_as_they_are(world, night, runtime):
    people = full_quarter(world, night)
    before = (world.cells(), world.figures("lakes"), world.figures("system", ITEM))
    for person in people["hillside"]:
        erase_person(runtime, person)
    night(NEXT + WEEK)
    n_told = len(before[1])  # the night adds a gap
    assert before == (world.cells(), world.figures("lakes")[:n_told], world.figures("system", ITEM))
    with runtime.database.reading() as session:
        assert changed_blocks(session) == []


def test_audit_cells_hold_everybody_before_and_after_an_erasure(world, night, runtime):
    people = full_quarter(world, night)["hillside"]
    query = sa.select(AuditCell.gone, sa.func.sum(AuditCell.n)).where(AuditCell.item_id == ITEM)
    erase_person(runtime, people[0])
    with runtime.database.reading() as session:
        assert dict(session.execute(query.group_by(AuditCell.gone)).all()) == {0: 155, 1: 1}


def test_raw_answers_go_with_their_quarter_and_it_is_never_restated(world, night, runtime):
    full_quarter(world, night)
    shown = figures(world)
    night(NEXT + 120 * WEEK)
    with runtime.database.reading() as session:
        left = [session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("response", "answer")]  # noqa: S608
        assert (left, session.scalars(sa.select(Quarter.retired)).all()) == ([0, 0], [True])
        assert changed_blocks(session) == []
    assert figures(world) == shown


def again(world, place, people, weeks, **told_apart) -> None:
    """Let the same people answer once in each of some weeks."""
    for week in weeks:
        with world.runtime.database.writing() as session:
            for minute, person in enumerate(people):
                at = london(QUARTER + week * WEEK, 9 + minute // 60, minute % 60)
                world.answer_in(session, person, at, place, **told_apart)


def test_twelve_answers_of_three_people_are_three_people(world, night):
    again(world, "riverside", ["a", "b", "c"], range(4), practice_id="elm")
    for week in range(4):
        answers(world, "riverside", [None] * 20, week=week)
        night(QUARTER + (week + 1) * WEEK)
    night(NEXT)
    assert figures(world, QuarterKind.PRACTICE) == {("elm", "", 1): (0, Reason.TOO_FEW)}


def test_what_is_left_of_a_group_may_not_be_few_people_however_often_they_answered(world, night):
    again(world, "hillside", ["a", "b", "c"], range(4))
    for week in range(4):
        answers(world, "lakeside", [None] * 20, week=week)
        night(QUARTER + (week + 1) * WEEK)
    night(NEXT)
    assert figures(world, QuarterKind.PLACE) == {
        ("hillside", "", 1): (0, Reason.TOO_FEW),
        ("lakeside", "", 1): (0, Reason.SOLVES),
    }


def test_five_people_who_answered_twice_are_no_reason_to_restate(world, night, runtime):
    people = [f"p{number}" for number in range(20)]
    again(world, "hillside", people, (0, 1))
    answers(world, "lakeside", [None] * 30)
    for week in (1, 2):
        night(QUARTER + week * WEEK)
    night(NEXT)
    for person in people[:5]:
        assert erase_person(runtime, person.encode().ljust(32, b".")) == 2
    night(NEXT + WEEK)
    assert {edition for _, _, edition in figures(world)} == {1}


def test_somebody_erased_while_a_quarter_is_judged_is_in_no_figure(world, night, runtime, monkeypatch):
    people = answers(world, "hillside", [None] * 30)
    answers(world, "lakeside", [None] * 30)
    night(QUARTER + 2 * WEEK)
    with runtime.database.reading() as session:
        block = session.get_one(BlockMember, 1).block_id
    real = counting.publish_quarters

    def erased_first(session, judged, *, now):
        leavers.note_leavers(session, runtime.library, [1])
        forget(session, [1])
        return real(session, judged, now=now)

    monkeypatch.setattr(counting, "publish_quarters", erased_first)
    night(NEXT)
    assert figures(world) == {}
    monkeypatch.undo()
    erase_person(runtime, people[0])
    night(NEXT + dt.timedelta(days=1))
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(Quarter)).one().left_out[ITEM]["place"] == [block]


def test_a_quarter_is_not_judged_before_its_last_bins_have_ended(world, night, runtime):
    answers(world, "hillside", [None] * 30)
    night(QUARTER + 2 * WEEK)
    with runtime.database.reading() as session:
        assert judge_quarters(session, runtime.library, AGES[:3], day=NEXT) == []


def test_weights_of_a_quarter_stand_on_the_parents_it_had(world, night, runtime):
    with runtime.database.writing() as session:
        top = session.get_one(Place, "system")
        for name in ("north", "south"):
            make_place(session, name, kind=PlaceKind.PLACE, parent=top)
        make_place(session, "moor", parent=session.get_one(Place, "north"))
        session.add(PopulationCount(place_id="moor", category="18-64", n=500))
        move_place(session, place_id="moor", parent_id="south", from_day=NEXT)
    night(NEXT)
    with runtime.database.reading() as session:
        before, after = population(session, QUARTER), population(session, NEXT)
    assert (before["north", "18-64"], after["north", "18-64"], after["south", "18-64"]) == (500, 0, 500)


def test_a_night_for_an_earlier_date_moves_no_place_back(world, night, runtime, clock):
    with runtime.database.writing() as session:
        top = session.get_one(Place, "system")
        for name in ("north", "south"):
            make_place(session, name, kind=PlaceKind.PLACE, parent=top)
        make_place(session, "moor", parent=session.get_one(Place, "north"))
        move_place(session, place_id="moor", parent_id="south", from_day=NEXT)
    answers(world, "riverside", [None] * 20)
    night(NEXT)
    nightly(runtime, QUARTER + 3 * WEEK)
    assert path_of(world, "moor") == "/system/south/moor/"
