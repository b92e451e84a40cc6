from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.ask.instruments.loader import load_instrument
from survey_app.ask.instruments.model import BadAnswer, OptionKind, UnknownItem, UnknownScale

TINY = load_instrument(Path("tests/fixtures/instruments/tiny/v1.toml"))


def test_the_first_item_is_asked_first_and_a_skip_counts_as_asked():
    assert TINY.next_item({}) is TINY.item("t.plain")
    assert TINY.next_item({"t.plain": None}) is TINY.item("t.turned")


@pytest.mark.parametrize("code", [2, 3, 0, None])
def test_a_child_is_not_asked_unless_its_gate_is_yes(code):
    answers = {"t.plain": 1, "t.turned": 1, "t.plan": code}
    assert TINY.next_item(answers) is TINY.item("t.visits")


def test_a_child_is_asked_after_yes():
    assert TINY.next_item({"t.plain": 1, "t.turned": 1, "t.plan": 1}) is TINY.item("t.plan_used")


def test_nothing_is_left_to_ask_when_every_applicable_item_is_answered():
    assert TINY.next_item({"t.plain": 1, "t.turned": 1, "t.plan": 2, "t.visits": 3}) is None


def test_a_rota_asks_only_its_items_in_the_instruments_own_order():
    chosen = ("t.visits", "t.plain")
    assert [item.id for item in TINY.applicable({}, chosen)] == ["t.plain", "t.visits"]
    assert TINY.next_item({"t.plain": 1}, chosen) is TINY.item("t.visits")


def test_a_rota_with_a_child_but_without_its_gate_leaves_the_child_out():
    assert TINY.applicable({}, ("t.plan_used",)) == ()


def test_an_item_that_was_answered_does_not_apply_stays_in_the_list():
    assert TINY.item("t.plan") in TINY.applicable({"t.plan": 3})


def test_back_goes_to_the_item_asked_before_and_skips_children_that_are_not_asked():
    answers = {"t.plain": 1, "t.turned": 1, "t.plan": 2}
    assert TINY.previous_item(TINY.item("t.visits"), answers) is TINY.item("t.plan")
    assert TINY.previous_item(None, answers) is TINY.item("t.visits")
    assert TINY.previous_item(TINY.item("t.plain"), answers) is None


def test_an_ordinal_is_an_items_fixed_place():
    assert [TINY.item_at(n).ordinal for n in range(1, 6)] == [1, 2, 3, 4, 5]
    for outside in (0, 6, -1):
        with pytest.raises(UnknownItem, match="items 1 to 5"):
            TINY.item_at(outside)


def test_unknown_names_are_refused_by_name():
    with pytest.raises(UnknownItem, match=r"t\.nothing"):
        TINY.item("t.nothing")
    with pytest.raises(UnknownScale, match="nothing"):
        TINY.scale("nothing")


@pytest.mark.parametrize(
    ("raw", "code"), [("3", 3), (3, 3), (" 3 ", 3), ("always", 4), ("NOT SURE", 0), ("0", 0)]
)
def test_a_digit_or_a_label_is_read(raw, code):
    assert TINY.item("t.plain").read(raw) == code


@pytest.mark.parametrize("raw", ["5", "", "-1", "3.0", "three", 9, True, "³", "9" * 5000, "1 2"])
def test_anything_else_is_refused_with_what_was_expected(raw):
    with pytest.raises(BadAnswer, match=r"expected one of 1 \(Never\)"):
        TINY.item("t.plain").read(raw)


def test_a_number_is_read_within_its_bounds():
    item = TINY.item("t.visits")
    assert [item.read("0"), item.read(20)] == [0, 20]
    for outside in ("21", "-1", "", "1.5", True):
        with pytest.raises(BadAnswer, match="whole number from 0 to 20"):
            item.read(outside)


def test_scores_are_turned_round_where_the_item_is():
    assert [TINY.item("t.plain").score(code) for code in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert [TINY.item("t.turned").score(code) for code in (1, 2, 3, 4)] == [3, 2, 1, 0]


def test_not_sure_does_not_apply_and_a_skip_have_no_score():
    assert [TINY.item("t.plan").score(code) for code in (0, 3, None)] == [None, None, None]
    assert [option.kind for option in TINY.item("t.plan").options[2:]] == [
        OptionKind.NOT_APPLICABLE,
        OptionKind.NOT_SURE,
    ]


def test_a_code_that_is_no_answer_has_no_score_but_a_fault():
    with pytest.raises(BadAnswer, match=r"t\.plain"):
        TINY.item("t.plain").score(7)
    with pytest.raises(BadAnswer):
        TINY.item("t.visits").score(21)


def test_lowest_and_highest_are_of_scored_options_or_of_the_numbers_bounds():
    assert (TINY.item("t.plan").lowest, TINY.item("t.plan").highest) == (0, 3)
    assert (TINY.item("t.visits").lowest, TINY.item("t.visits").highest) == (0, 20)
