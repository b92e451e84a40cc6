"""Counting one item of a closing block: K valid answers, not all alike under twenty, or all wait."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.model import Item, Option, OptionKind
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.counts import ALIKE_UNTIL, Given, count_item

NOT_SURE = 0
ITEM = Item(
    "t.item",
    1,
    "labelled_scale",
    "",
    "",
    "",
    "",
    (
        Option(1, "Never", 0),
        Option(2, "Sometimes", 1),
        Option(3, "Always", 2),
        Option(NOT_SURE, "Not sure", None, OptionKind.NOT_SURE),
    ),
)


def answers(*codes: int | None, first: int = 0) -> list[Given]:
    return [Given(i, str(i).encode(), code, "a") for i, code in enumerate(codes, start=first)]


def test_ten_valid_answers_that_differ_are_counted():
    counted = count_item(ITEM, answers(*[1] * 9, 2))
    assert counted.cells == {1: 9, 2: 1}
    assert counted.waiting == ()


@pytest.mark.parametrize("codes", [[1] * 5 + [2] * 4, [1] * 5 + [2] * 4 + [NOT_SURE] * 8 + [None] * 5])
def test_nine_valid_answers_wait_with_the_not_sure_ones_beside_them(codes):
    given = answers(*codes)
    counted = count_item(ITEM, given)
    assert counted.cells == {}
    assert counted.waiting == tuple(given)


@pytest.mark.parametrize(("n", "counts"), [(10, False), (ALIKE_UNTIL - 1, False), (ALIKE_UNTIL, True)])
def test_answers_that_are_all_alike_need_twenty_people(n, counts):
    assert bool(count_item(ITEM, answers(*[3] * n)).cells) is counts


def test_not_sure_and_skips_are_counted_beside_enough_valid_answers():
    counted = count_item(ITEM, answers(*[1] * 6, *[3] * 6, NOT_SURE, NOT_SURE, None))
    assert counted.cells == {1: 6, 3: 6, NOT_SURE: 2, None: 1}


def test_waiting_answers_join_the_next_block():
    waited = count_item(ITEM, answers(*[1] * 4, *[2] * 3)).waiting
    counted = count_item(ITEM, [*waited, *answers(1, 2, 2, 3, first=7)])
    assert counted.cells == {1: 5, 2: 5, 3: 1}


def test_a_persons_valid_answer_counts_rather_than_their_not_sure_and_a_second_valid_one_waits():
    twice = [Given(100, b"0", 2, "a"), Given(101, b"1", 3, "a")]
    given = [*answers(NOT_SURE, 1, *[2] * 9), *twice]
    counted = count_item(ITEM, given)
    assert counted.cells == {1: 1, 2: 10}
    assert counted.waiting == (twice[1],)


CODES = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([1, 2, 3, NOT_SURE, None])), min_size=0, max_size=60
)


@settings(max_examples=100, deadline=None)
@given(CODES, st.randoms(use_true_random=False))
def test_an_item_counts_k_different_people_or_nobody_in_any_order(people, rng):
    given = [Given(i, str(person).encode(), code, "a") for i, (person, code) in enumerate(people)]
    counted = count_item(ITEM, given)
    valid = {code: n for code, n in counted.cells.items() if code not in {None, NOT_SURE}}
    assert not counted.cells or sum(valid.values()) >= K
    assert sum(valid.values()) >= ALIKE_UNTIL or len(valid) != 1
    assert sum(counted.cells.values()) in {0, len({person for person, _ in people})}
    shuffled = list(given)
    rng.shuffle(shuffled)
    assert count_item(ITEM, shuffled) == counted
