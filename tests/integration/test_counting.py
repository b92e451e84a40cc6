"""From answers to figures: blocks close, releases go out, series are stored; live and at night alike."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import ChangedBlocks, TooEarly, catch_up, nightly, top_up
from survey_app.know.aggregation.grouping import BadGroup, set_bin, set_group
from survey_app.know.aggregation.tables import Block, Cell, Counting, Pooled
from survey_app.know.disclosure.contents import Leak
from survey_app.know.disclosure.releases import release
from survey_app.know.disclosure.tables import Release
from survey_app.know.evidence.series import Gap, Point
from survey_app.know.evidence.store import stored
from tests.worlds import MONDAY, World, london

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
NIGHT = 3


@pytest.fixture
def world(runtime) -> World:
    return World(runtime).build("riverside", "hillside", "lakeside")


@pytest.fixture
def night(runtime, clock):
    def run(day: dt.date) -> int:
        clock.set(london(day, NIGHT, 10))
        return nightly(runtime, day)

    return run


@pytest.fixture
def live(runtime, clock):
    def run(day: dt.date, hour: int = 18) -> int:
        clock.set(london(day, hour))
        return top_up(runtime)

    return run


def series(world, measure="ex.life.mean", place="riverside"):
    with world.runtime.database.reading() as session:
        return stored(session, measure, place)


def tokens(world) -> list[str]:
    with world.runtime.database.reading() as session:
        return list(session.scalars(sa.select(Release.token).order_by(Release.id)))


def test_answers_become_a_provisional_point_live_and_a_final_one_at_the_night(world, night, live):
    night(MONDAY)
    world.crowd(27, MONDAY)
    assert live(MONDAY) == 1
    (point,) = series(world).points
    assert (point.n, point.provisional, point.start, point.end) == (10, True, MONDAY, MONDAY + WEEK - DAY)
    assert night(MONDAY + WEEK) == 1
    (point,) = series(world).points
    assert (point.n, point.provisional) == (27, False)
    assert world.blocks() == [
        ("riverside", MONDAY, 1, True, 10, 0),
        ("riverside", MONDAY, 2, False, 17, 0),
    ]


def test_parents_are_unions_of_their_places_and_move_when_those_do(world, night, live):
    night(MONDAY)
    world.crowd(20, MONDAY)
    world.crowd(25, MONDAY, "hillside")
    live(MONDAY)
    assert [row[1] for row in world.figures("system")] == [20]
    night(MONDAY + WEEK)
    assert [row[1] for row in world.figures("system")] == [45]
    counts = [world.figures(place, "ex.life")[0][2] for place in ("riverside", "hillside", "system")]
    assert {code: counts[0][code] + counts[1][code] for code in counts[0]} == counts[2]


def test_a_week_with_too_few_is_a_gap_and_its_people_are_carried_into_the_next(world, night):
    world.crowd(20, MONDAY)
    night(MONDAY + WEEK)
    world.crowd(9, MONDAY + WEEK)
    night(MONDAY + 2 * WEEK)
    world.crowd(4, MONDAY + 2 * WEEK)
    night(MONDAY + 3 * WEEK)
    first, gap, carried = series(world).points
    assert isinstance(first, Point)
    assert not first.carried
    assert gap == Gap(MONDAY + WEEK, MONDAY + 2 * WEEK - DAY, gap.withheld)
    assert (carried.n, carried.carried) == (13, True)
    assert "withheld" in series(world).to_json()


def test_before_the_first_figure_there_is_no_gap_and_no_series(world, night):
    world.crowd(9, MONDAY)
    night(MONDAY + WEEK)
    assert world.figures() == []
    assert series(world) is None


def test_an_item_with_too_few_valid_answers_waits_at_every_level_and_then_joins(world, night):
    world.crowd(7, MONDAY)
    world.crowd(8, MONDAY, hour=13, ex_life=0)
    world.crowd(30, MONDAY, "hillside")
    night(MONDAY + WEEK)
    assert world.figures(item="ex.life") == []
    assert world.figures("system", "ex.life")[0][1] == 30
    assert world.figures("system")[0][1] == 45
    assert isinstance(series(world).points[0], Gap)
    assert len([row for row in world.waiting() if row[1] == "ex.life"]) == 15
    world.crowd(12, MONDAY + WEEK)
    night(MONDAY + 2 * WEEK)
    assert world.figures(item="ex.life")[0][1] == 19
    assert world.waiting() == []


def test_answers_that_are_all_alike_wait_too(world, night):
    world.crowd(12, MONDAY, ex_life=3)
    night(MONDAY + WEEK)
    assert world.figures(item="ex.life") == []
    assert world.figures(item="ex.info")[0][1] == 12


def test_only_scored_answers_are_released(world, night):
    world.crowd(14, MONDAY)
    world.crowd(3, MONDAY, hour=13, ex_life=0)
    night(MONDAY + WEEK)
    ((_, n_valid, counts, _, _),) = world.figures(item="ex.life")
    assert (n_valid, counts) == (14, {"1": 7, "2": 7})


def test_early_on_monday_nothing_closes_before_the_night_has_ended_the_old_week(world, night, live):
    night(MONDAY)
    world.crowd(5, MONDAY + WEEK - DAY, hour=23)
    world.crowd(30, MONDAY + WEEK, hour=0)
    assert live(MONDAY + WEEK, hour=1) == 0
    assert night(MONDAY + WEEK) == 2
    assert world.blocks()[0][1:] == (MONDAY + WEEK, 1, True, 10, 5)


def test_the_token_changes_only_when_figures_do(world, night):
    world.crowd(20, MONDAY)
    night(MONDAY + WEEK)
    before = tokens(world), series(world)
    for day in range(1, 7):
        night(MONDAY + WEEK + day * DAY)
    night(MONDAY + WEEK)
    assert (tokens(world), series(world)) == before
    assert len(set(tokens(world))) == 1
    world.crowd(20, MONDAY + WEEK)
    night(MONDAY + 2 * WEEK)
    assert series(world).release == tokens(world)[-1] != before[1].release


def everything(world):
    places = ("riverside", "hillside", "lakeside", "system", "lakes")
    return (
        world.blocks(),
        world.cells(),
        world.waiting(),
        [world.figures(place) for place in places],
        [world.figures(place, "ex.life") for place in places],
        [one and one.points for place in places for one in [series(world, place=place)]],
    )


def group_lakes(world):
    with world.runtime.database.writing() as session:
        set_group(
            session, group_id="lakes", name="The lakes", places=["hillside", "lakeside"], from_day=MONDAY
        )
        set_bin(session, unit_id="lakes", weeks=2, from_day=MONDAY)


def test_every_night_and_one_catching_up_weeks_later_give_the_same_rows(world, night, runtime, clock):
    group_lakes(world)
    for day in range(14):
        world.crowd(3 + day % 5, MONDAY + day * DAY)
        world.crowd(2, MONDAY + day * DAY, "lakeside", ex_life=3)
        clock.set(london(MONDAY + day * DAY, 20))
        top_up(runtime)
        night(MONDAY + (day + 1) * DAY)
    for day in range(15, 29):
        night(MONDAY + day * DAY)
    daily = everything(world)
    wipe(world)
    clock.set(london(MONDAY + 28 * DAY, NIGHT, 10))
    assert len(catch_up(runtime)) == 29
    assert everything(world) == daily
    assert catch_up(runtime) == []


def wipe(world) -> None:
    """Forget all counting, as if the clock had been away since the first answer."""
    names = (
        "figure",
        "told",
        "release",
        "series",
        "waiting",
        "counted_later",
        "cell",
        "block_member",
        "block",
    )
    names += ("pooled", "counting")
    with world.runtime.database.writing() as session:
        for name in names:
            session.execute(sa.text(f'DELETE FROM "{name}"'))  # noqa: S608 - names above
        session.execute(sa.text("DELETE FROM job_run"))
        session.execute(sa.text("UPDATE response SET settled_at = NULL"))


def test_the_night_may_run_twice_and_for_an_earlier_date(world, night, runtime, clock):
    world.crowd(27, MONDAY)
    night(MONDAY + WEEK)
    world.crowd(27, MONDAY + WEEK)
    night(MONDAY + WEEK + DAY)
    before = everything(world)
    assert night(MONDAY + WEEK + DAY) == 0
    assert nightly(runtime, MONDAY) == 0
    assert everything(world) == before


def test_a_date_that_has_not_begun_is_refused(world, runtime, clock):
    with pytest.raises(TooEarly, match="up to today"):
        nightly(runtime, MONDAY + DAY)


def test_bins_of_two_weeks_are_told_at_the_parent_in_the_week_in_which_they_end(world, night, live):
    # The quarter began on 28 September, so bins of two weeks end on 8 and 22 November.
    with world.runtime.database.writing() as session:
        set_bin(session, unit_id="riverside", weeks=2, from_day=MONDAY)
    start = dt.date(2026, 11, 9)
    night(start)
    world.crowd(20, start)
    live(start)
    assert [row[0] for row in world.figures()] == [start]
    assert world.figures("system") == []
    night(start + 2 * WEEK)
    assert [(row[0], row[1]) for row in world.figures("system")] == [(start + WEEK, 20)]
    assert [(row[1], row[4]) for row in world.figures()] == [(20, False)]


def test_a_tampered_cell_stops_the_night(world, night, runtime):
    world.crowd(20, MONDAY)
    night(MONDAY + WEEK)
    with runtime.database.writing() as session:
        session.execute(sa.update(Cell).where(Cell.item_id == "ex.life", Cell.code == 1).values(n=Cell.n + 1))
    with pytest.raises(ChangedBlocks):
        night(MONDAY + WEEK + DAY)


def test_the_gate_lets_no_figure_out_that_rests_on_fewer_than_ten(world, night, runtime):
    world.crowd(40, MONDAY)
    night(MONDAY + WEEK)
    with runtime.database.writing() as session:
        session.execute(sa.update(Cell).where(Cell.item_id == "ex.life", Cell.block_id == 1).values(n=4))
        session.execute(sa.text("UPDATE figure SET provisional = (1 = 1)"))
    with pytest.raises(Leak, match=r"8 valid answers to ex\.life"), runtime.database.writing() as session:
        release(session, runtime.library, [], now=london(MONDAY + WEEK), ended_before=MONDAY + WEEK)


@pytest.mark.parametrize("sunday", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_weeks_end_at_local_midnight_when_the_clocks_change(world, night, sunday):
    world.crowd(20, sunday, hour=23)
    world.crowd(20, sunday + DAY, hour=0)
    night(sunday + DAY)
    assert [row[1] for row in world.figures()] == [20, 10]
    night(sunday + DAY + WEEK)
    starts = [(row[0], row[1], row[3]) for row in world.figures()]
    assert starts == [(sunday + DAY - WEEK, 20, False), (sunday + DAY, 20, False)]


def test_who_answered_before_midnight_but_is_counted_after_joins_the_week_of_answering(world, night, live):
    night(MONDAY + WEEK - DAY)
    world.crowd(20, MONDAY + WEEK - DAY, hour=23)
    assert live(MONDAY + WEEK, hour=0) == 1
    assert [row[0] for row in world.figures()] == [MONDAY]


def test_one_person_with_two_responses_in_a_week_is_in_two_blocks_or_waits(world, night):
    world.crowd(10, MONDAY)
    world.answer(f"riverside-{MONDAY}-12-0", london(MONDAY, 15))
    night(MONDAY + WEEK)
    assert [row[4] for row in world.blocks()] == [10]
    with world.runtime.database.reading() as session:
        assert len(session.scalars(sa.select(Pooled)).all()) == 1


def test_neighbours_are_counted_together_under_their_group(world, night):
    group_lakes(world)
    world.crowd(6, MONDAY, "hillside")
    world.crowd(6, MONDAY, "lakeside")
    night(MONDAY + WEEK)
    assert [row[1] for row in world.figures("lakes")] == [12]
    assert world.figures("hillside") == world.figures("lakeside") == []


def test_a_quarter_that_has_been_counted_keeps_its_groups_and_bins(world, night):
    world.crowd(12, MONDAY, "hillside")
    night(MONDAY + WEEK)
    with pytest.raises(BadGroup, match="2027-01-04"):
        group_lakes(world)
    with pytest.raises(BadGroup, match="counted"), world.runtime.database.writing() as session:
        set_bin(session, unit_id="hillside", weeks=2, from_day=MONDAY)
    with world.runtime.database.writing() as session:
        set_bin(session, unit_id="hillside", weeks=2, from_day=dt.date(2027, 1, 4))


@pytest.mark.parametrize(
    ("group_id", "places", "fault"),
    [
        ("lakes", ["hillside"], "two or more"),
        ("lakes", ["hillside", "nowhere"], "nowhere"),
        ("riverside", ["hillside", "lakeside"], "is a place"),
        ("lakes", ["hillside", "system"], "one parent"),
    ],
)
def test_a_bad_group_is_refused_by_name(world, group_id, places, fault):
    with pytest.raises(BadGroup, match=fault), world.runtime.database.writing() as session:
        set_group(session, group_id=group_id, name="The lakes", places=places, from_day=MONDAY)


def test_counting_remembers_how_far_it_has_come(world, night):
    world.crowd(1, MONDAY)
    night(MONDAY)
    night(MONDAY + WEEK)
    nightly(world.runtime, MONDAY + DAY)
    with world.runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.max(Counting.ended_before))) == MONDAY + WEEK


def test_a_night_before_the_first_answer_ends_nothing_so_that_older_answers_keep_their_weeks(world, night):
    night(MONDAY + dt.timedelta(days=21))
    for number in range(12):
        world.answer(f"p{number}", london(MONDAY + dt.timedelta(days=1), 9, number))
    night(MONDAY + dt.timedelta(days=21))
    with world.runtime.database.reading() as session:
        (block,) = session.scalars(sa.select(Block)).all()
    assert (block.bin_start, block.n_people) == (MONDAY, 12)
