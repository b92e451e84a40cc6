"""Building series from released figures, and computing anew only what changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import nightly
from survey_app.know.evidence.building import build
from survey_app.know.evidence.changes import changes, tally
from survey_app.know.evidence.compute import stale_series
from survey_app.know.evidence.figures import BinFigures, from_first_counted, values
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.mode_shifts import mode_shifts
from survey_app.know.evidence.series import Gap, LimitsStage, Point
from survey_app.know.evidence.store import at_place, stored
from survey_app.know.evidence.tables import StoredSeries
from survey_app.know.improvement.marks import MarkKind
from survey_app.know.measures.measures import MeasureKind, Measures
from survey_app.know.measures.modes import MODE
from survey_app.stats.kinds import ChartKind
from survey_app.stats.presets import LATEST_LOCK as LOCK_AT
from survey_app.stats.variation import PointState
from tests.worlds import MONDAY, World, london

WEEK = dt.timedelta(weeks=1)
ITEM = "ex.life"


@pytest.fixture
def pulse(loaded_runtime):
    return loaded_runtime.library.get("pulse-user-6", 1)


@pytest.fixture
def measures(loaded_runtime):
    return loaded_runtime.measures


def week(number: int, *counts: int, provisional: bool = False) -> BinFigures:
    """Make a bin in which so many people said 1, 2, 3 and 4."""
    start = MONDAY + number * WEEK
    of_items = {ITEM: dict(enumerate(counts, start=1))} if counts else {}
    people = sum(counts)
    return BinFigures(start, start + dt.timedelta(days=6), of_items, people, provisional, carried=False)


def with_modes(number: int, by_web: int, by_text: int, **facts) -> BinFigures:
    bin_ = week(number, *[5] * 4, **facts)
    return replace(bin_, counts={**bin_.counts, MODE: {1: by_web, 2: by_text}})


def series_of(measure, instrument, bins):
    return build(measure, "riverside", "token", bins, list(values(measure, instrument, bins)))


def refresh(session, library, measures, *, now):
    """Store what is stale, as the nightly run does, and return how many series that were."""
    stale = stale_series(session, library, measures)
    save(session, stale, now=now)
    return len(stale)


def test_a_mean_has_its_value_exact_n_and_interval(pulse, measures):
    (point,) = series_of(measures.get("ex.life.mean"), pulse, [week(0, 5, 0, 0, 15)]).points
    assert (point.value, point.n) == (75.0, 20)
    assert 0 < point.low < 75 < point.high <= 100
    assert point.state is PointState.NONE


def test_a_way_of_answering_is_followed_from_the_first_week_in_which_it_was_counted(pulse, measures):
    bins = from_first_counted(
        MeasureKind.MODE, [week(0, 5, 5, 5, 5), with_modes(1, 15, 5), week(2, 5, 5, 5, 5)]
    )
    point, gap = series_of(measures.get("pulse-user-6.by_sms"), pulse, bins).points
    assert (point.start, point.value, point.n) == (MONDAY + WEEK, 25.0, 20)
    assert isinstance(gap, Gap)
    assert from_first_counted(MeasureKind.MODE, [week(0, 5, 5, 5, 5), week(1)]) == [week(1)]


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ((19, 6), (4, 21), True),
        ((4, 21), (19, 6), True),
        ((19, 6), (14, 11), False),  # 20 points, as chance brings them with 25 people
        ((75, 25), (50, 50), True),
        ((700, 300), (600, 400), False),  # certain, and too small to matter
    ],
)
def test_a_shift_of_modes_is_told_when_it_is_large_and_no_chance(before, after, is_told):
    bins = [week(0, 5, 5, 5, 5), with_modes(1, *before), week(2), with_modes(3, *after)]
    found = [shift.mark for shift in mode_shifts(bins)]
    assert [mark.day for mark in found] == ([MONDAY + 3 * WEEK] if is_told else [])


@pytest.mark.parametrize(("next_week", "is_told"), [((19, 6), False), ((6, 19), True), (None, True)])
def test_a_shift_that_goes_back_in_the_week_after_is_told_no_longer(next_week, is_told):
    bins = [with_modes(0, 18, 7), with_modes(1, 19, 6), with_modes(2, 4, 21)]
    bins += [with_modes(3, *next_week)] if next_week else []
    assert [shift.day for shift in mode_shifts(bins)] == ([MONDAY + 2 * WEEK] if is_told else [])


def test_a_shift_names_the_way_that_gained_and_waits_for_the_end_of_its_week():
    (shift,) = mode_shifts([with_modes(0, 4, 21), with_modes(1, 19, 6)])
    assert shift.mark.text == (
        "More people answered on the web from this week (16% before, 76% now): "
        "part of the change may come from that"
    )
    assert list(mode_shifts([with_modes(0, 4, 21), with_modes(1, 19, 6, provisional=True)])) == []


def test_a_share_has_a_wilson_interval(pulse, measures):
    (point,) = series_of(measures.get("ex.life.top"), pulse, [week(0, 5, 5, 5, 5)]).points
    assert (point.value, point.n) == (50.0, 20)
    assert (round(point.low, 1), round(point.high, 1)) == (29.9, 70.1)


def test_a_week_without_a_figure_is_a_gap_never_a_zero(pulse, measures):
    for measure in ("ex.life.mean", "ex.life.top", "pulse-user-6.replies"):
        points = series_of(measures.get(measure), pulse, [week(0, 5, 0, 0, 15), week(1)]).points
        assert isinstance(points[0], Point)
        assert isinstance(points[1], Gap)


def test_limits_come_with_thirteen_figures(pulse, measures):
    bins = [week(n, 5 + n % 3, 5, 5, 5) for n in range(13)]
    assert all(
        point.upper is None for point in series_of(measures.get("ex.life.mean"), pulse, bins[:12]).points
    )
    assert all(
        point.upper is not None for point in series_of(measures.get("ex.life.mean"), pulse, bins).points
    )


def test_limits_rest_on_the_first_26_figures_and_then_stay_gaps_or_not(pulse, measures):
    bins = [week(n, *(() if n in {3, 9} else (5 + n % 3, 5, 5, 5))) for n in range(LOCK_AT + 2)]
    later = [week(LOCK_AT + 2 + n, 0, 0, 0, 20) for n in range(6)]
    points = series_of(measures.get("ex.life.mean"), pulse, bins).points
    locked = points[0]
    figures = [(point.value, point.n) for point in points if isinstance(point, Point)]
    assert len(figures) == LOCK_AT
    people = sum(n for _, n in figures)
    assert locked.centre == pytest.approx(sum(value * n for value, n in figures) / people, abs=1e-9)
    after = series_of(measures.get("ex.life.mean"), pulse, bins + later).points[0]
    assert (locked.centre, locked.lower, locked.upper) == (after.centre, after.lower, after.upper)
    moving = series_of(measures.get("ex.life.mean"), pulse, bins[:20] + later).points[0]
    assert moving.centre != locked.centre


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("ex.life.mean", ChartKind.I_PRIME),
        ("ex.life.top", ChartKind.P_PRIME),
        ("pulse-user-6.replies", ChartKind.XMR),
    ],
)
def test_each_kind_of_measure_has_the_chart_that_suits_it(pulse, measures, measure, kind):
    bins = [week(n, 5 + n % 3, 5, 5, 5 + n % 4) for n in range(13)]
    assert series_of(measures.get(measure), pulse, bins).chart is kind
    assert series_of(measures.get(measure), pulse, bins[:5]).chart is ChartKind.RUN
    assert series_of(measures.get(measure), pulse, bins[:4]).chart is ChartKind.NONE


def test_limits_are_on_trial_from_13_figures_and_locked_from_26(pulse, measures):
    bins = [week(n, 5 + n % 3, 5, 5, 5) for n in range(26)]
    stages = [series_of(measures.get("ex.life.mean"), pulse, bins[:size]).limits for size in (12, 13, 25, 26)]
    assert stages == [LimitsStage.NONE, LimitsStage.TRIAL, LimitsStage.TRIAL, LimitsStage.LOCKED]


def test_limits_are_wider_where_fewer_people_answered(pulse, measures):
    for measure in ("ex.life.mean", "ex.life.top"):
        bins = [week(n, 5 + n % 3, 5, 5, 5 + n % 4) for n in range(13)] + [week(13, 20, 20, 20, 20)]
        points = series_of(measures.get(measure), pulse, bins).points
        assert points[-1].upper - points[-1].centre < 0.8 * (points[0].upper - points[0].centre)


def test_a_run_marks_its_earlier_weeks_and_says_since_when(pulse, measures):
    bins = [week(n, 5 + 3 * (n % 2), 5, 5, 5) for n in range(26)] + [
        week(26 + n, 6, 5, 5, 5) for n in range(7)
    ]
    before = series_of(measures.get("ex.life.mean"), pulse, bins[:-1]).points
    after = series_of(measures.get("ex.life.mean"), pulse, bins).points
    assert before[27].signals == ()
    assert after[27].signals == ("shift_high",)
    assert after[27].flagged == after[27].found[0] > after[27].end
    assert after[-1].flagged is None
    assert [(p.centre, p.upper) for p in after[:32]] == [(p.centre, p.upper) for p in before]


def test_a_provisional_week_stays_out_of_limits_signals_and_sentence(pulse, measures):
    measure = measures.get("ex.life.mean")
    bins = [week(n, 5 + n % 3, 5, 5, 5) for n in range(20)]
    closed = series_of(measure, pulse, bins)
    with_open = series_of(measure, pulse, [*bins, week(20, 0, 0, 0, 30, provisional=True)])
    assert with_open.points[:-1] == closed.points
    assert (with_open.summary, with_open.variation) == (closed.summary, closed.variation)
    last = with_open.points[-1]
    assert (last.provisional, last.state, last.upper, last.signals) == (True, PointState.NONE, None, ())


def test_a_scale_has_a_figure_once_each_of_its_items_has_had_one_since_its_last(loaded_runtime):
    instrument = loaded_runtime.library.get("p3c-style-10", 1)
    measure = loaded_runtime.measures.get("p3c-style-10.person-centred")
    first, *others = measure.items

    def bin_of(number: int, *items: str) -> BinFigures:
        return replace(week(number, 1), counts={item: {1: 5, 4: 5} for item in items}, n_people=10)

    bins = [bin_of(0, *others), bin_of(1, first), bin_of(2, *others), bin_of(3, first, *others)]
    found = list(values(measure, instrument, bins))
    assert [figure and figure.n for figure in found] == [None, 10, None, 10]
    assert found[1].value == 50.0


def test_a_run_completed_this_week_is_new_although_it_marks_last_week_too(pulse, measures, database):
    bins = [week(n, 5 + n % 3, 5, 5, 5) for n in range(26)] + [week(26 + n, 4, 5, 5, 6) for n in range(8)]

    def is_new(n_weeks):
        save_series(database, series_of(measures.get("ex.life.mean"), pulse, bins[:n_weeks]))
        with database.reading() as session:
            return session.execute(sa.select(StoredSeries.is_new, StoredSeries.state)).one()

    completed = next(n for n in range(27, 35) if is_new(n).state is PointState.IMPROVEMENT)
    assert is_new(completed).is_new
    assert not is_new(completed + 1).is_new


def save_series(database, series):
    with database.writing() as session:
        save(session, [series], now=dt.datetime(2026, 11, 9, tzinfo=dt.UTC))


@pytest.fixture
def world(runtime, clock) -> World:
    world = World(runtime).build("riverside", "hillside")
    world.crowd(24, MONDAY)
    world.crowd(24, MONDAY, "hillside")
    clock.set(london(MONDAY + WEEK, 3, 10))
    nightly(runtime, MONDAY + WEEK)
    return world


def test_only_places_whose_figures_changed_are_computed_anew(world, runtime, clock):
    with runtime.database.reading() as session:
        assert stale_series(session, runtime.library, runtime.measures) == []
        untouched = stored(session, "ex.life.mean", "hillside")
    world.crowd(24, MONDAY + WEEK)
    clock.set(london(MONDAY + 2 * WEEK, 3, 10))
    nightly(runtime, MONDAY + 2 * WEEK)
    with runtime.database.reading() as session:
        assert len(stored(session, "ex.life.mean", "riverside").points) == 2
        assert stored(session, "ex.life.mean", "hillside").points[:1] == untouched.points


def test_refreshing_twice_stores_nothing_the_second_time(world, runtime, clock):
    with runtime.database.writing() as session:
        assert refresh(session, runtime.library, runtime.measures, now=clock()) == 0


def test_the_newer_of_two_versions_gives_the_series(world, runtime, clock, pulse):
    class Both:
        """A library in which version 2 asks what version 1 asks."""

        def get(self, _, version):
            return replace(pulse, version=version)

    both = Measures(
        replace(measure, version=version)
        for version in (1, 2)
        for measure in runtime.measures.for_instrument("pulse-user-6", 1)
    )
    names = "place_id, instrument_id, audience, item_id, bin_end, n_valid, carried, provisional"
    copied = "INSERT INTO figure (release_id, instrument_version, bin_start, counts, {names}) "
    with runtime.database.writing() as session:
        session.execute(sa.text("INSERT INTO release (token, made_at) VALUES ('newer', '2026-11-09')"))
        newer = session.scalar(sa.text("SELECT max(id) FROM release"))
        session.execute(
            sa.text(
                f"{copied.format(names=names)} SELECT {newer}, 2, bin_start, counts, {names} "  # noqa: S608
                "FROM figure WHERE place_id = 'hillside'"
            )
        )
        session.execute(
            sa.text(
                "INSERT INTO told (place_id, instrument_id, instrument_version, audience, release_id, "  # noqa: S608
                f"bin_start, bin_end) SELECT place_id, instrument_id, 2, audience, {newer}, "
                "bin_start, bin_end FROM told WHERE place_id = 'hillside'"
            )
        )
    with runtime.database.writing() as session:
        assert refresh(session, Both(), both, now=clock()) == 15
        assert stored(session, "ex.life.mean", "hillside").release == "newer"
        assert [one.number for one in stored(session, "ex.life.mean", "hillside").versions] == [2, 1]
        assert stored(session, "ex.life.mean", "hillside").marks[0].kind is MarkKind.VERSION
        assert [one.number for one in stored(session, "ex.life.mean", "riverside").versions] == [1]
        assert stored(session, "ex.life.mean", "riverside").release != "newer"
    with runtime.database.writing() as session:
        assert refresh(session, Both(), both, now=clock()) == 0


def test_pages_read_series_of_a_place_in_scope(world, runtime):
    with runtime.database.reading() as session:
        assert set(at_place(session, "riverside")) == {
            measure.id for measure in runtime.measures.for_instrument("pulse-user-6", 1)
        }
        assert stored(session, "ex.life.mean", "nowhere") is None
        assert changes(session, ["/system/"], 20) == []
        assert tally(session, ["/system/"]).n_charts == 0
