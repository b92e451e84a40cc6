from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.batch import METHODS, BadDocumentError, run_batch


def weeks(n):
    return [(date(2026, 1, 5) + timedelta(weeks=week)).isoformat() for week in range(n)]


def ask(method="xmr", params=None, **given_input):
    document = {"cases": [{"id": "a", "params": params or {}, "input": given_input}]}
    (answer,) = run_batch(method, document)["cases"]
    assert answer["id"] == "a"
    return answer


def test_cases_come_back_in_order_and_one_fault_loses_no_other():
    cases = [{"id": n, "params": {}, "input": {"x": 1, "n": n}} for n in (2, 0, 4)]
    answers = run_batch("wilson", {"cases": cases})["cases"]
    assert [answer["id"] for answer in answers] == [2, 0, 4]
    assert ["error" in answer for answer in answers] == [False, True, False]


def test_wilson_gives_the_agreed_fields():
    result = ask("wilson", {"conf_level": 0.95}, x=3, n=10)["result"]
    assert result == pytest.approx(
        {"estimate": 0.3, "wilson_lower": 0.1078, "wilson_upper": 0.6032}, abs=5e-5
    )


def test_points_are_sorted_by_date():
    days = weeks(3)
    result = ask(date=days[::-1], value=[3, 2, 1])["result"]
    assert [(point["date"], point["y"]) for point in result["points"]] == list(
        zip(days, [1, 2, 3], strict=True)
    )


def test_icons_are_given_for_the_asked_ones_in_order():
    icons = [
        {"improvement_direction": "increase", "target": 99},
        {"improvement_direction": "decrease", "target": None},
    ]
    result = ask(params={"icons": icons}, date=weeks(20), value=[3, 4] * 10)["result"]
    assert [(icon["variation_icon"], icon["assurance_icon"]) for icon in result["icons"]] == [
        ("common_cause", "fail"),
        ("common_cause", None),
    ]


def test_a_rebase_date_that_is_not_in_the_series_is_ignored():
    result = ask(params={"rebase": ["2026-01-06"]}, date=weeks(4), value=[1, 2, 3, 4])["result"]
    assert {point["rebase_group"] for point in result["points"]} == {0}


def test_the_house_preset_may_be_asked_for():
    result = ask(params={"preset": "mdc7"}, date=weeks(3), value=[1, 2, 3])["result"]
    assert {point["upl"] for point in result["points"]} == {None}


@pytest.mark.parametrize(
    ("params", "given_input", "said"),
    [
        ({}, {}, "not empty"),
        ({}, {"date": [], "value": []}, "not empty"),
        ({}, {"date": weeks(2), "value": [1]}, "one length"),
        ({}, {"date": weeks(1) * 2, "value": [1, 2]}, "stands twice"),
        ({}, {"date": [None], "value": [1]}, "expected a day"),
        ({}, {"date": ["5 January"], "value": [1]}, "isoformat"),
        ({}, {"date": weeks(1), "value": ["1"]}, "expected a finite number"),
        ({}, {"date": weeks(1), "value": [True]}, "expected a finite number"),
        ({}, {"date": weeks(1), "value": [float("nan")]}, "finite"),
        ({"fix_after_n_points": 11}, {"date": weeks(1), "value": [1]}, "at least 12"),
        ({"fix_after_n_points": 12.5}, {"date": weeks(1), "value": [1]}, "whole number"),
        ({"preset": "mdc8"}, {"date": weeks(1), "value": [1]}, "expected one of"),
        ({"rebase": "2026-01-05"}, {"date": weeks(1), "value": [1]}, "expected a list"),
        ({"icons": [1]}, {"date": weeks(1), "value": [1]}, "icons"),
        ({"icons": [{"improvement_direction": "up"}]}, {"date": weeks(1), "value": [1]}, "expected increase"),
        (
            {"icons": [{"improvement_direction": "increase", "target": "x"}]},
            {"date": weeks(1), "value": [1]},
            "target",
        ),
    ],
)
def test_a_case_that_cannot_be_computed_says_why(params, given_input, said):
    assert said in ask("xmr", params, **given_input)["error"]


@pytest.mark.parametrize(("x", "n"), [(1, 0), (0, 0), (3, 2), (None, 2), ("1", 2)])
def test_an_impossible_share_says_why(x, n):
    assert "expected" in ask("wilson", x=x, n=n)["error"]


@pytest.mark.parametrize("document", [{}, [], None, {"cases": {}}, {"cases": [1]}])
def test_a_document_without_cases_is_refused(document):
    with pytest.raises(BadDocumentError, match="expected a document"):
        run_batch("xmr", document)


def test_an_unknown_method_is_refused():
    with pytest.raises(BadDocumentError, match="expected one of agreement, alpha"):
        run_batch("magic", {"cases": []})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = [
    "date",
    "value",
    "x",
    "n",
    "rebase",
    "fix_after_n_points",
    "screen_outliers",
    "icons",
    "conf_level",
    "preset",
    "y",
    "chart",
    "part",
    "freeze",
    "exclude",
    "cl",
    "method",
    "multiply",
    "screened_mr",
]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from(NAMES), ANYTHING) | ANYTHING,
    st.dictionaries(st.sampled_from(NAMES), ANYTHING) | ANYTHING,
)
def test_no_case_however_odd_breaks_a_batch(method, params, given_input):
    (answer,) = run_batch(method, {"cases": [{"id": 1, "params": params, "input": given_input}]})["cases"]
    assert ("result" in answer) is not ("error" in answer)
    json.dumps(answer, allow_nan=False)
