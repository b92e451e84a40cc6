"""The rule of blocks: the same blocks however often it runs, of K people each, and nobody lost."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.clock import london_day
from survey_app.know.aggregation.blocks import K, Waiter, closings
from survey_app.know.aggregation.periods import bin_of, quarter_start
from survey_app.know.aggregation.units import Unit

# The last five weeks of a quarter with week 53, and the first three of the next.
FIRST = dt.date(2026, 11, 30)
LAST = dt.date(2027, 1, 24)
REGROUPED = dt.date(2027, 1, 4)
WEEKS = {"a": 1, "b": 2, "c": 4, "bc": 1}


def unit_of(place: str, day: dt.date) -> Unit:
    """Places b and c are counted together from the new quarter on."""
    grouped = place in {"b", "c"} and quarter_start(day) >= REGROUPED
    return Unit("bc", "/s/bc/") if grouped else Unit(place, f"/s/{place}/")


def unit_bin(unit_id: str, day: dt.date):
    return bin_of(day, WEEKS[unit_id])


def run(waiters, *, counted_from, ended_before):
    return closings(
        waiters, ended_before=ended_before, counted_from=counted_from, unit_of=unit_of, bin_of=unit_bin
    )


def waiter(number: int, at: dt.datetime, person: int, place: str) -> Waiter:
    return Waiter(at, number, str(person).encode(), place, london_day(at))


@st.composite
def arrivals(draw) -> list[Waiter]:
    """Up to 150 responses in eight weeks: busy and quiet stretches, people who answer twice, ties."""
    rng = random.Random(draw(st.integers(0, 10**6)))
    n = draw(st.integers(0, 150))
    n_people = draw(st.integers(5, 200))
    start = dt.datetime.combine(FIRST, dt.time(), tzinfo=dt.UTC)
    length = draw(st.sampled_from([3, 10, 20, 56])) * 24 * 60
    moments = sorted(rng.randrange(length) for _ in range(n))
    return [
        waiter(number, start + dt.timedelta(minutes=minute), rng.randrange(n_people), rng.choice("aabc"))
        for number, minute in enumerate(moments)
    ]


def plain(closed) -> list:
    return [
        (one.bin, one.unit.id, one.early, [member.response_id for member in one.members]) for one in closed
    ]


def by_unit(closed) -> dict:
    found: dict = {}
    for row in plain(closed):
        found.setdefault(row[1], []).append(row)
    return found


def nights(waiters, *, live: bool, every: int = 1):
    """Play the days one by one: each night ends the bins before it; live runs look after every arrival."""
    left, pooled, closed = sorted(waiters, key=lambda w: (w.settled_at, w.response_id)), [], []
    before = FIRST
    day = FIRST
    while day <= LAST + dt.timedelta(days=7):
        for arrived in [w for w in left if w.day < day]:
            left.remove(arrived)
            pooled.append(arrived)
            if live:
                closed += _close(pooled, before, before)
        closed += _close(pooled, before, day)
        before = day
        day += dt.timedelta(days=every)
    return closed, pooled


def _close(pooled, counted_from, ended_before):
    found = run(pooled, counted_from=counted_from, ended_before=ended_before)
    taken = {member.response_id for one in found for member in one.members}
    pooled[:] = [w for w in pooled if w.response_id not in taken]
    return found


@settings(max_examples=25, deadline=None)
@given(arrivals())
def test_after_every_arrival_every_night_and_once_a_year_give_the_same_blocks(waiters):
    live, _ = nights(waiters, live=True)
    nightly, _ = nights(waiters, live=False)
    once = run(waiters, counted_from=FIRST, ended_before=LAST + dt.timedelta(days=7))
    assert by_unit(live) == by_unit(nightly) == by_unit(once)


@settings(max_examples=25, deadline=None)
@given(arrivals(), st.randoms(use_true_random=False))
def test_the_order_in_which_responses_are_handed_over_does_not_matter(waiters, rng):
    shuffled = list(waiters)
    rng.shuffle(shuffled)
    end = LAST + dt.timedelta(days=7)
    expected = plain(run(waiters, counted_from=FIRST, ended_before=end))
    assert plain(run(shuffled, counted_from=FIRST, ended_before=end)) == expected


@settings(max_examples=25, deadline=None)
@given(arrivals())
def test_every_block_has_k_different_people_of_its_unit_and_nobody_is_in_two_or_lost(waiters):
    closed, waiting = nights(waiters, live=True)
    members = [member for one in closed for member in one.members]
    for one in closed:
        assert len({member.person for member in one.members}) == len(one.members) >= K
        assert {unit_of(member.place_id, one.bin.start) for member in one.members} == {one.unit}
        assert all(member.day <= one.bin.end for member in one.members)
    ids = [member.response_id for member in members] + [w.response_id for w in waiting]
    assert sorted(ids) == [w.response_id for w in waiters]


@settings(max_examples=25, deadline=None)
@given(arrivals())
def test_blocks_of_a_bin_hold_their_people_in_the_order_of_finishing(waiters):
    closed, _ = nights(waiters, live=True)
    for one in closed:
        order = [(member.settled_at, member.response_id) for member in one.members]
        assert order == sorted(order)


def crowd(n: int, day: dt.date, first: int = 0, place: str = "a") -> list[Waiter]:
    start = dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)
    return [waiter(i, start + dt.timedelta(seconds=i), i, place) for i in range(first, first + n)]


def test_ten_in_an_open_bin_wait_until_ten_more_stand_behind_them():
    assert run(crowd(19, FIRST), counted_from=FIRST, ended_before=FIRST) == []
    (first,) = run(crowd(20, FIRST), counted_from=FIRST, ended_before=FIRST)
    assert first.early
    assert [member.response_id for member in first.members] == list(range(10))


def test_at_the_end_of_its_bin_the_rest_closes_as_one():
    blocks = run(crowd(27, FIRST), counted_from=FIRST, ended_before=FIRST + dt.timedelta(days=7))
    assert [(len(one.members), one.early) for one in blocks] == [(10, True), (17, False)]


def test_fewer_than_ten_at_the_end_join_the_next_bin_and_are_told_as_carried():
    nine, next_week = crowd(9, FIRST), FIRST + dt.timedelta(days=7)
    waiters = nine + crowd(5, next_week, first=9)
    assert run(waiters, counted_from=FIRST, ended_before=next_week) == []
    (block,) = run(waiters, counted_from=next_week, ended_before=next_week + dt.timedelta(days=7))
    assert (block.bin.start, len(block.members), block.n_carried) == (next_week, 14, 9)


def test_a_second_response_of_one_person_waits_for_the_next_block():
    twice = waiter(99, dt.datetime(2026, 11, 30, 9, 0, 3, tzinfo=dt.UTC), 0, "a")
    waiters = [*crowd(10, FIRST), twice]
    (block,) = run(waiters, counted_from=FIRST, ended_before=FIRST + dt.timedelta(days=7))
    assert 99 not in {member.response_id for member in block.members}
    assert len(block.members) == 10


def test_a_person_who_answers_twenty_times_is_still_one():
    start = dt.datetime.combine(FIRST, dt.time(9), tzinfo=dt.UTC)
    waiters = [waiter(i, start + dt.timedelta(seconds=i), 1, "a") for i in range(20)]
    assert run(waiters, counted_from=FIRST, ended_before=LAST) == []


def test_nothing_joins_a_bin_that_has_ended():
    late = crowd(30, FIRST)
    monday = FIRST + dt.timedelta(days=7)
    blocks = run(late, counted_from=monday, ended_before=monday + dt.timedelta(days=7))
    assert {one.bin.start for one in blocks} == {monday}


def test_before_the_night_that_ends_a_bin_nothing_closes_in_the_next():
    sunday, monday = FIRST + dt.timedelta(days=6), FIRST + dt.timedelta(days=7)
    assert run(crowd(40, monday), counted_from=sunday, ended_before=sunday) == []
    assert len(run(crowd(40, monday), counted_from=monday, ended_before=monday)) == 3
