from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.batch import METHODS, run_batch

PEOPLE = {"sex": {"F": 60, "M": 40}}
RAKE = {"method": "rake", "margins": ["sex"], "population": PEOPLE}
SEX = ["F", "F", "M"]


def ask(method, params=None, **given_input):
    (answer,) = run_batch(method, {"cases": [{"id": 1, "params": params or {}, "input": given_input}]})[
        "cases"
    ]
    return answer


@pytest.mark.parametrize(
    ("method", "params", "given_input", "said"),
    [
        ("propdiff", {}, {"x1": 1, "n1": 2, "x2": 1}, "n2 is None"),
        ("propdiff", {}, {"x1": 0, "n1": 0, "x2": 1, "n2": 2}, "in each group"),
        ("propdiff", {}, {"x1": 3, "n1": 2, "x2": 1, "n2": 2}, "expected a count"),
        ("propdiff", {"conf_level": 95}, {"x1": 1, "n1": 2, "x2": 1, "n2": 2}, "level"),
        ("alpha", {}, {}, "two items"),
        ("alpha", {}, {"rows": [[1, 2], [2, 2], [3]]}, "one length"),
        ("alpha", {}, {"rows": [1, 2]}, "expected a list"),
        ("alpha", {}, {"rows": [["a", 1], [1, 2]]}, "finite number"),
        ("agreement", {"response_levels": 5}, {"rows": [[1, 2]], "team": []}, "name for each row"),
        ("agreement", {"response_levels": 5}, {"rows": [[1, 2]], "team": [None]}, "expected a name"),
        ("agreement", {}, {"rows": [[1, 2]], "team": ["a"]}, "response_levels"),
        ("agreement", {"response_levels": 1}, {"rows": [[1, 2]], "team": ["a"]}, "at least 2"),
        ("agreement", {"ranvar_uniform": 0}, {"rows": [[1, 2]], "team": ["a"]}, "above 0"),
        ("funnel", {"data_type": "SR"}, {}, "expected PR"),
        ("funnel", {"data_type": "PR"}, {}, "not empty"),
        (
            "funnel",
            {"data_type": "PR", "limit": 90},
            {"group": ["a"], "numerator": [1], "denominator": [2]},
            "95 or 99",
        ),
        (
            "funnel",
            {"data_type": "PR", "trim_by": 0.5},
            {"group": ["a"], "numerator": [1], "denominator": [2]},
            "trim",
        ),
        ("funnel", {"data_type": "PR"}, {"group": ["a"], "numerator": [1], "denominator": [0]}, "above 0"),
        ("rake", {}, {}, "rake or poststratify"),
        ("rake", {"method": "rake"}, {}, "expected margins"),
        ("rake", RAKE | {"strata": "loc"}, {"sex": SEX}, "strata"),
        ("rake", RAKE | {"trim": {"upper": 3}, "bounds": [1, 2]}, {"sex": SEX}, "bounds, trim"),
        ("rake", RAKE | {"margins": ["age"]}, {"age": SEX}, "population of age"),
        ("rake", RAKE, {"sex": [1.5, 2]}, "expected a name"),
        ("rake", RAKE, {"sex": [1, 2]}, "no people in 1, 2"),
        ("rake", RAKE, {}, "category for each"),
        ("rake", RAKE | {"method": "poststratify", "margins": ["sex", "sex"]}, {"sex": SEX}, "one margin"),
        ("rake", RAKE | {"control": {"maxit": 0}}, {"sex": SEX}, "maxit"),
        ("rake", RAKE | {"control": [1]}, {"sex": SEX}, "control"),
        ("rake", RAKE | {"fpc": [9, 10]}, {"sex": SEX}, "fpc"),
        ("rake", RAKE, {"sex": SEX, "base_weight": [1, 1]}, "one length"),
        ("rake", RAKE, {"sex": SEX, "y1": [1, 2]}, "one length"),
    ],
)
def test_a_case_that_cannot_be_computed_says_why(method, params, given_input, said):
    assert said in ask(method, params, **given_input)["error"]


def test_weights_need_neither_answers_nor_starting_weights():
    result = ask("rake", RAKE, sex=SEX, y2=[1, None, 0])["result"]
    assert result["weights"] == pytest.approx([30, 30, 40])
    assert (result["y1"], result["y2"]) == ({"mean": None, "se": None}, {"mean": None, "se": None})
    assert result["totals_agree"]


def test_totals_that_disagree_are_told_and_the_last_margin_wins():
    params = RAKE | {"margins": ["sex", "age"], "population": PEOPLE | {"age": {"old": 70, "young": 50}}}
    result = ask("rake", params, sex=["F", "F", "M", "M"], age=["old", "young", "old", "young"])["result"]
    assert not result["totals_agree"]
    assert result["sum_weights"] == pytest.approx(120)


def test_rows_that_share_nothing_give_no_figures_but_their_number():
    result = ask("agreement", {"response_levels": 5}, team=["b", "a", "b"], rows=[[1, 2], [3, 3], [None, 2]])[
        "result"
    ]
    assert [(row["team"], row["n"], row["rwg_j"]) for row in result["rwg_j"]] == [
        ("a", 1, None),
        ("b", 1, None),
    ]
    assert set(result["icc_anova"]["scale_mean"].values()) == {None}


@pytest.mark.parametrize(
    ("method", "params", "given_input"),
    [
        ("alpha", {}, {"rows": [[1e300, -1e300], [-1e300, 1e308], [1e308, 1e308]]}),
        ("propdiff", {}, {"x1": 1e308, "n1": 1e308, "x2": 1e308, "n2": 1e308}),
        ("rake", RAKE, {"sex": SEX, "base_weight": [1e308, 1e308, 1e-308]}),
    ],
)
def test_numbers_too_large_for_a_computer_are_an_error_not_a_crash(method, params, given_input):
    answer = ask(method, params, **given_input)
    assert "too large" in answer["error"] or "expected" in answer["error"]


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats()
    | st.sampled_from(["F", "M", "PR", "rake", "sex"])
)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["F", "sex", "maxit"]), inner, max_size=2)
    ),
    max_leaves=8,
)
FIELDS = [
    "rows",
    "team",
    "sex",
    "y1",
    "base_weight",
    "group",
    "numerator",
    "denominator",
    "x1",
    "n1",
    "x2",
    "n2",
]
OPTIONS = [
    "population",
    "control",
    "fpc",
    "trim_by",
    "limit",
    "multiplier",
    "response_levels",
    "ranvar_uniform",
]
GIVEN = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ANYTHING))
PARAMS = st.fixed_dictionaries(
    {"data_type": st.just("PR"), "method": st.just("rake"), "margins": st.just(["sex"])},
    optional=dict.fromkeys(OPTIONS, ANYTHING),
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(set(METHODS) - {"xmr", "wilson"})), PARAMS, GIVEN)
def test_no_case_however_odd_breaks_a_batch(method, params, given_input):
    answer = ask(method, params, **given_input)
    assert ("result" in answer) is not ("error" in answer)
    json.dumps(answer, allow_nan=False)
