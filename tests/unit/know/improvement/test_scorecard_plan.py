from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.know.improvement.scorecards.plan import (
    MOST_MEASURES,
    Pick,
    Plan,
    Question,
    faults_of,
    moved,
    plan_from,
    with_answer,
    with_elements,
    with_measures,
    with_owners,
)

PLAN = Plan("Board", "Lead", {Question.USE: "Monthly"}, (Pick("a", ("m1", "m2"), "Ann"), Pick("b", ("m3",))))
names = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


def elements(plan):
    return [pick.element for pick in plan.picks]


def test_a_plan_is_read_back_as_it_was_stored():
    assert plan_from(PLAN.to_dict()) == PLAN


def test_elements_chosen_before_keep_their_place_their_measures_and_their_owner():
    chosen = with_elements(PLAN, ["c", "b", "a"])
    assert elements(chosen) == ["a", "b", "c"]
    assert chosen.picks[0] == PLAN.picks[0]
    assert elements(with_elements(chosen, ["c"])) == ["c"]


def test_measures_chosen_before_keep_their_order():
    chosen = with_measures(PLAN, {"a": ["m0", "m2", "m1", "m0"]})
    assert chosen.picks[0].measures == ("m1", "m2", "m0")
    assert chosen.picks[1].measures == ()


def test_answers_and_owners_change_nothing_else():
    assert with_answer(PLAN, Question.CARE, "Teams").answers == {
        Question.USE: "Monthly",
        Question.CARE: "Teams",
    }
    owned = with_owners(PLAN, {"b": "Bob"})
    assert [pick.owner for pick in owned.picks] == ["Ann", "Bob"]


@given(names, st.sampled_from("abcdefg"), st.booleans())
def test_a_step_up_or_down_is_undone_by_the_other_and_loses_nothing(order, name, up):
    plan = replace(PLAN, picks=tuple(Pick(one) for one in order))
    there = moved(plan, name, None, up=up)
    assert sorted(elements(there)) == sorted(order)
    at_end = name in order and order.index(name) == (0 if up else len(order) - 1)
    assert moved(there, name, None, up=not up) == plan or at_end


def test_a_measure_moves_within_its_element_only():
    assert moved(PLAN, "a", "m2", up=True).picks == (Pick("a", ("m2", "m1"), "Ann"), PLAN.picks[1])
    assert moved(PLAN, "b", "m2", up=True) == PLAN


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (PLAN, []),
        (replace(PLAN, name=""), ["Give the scorecard a name"]),
        (replace(PLAN, picks=(Pick("a"),)), ["Choose at least one measure"]),
    ],
)
def test_what_keeps_a_plan_from_becoming_a_version_is_told(plan, told):
    assert faults_of(plan) == told


def test_a_board_holds_what_fits_on_one_page():
    full = replace(PLAN, picks=(Pick("a", tuple(f"m{n}" for n in range(MOST_MEASURES))),))
    assert faults_of(full) == []
    assert "You have 19" in faults_of(with_measures(full, {"a": [f"m{n}" for n in range(19)]}))[0]
