from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.memberships import WholeBlock
from survey_app.know.disclosure.cells import HELD, NEVER, Cell
from survey_app.know.disclosure.rests import left_from, left_out
from survey_app.know.disclosure.tables import QuarterKind

BLOCKS = {
    number: WholeBlock(number, f"unit-{number % 2}", f"/s/unit-{number % 2}/", {}) for number in range(8)
}

held = st.builds(
    Cell,
    st.integers(0, 7),
    st.sampled_from(("a", "b", "c")),
    st.sampled_from(("", "p", "q")),
    st.sampled_from(("", "old")),
    st.just(HELD),
)
worlds = st.dictionaries(held, st.integers(1, 12), min_size=1, max_size=40)
broken = st.sets(st.integers(0, 7), max_size=3)


def with_the_erased(people, blocks):
    return people | {Cell(block, "", "", "", NEVER): 0 for block in blocks}


def of_unit(people, unit):
    return {cell: n for cell, n in people.items() if BLOCKS[cell.block_id].unit_id == unit}


@given(worlds, broken)
def test_parts_of_a_unit_add_up_to_whole_blocks_or_to_all_but_enough_people_or_nothing_is_left_out(
    people, gone
):
    everybody = with_the_erased(people, gone)
    left = left_out(everybody, people, BLOCKS)
    for unit in ("unit-0", "unit-1"):
        mine = of_unit(everybody, unit)
        for kind, part in ((QuarterKind.PLACE, "place_id"), (QuarterKind.PRACTICE, "practice_id")):
            if not any(BLOCKS[block].unit_id == unit for block in left[kind]):
                continue
            parts = Counter()
            for cell, n in mine.items():
                parts[getattr(cell, part)] += n
            kept = [cell for cell in mine if cell.block_id not in left[kind]]
            assert all(parts[getattr(cell, part)] >= K and cell.gone == HELD for cell in kept)


@given(worlds, broken)
def test_at_most_a_third_of_a_units_answers_is_left_out(people, gone):
    left = left_out(with_the_erased(people, gone), people, BLOCKS)
    for unit in ("unit-0", "unit-1"):
        mine = of_unit(people, unit)
        for ids in left.values():
            assert 3 * sum(n for cell, n in mine.items() if cell.block_id in ids) <= sum(mine.values())


@given(worlds)
def test_where_nobody_has_gone_categories_leave_nothing_out(people):
    left = left_out(people, people, BLOCKS)
    assert not left[QuarterKind.CATEGORY]
    assert not left[QuarterKind.WEIGHTED]


def test_what_was_left_out_is_read_back_of_every_kind():
    assert left_from({"place": [3, 1]}) == {
        kind: frozenset({1, 3} if kind is QuarterKind.PLACE else ()) for kind in QuarterKind
    }
