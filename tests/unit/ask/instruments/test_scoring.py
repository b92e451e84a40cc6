from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.loader import load_instrument, load_library
from survey_app.ask.instruments.model import Composite, Scale, ScaleRule
from survey_app.ask.instruments.scoring import scale_score

TINY = load_instrument(Path("tests/fixtures/instruments/tiny/v1.toml"))
LIBRARY = load_library(Path("instruments"))
P3C, CARER, CLIMATE = (LIBRARY.latest(name) for name in ("p3c-style-10", "carer", "team-climate-style-14"))
SIX = CARER.scale("ca6").items


def answers_to(instrument):
    codes = {
        item.id: st.sampled_from([None, *(option.code for option in item.options)])
        for item in instrument.items
    }
    return st.fixed_dictionaries({}, optional=codes)


def everyone(instrument, share):
    """Answer every item with its worst (0) or best (1) option."""
    found = {}
    for item in instrument.items:
        wanted = item.highest if share else item.lowest
        found[item.id] = next(option.code for option in item.scored if item.score(option.code) == wanted)
    return found


def coordination(**answers):
    given_answers = {"cc." + name: code for name, code in answers.items()}
    return scale_score(P3C.scale("coordination"), P3C, given_answers)


@pytest.mark.parametrize("instrument", [P3C, CLIMATE], ids=lambda one: one.id)
def test_the_worst_answers_score_0_and_the_best_100(instrument):
    for scale in instrument.scales:
        assert scale_score(scale, instrument, everyone(instrument, 0)) == 0
        assert scale_score(scale, instrument, everyone(instrument, 1)) == 100


@pytest.mark.parametrize("instrument", [P3C, CLIMATE, CARER], ids=lambda one: one.id)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_score_is_none_or_within_its_range(instrument, data):
    answers = data.draw(answers_to(instrument))
    for scale in instrument.scales:
        score = scale_score(scale, instrument, answers)
        top = 12 if scale.rule is ScaleRule.SUM else 100
        assert score is None or 0 <= score <= top + 1e-9


@given(answers_to(P3C), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_answers_does_not_matter(answers, random):
    rows = list(answers.items())
    random.shuffle(rows)
    for scale in P3C.scales:
        assert scale_score(scale, P3C, dict(rows)) == scale_score(scale, P3C, answers)


@given(st.lists(st.integers(1, 5), min_size=14, max_size=14))
@settings(max_examples=60, deadline=None)
def test_turning_every_item_round_turns_the_score_round(codes):
    scale = CLIMATE.scale("total")
    turned = dataclasses.replace(
        CLIMATE, items=tuple(dataclasses.replace(item, reverse=True) for item in CLIMATE.items)
    )
    answers = {item.id: code for item, code in zip(CLIMATE.items, codes, strict=True)}
    assert scale_score(scale, turned, answers) == pytest.approx(100 - scale_score(scale, CLIMATE, answers))


@given(st.dictionaries(st.sampled_from(P3C.scale("person-centred").items), st.integers(1, 4)))
@settings(max_examples=60, deadline=None)
def test_half_of_the_applicable_items_must_be_answered(answers):
    score = scale_score(P3C.scale("person-centred"), P3C, answers)
    assert (score is not None) == (len(answers) >= 4)


def test_items_that_do_not_apply_leave_the_half_rule():
    answers = {"pc.family": 0, "pc.matters": 4, "pc.say": 4, "pc.life": 1}
    assert scale_score(P3C.scale("person-centred"), P3C, answers) == pytest.approx(100 * 6 / 9)


def test_when_nothing_applies_there_is_no_score():
    scale = Scale("s", "S", ("t.plan", "t.plan_used"))
    assert scale_score(scale, TINY, {"t.plan": 3}) is None


def test_one_applicable_item_is_no_scale():
    scale = Scale("s", "S", ("t.plan", "t.plain"))
    assert scale_score(scale, TINY, {"t.plan": 3, "t.plain": 4}) is None


def test_nobody_who_said_nothing_has_a_score():
    for instrument in (P3C, CARER, CLIMATE):
        for scale in instrument.scales:
            assert scale_score(scale, instrument, {}) is None
            assert scale_score(scale, instrument, {item.id: None for item in instrument.items}) is None


def test_having_no_plan_counts_as_nothing_and_not_sure_as_unanswered():
    assert coordination(story=1, together=4, contact=1, plan=2) == 75
    assert coordination(story=1, together=4, contact=1, plan=0) == 100


def test_a_plan_counts_by_what_people_say_of_it():
    best = {"story": 1, "together": 4, "contact": 1, "plan": 1}
    assert coordination(**best) == 100
    assert coordination(**best, plan_copy=2) == 75
    assert coordination(**best, plan_copy=2, plan_help=4) == pytest.approx(100 * 10.5 / 12)
    assert coordination(**best, plan_copy=0, plan_help=None) == 100


def test_answers_about_a_plan_that_is_not_there_do_not_count():
    assert coordination(story=1, together=4, contact=1, plan=2, plan_copy=1, plan_help=4) == 75


def test_a_carers_sum_is_whole_and_needs_all_six():
    answers = dict.fromkeys(SIX, 1) | {"ca.time": 2, "ca.safe": 3}
    assert scale_score(CARER.scale("ca6"), CARER, answers) == 9
    for item in SIX:
        assert scale_score(CARER.scale("ca6"), CARER, answers | {item: 0}) is None


def test_a_sum_that_allows_gaps_fills_them_with_the_persons_mean():
    scale = Scale("s", "S", SIX, rule=ScaleRule.SUM)
    assert scale_score(scale, CARER, {"ca.time": 1, "ca.self": 1, "ca.safe": 2}) == pytest.approx(10)


def test_a_sum_of_items_that_start_at_one_starts_at_their_number():
    scale = Scale("s", "S", ("tc.v1", "tc.v2"), rule=ScaleRule.SUM)
    assert scale_score(scale, CLIMATE, {"tc.v1": 1, "tc.v2": 1}) == 2


def test_two_totals_of_team_climate_weigh_statements_or_themes_alike():
    answers = {item.id: 5 if item.id.startswith("tc.v") else 1 for item in CLIMATE.items}
    assert scale_score(CLIMATE.scale("total"), CLIMATE, answers) == pytest.approx(100 * 4 / 14)
    assert scale_score(CLIMATE.scale("total-by-factor"), CLIMATE, answers) == 25


def test_a_composite_without_gate_needs_half_of_its_children():
    scale = Scale(
        "s",
        "S",
        (),
        composites=(Composite("a", "A", ("tc.v1", "tc.v2", "tc.v3")), Composite("b", "B", ("tc.s1",))),
    )
    assert scale_score(scale, CLIMATE, {"tc.v1": 5, "tc.s1": 1}) == 0
    assert scale_score(scale, CLIMATE, {"tc.v1": 5, "tc.v2": 5, "tc.s1": 1}) == 50
