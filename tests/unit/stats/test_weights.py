from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.kish import Unfit, weight_cost, why_unfit
from survey_app.stats.raking import population_weights, rake, read_margin, totals_agree
from survey_app.stats.trimming import trim_weights
from survey_app.stats.weighted_means import weighted_mean

WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=40)
PEOPLE = {"sex": {"F": 520, "M": 480}, "age": {"old": 300, "young": 700}}


@st.composite
def samples(draw):
    crossed = [("F", "old"), ("F", "young"), ("M", "old"), ("M", "young")]
    chosen = crossed + draw(st.lists(st.sampled_from(crossed), max_size=40))
    return {"sex": [sex for sex, _ in chosen], "age": [age for _, age in chosen]}


def test_kish_of_the_vector():
    cost = weight_cost([0.5, 0.5, 1, 1, 1, 2, 2, 0.8, 1.2, 1])
    assert (cost.effective, cost.design_effect) == pytest.approx((8.299, 1.205), abs=5e-4)


@settings(max_examples=100, deadline=None)
@given(WEIGHTS, st.floats(1e-9, 1e9))
def test_weighting_never_gains_answers_and_knows_no_unit(weights, unit):
    cost = weight_cost(weights)
    assert 1 - 1e-9 <= cost.effective <= cost.n + 1e-9
    assert weight_cost([weight * unit for weight in weights]).effective == pytest.approx(cost.effective)


def test_no_answers_have_no_cost_and_weights_are_above_nought():
    assert weight_cost([]) is None
    for bad in ([0.0, 1], [-1.0], [float("nan")], [float("inf")]):
        with pytest.raises(BadSampleError, match="weights"):
            weight_cost(bad)


def test_weighted_figures_need_fifty_answers_and_an_effect_of_two_at_most():
    assert why_unfit([1] * 49) is Unfit.TOO_FEW
    assert why_unfit([]) is Unfit.TOO_FEW
    assert why_unfit([1] * 50) is None
    assert why_unfit([1] * 50 + [40]) is Unfit.TOO_UNEVEN


@settings(max_examples=200, deadline=None)
@given(WEIGHTS, st.floats(0, 1), st.floats(1, 5))
def test_trimmed_weights_keep_bounds_sum_and_order(weights, low, high):
    trimmed = trim_weights(weights, low, high)
    mean = np.mean(weights)
    assert trimmed.sum() == pytest.approx(sum(weights))
    assert (trimmed >= low * mean * (1 - 1e-9)).all()
    assert (trimmed <= high * mean * (1 + 1e-9)).all()
    assert (np.diff(trimmed[np.argsort(weights, kind="stable")]) >= -1e-9 * mean).all()
    assert trim_weights(trimmed, low, high) == pytest.approx(trimmed, rel=1e-6)


def test_weights_within_their_bounds_stay():
    assert trim_weights([0.5, 1, 1.5]) == pytest.approx([0.5, 1, 1.5])
    assert len(trim_weights([])) == 0


@pytest.mark.parametrize(
    ("low", "high"), [(0.3, 0.86), (1.1, 3), (-0.1, 3), (0.3, float("inf")), (0.3, float("nan"))]
)
def test_bounds_that_no_weights_can_keep_are_refused(low, high):
    with pytest.raises(BadSampleError, match="bounds"):
        trim_weights([1, 2, 3], low, high)


@settings(max_examples=100, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_raked_weights_are_positive_meet_every_margin_and_know_no_order(sample, shuffler):
    raked = population_weights(sample, PEOPLE)
    assert (raked.weights > 0).all()
    for name, people in PEOPLE.items():
        for category, total in people.items():
            mine = np.array(sample[name]) == category
            assert raked.weights[mine].sum() == pytest.approx(total, rel=1e-6)
    rows = list(range(len(sample["sex"])))
    shuffler.shuffle(rows)
    mixed = {name: [values[row] for row in rows] for name, values in sample.items()}
    assert population_weights(mixed, PEOPLE).weights == pytest.approx(raked.weights[rows], rel=1e-5)


def test_one_margin_is_met_in_one_round_whatever_the_start():
    margin = read_margin("sex", ["F", "F", "M"], {"F": 30, "M": 70})
    assert rake([margin], [1, 2, 5], rounds=1).weights == pytest.approx([10, 20, 70])


@pytest.mark.parametrize(
    ("categories", "people", "said"),
    [
        (["F", None], {"F": 1, "M": 1}, "no category"),
        (["F", "X"], {"F": 1, "M": 1}, "no people in X"),
        (["F", "M"], {"F": 1, "M": 0}, "no people in M"),
        (["F", "F"], {"F": 1, "M": 1}, "no answers in M"),
        (["F", "M"], {"F": 1, "M": -1}, "no people in M"),
        (["F", "M"], {"F": 1, "M": float("inf")}, "finite"),
    ],
)
def test_categories_and_people_must_match(categories, people, said):
    with pytest.raises(BadSampleError, match=said):
        read_margin("sex", categories, people)


def test_a_category_with_neither_people_nor_answers_is_no_fault():
    assert read_margin("sex", ["F"], {"F": 3, "M": 0}).targets.tolist() == [3]


def test_the_product_refuses_totals_that_disagree_where_raking_lets_the_last_margin_win():
    sample = {"a": ["x", "y", "x"], "b": ["p", "p", "q"]}
    people = {"a": {"x": 50, "y": 50}, "b": {"p": 60, "q": 60}}
    with pytest.raises(BadSampleError, match="different numbers"):
        population_weights(sample, people)
    margins = [read_margin(name, sample[name], people[name]) for name in ("a", "b")]
    assert not totals_agree(margins)
    assert rake(margins, [1, 1, 1]).weights.sum() == pytest.approx(120)


def test_the_product_refuses_margins_that_cannot_be_met():
    sample = {"a": ["x", "y"], "b": ["p", "q"]}
    with pytest.raises(BadSampleError, match="not met"):
        population_weights(sample, {"a": {"x": 60, "y": 40}, "b": {"p": 50, "q": 50}})


def test_variables_of_answers_and_people_are_the_same():
    with pytest.raises(BadSampleError, match="same ones"):
        population_weights({"a": ["x"]}, {"b": {"x": 1}})
    with pytest.raises(BadSampleError, match="same ones"):
        population_weights({}, {})


def test_raking_needs_a_margin_an_answer_and_one_length():
    margin = read_margin("sex", ["F", "M"], {"F": 1, "M": 1})
    with pytest.raises(BadSampleError, match="at least one"):
        rake([], [1, 1])
    with pytest.raises(BadSampleError, match="at least one"):
        rake([read_margin("sex", [], {})], [])
    with pytest.raises(BadSampleError, match="one length"):
        rake([margin], [1, 1, 1])


def test_rounds_that_run_out_are_told():
    sample = {"a": ["x", "y", "x", "y", "x"], "b": ["p", "p", "q", "q", "q"]}
    margins = [read_margin(name, values, dict.fromkeys(set(values), 5)) for name, values in sample.items()]
    assert not rake(margins, [1] * 5, rounds=1).settled
    assert rake(margins, [1] * 5).settled


def test_equal_weights_give_the_plain_mean_and_its_error():
    found = weighted_mean([1, 2, 3, 4], [7, 7, 7, 7])
    assert (found.mean, found.se) == pytest.approx((2.5, np.std([1, 2, 3, 4], ddof=1) / 2))
    assert weighted_mean([1, 2, 3, 4], [7, 7, 7, 7], population=16).se == pytest.approx(found.se * 0.75**0.5)


def test_few_answers_have_no_error():
    assert weighted_mean([], []) is None
    assert weighted_mean([3], [2]).se is None


@pytest.mark.parametrize(
    ("values", "weights", "people"), [([1, 2], [1], None), ([1, 2], [1, 0], None), ([1, 2], [1, 1], 1)]
)
def test_answers_that_do_not_fit_their_weights_are_refused(values, weights, people):
    with pytest.raises(BadSampleError, match="expected"):
        weighted_mean(values, weights, population=people)


@settings(max_examples=100, deadline=None)
@given(samples(), st.floats(0.1, 100), st.floats(-100, 100), st.integers(0, 2**31))
def test_a_weighted_mean_scales_shifts_and_gains_from_known_margins(sample, scale, shift, seed):
    raked = population_weights(sample, PEOPLE)
    values = np.random.default_rng(seed).integers(0, 4, len(raked.weights)).astype(float)
    plain = weighted_mean(values, raked.weights)
    known = weighted_mean(values, raked.weights, raked.fits)
    moved = weighted_mean(values * scale + shift, raked.weights, raked.fits)
    assert values.min() - 1e-9 <= plain.mean <= values.max() + 1e-9
    assert moved.mean == pytest.approx(known.mean * scale + shift, rel=1e-9, abs=1e-9)
    assert moved.se == pytest.approx(known.se * scale, rel=1e-6, abs=1e-9)


def test_an_answer_that_the_margins_explain_wholly_is_certain():
    sample = {"sex": ["F", "F", "M", "M", "M"]}
    raked = population_weights(sample, {"sex": {"F": 50, "M": 50}})
    assert weighted_mean([1, 1, 0, 0, 0], raked.weights, raked.fits).se == pytest.approx(0, abs=1e-12)
