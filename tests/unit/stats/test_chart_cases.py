from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.batch import run_batch


def ask(method, params=None, **given_input):
    document = {"cases": [{"id": "a", "params": params or {}, "input": given_input}]}
    return run_batch(method, document)["cases"][0]


ROWS = st.lists(
    st.tuples(st.integers(0, 500), st.none() | st.integers(0, 20), st.none() | st.integers(20, 40)),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[0],
)


@settings(max_examples=100, deadline=None)
@given(
    ROWS, st.randoms(use_true_random=False), st.sampled_from(["i", "ip", "p", "pp", "u", "up"]), st.booleans()
)
def test_the_order_of_rows_changes_nothing(rows, random, chart, screen):
    shuffled = random.sample(rows, len(rows))
    params = {"chart": chart, "part": [4], "exclude": [2], "screened_mr": screen}

    def result(given_rows):
        x, y, n = (list(column) for column in zip(*given_rows, strict=True))
        return [ask(method, params, x=x, y=y, n=n) for method in ("controlchart", "runchart")]

    assert result(rows) == result(shuffled)


def test_days_stand_in_order_of_the_calendar():
    answer = ask("runchart", x=["2026-02-01", "2026-01-01"], y=[2, 1])["result"]
    assert [(point["x"], point["y"]) for point in answer["points"]] == [("2026-01-01", 1), ("2026-02-01", 2)]


def test_parts_have_medians_and_runs_of_their_own():
    result = ask("runchart", {"part": [5, 40]}, y=[1, 2, 3, 2, 1, 8, 9, 7, 8, 9])["result"]
    assert [point["cl"] for point in result["points"]] == [2] * 5 + [8] * 5
    assert [row["n_useful"] for row in result["summary"]] == [3, 3]


def test_a_freeze_rests_the_centre_on_the_first_points_only():
    points = ask("controlchart", {"chart": "i", "freeze": 4}, y=[1, 2, 1, 2, 9, 9])["result"]["points"]
    assert {point["cl"] for point in points} == {1.5}
    assert [point["sigma_signal"] for point in points] == [False] * 4 + [True] * 2


@pytest.mark.parametrize("n", [0, None])
def test_no_answers_are_a_gap_without_limits(n):
    point = ask("controlchart", {"chart": "p"}, y=[1, 1, 2], n=[4, n, 5])["result"]["points"][1]
    assert (point["y"], point["lcl"], point["sigma_signal"]) == (None, None, False)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("chart", ["i", "ip", "p", "pp", "u", "up"])
def test_one_and_two_points_give_a_result(chart, size):
    result = ask("controlchart", {"chart": chart}, y=[3, 4][:size], n=[10, 10][:size])["result"]
    assert len(result["points"]) == size
    assert result["points"][0]["cl"] == pytest.approx(sum([3, 4][:size]) / (10 * size))


@pytest.mark.parametrize("chart", ["i", "ip", "pp", "up"])
def test_points_all_equal_have_no_limits_and_no_signal(chart):
    result = ask("controlchart", {"chart": chart}, y=[0] * 20, n=[10] * 20)["result"]
    assert {point["ucl"] for point in result["points"]} == {None}
    assert result["summary"][0]["runs_signal"] is False


@pytest.mark.parametrize(
    ("method", "params", "given_input", "said"),
    [
        ("controlchart", {}, {"y": [1]}, "expected one of i, ip"),
        ("controlchart", {"chart": ["i"]}, {"y": [1]}, "expected one of i, ip"),
        ("controlchart", {"chart": "p"}, {"y": [1]}, "expected a list"),
        ("controlchart", {"chart": "p"}, {"y": [3], "n": [2]}, "outside 0 to 1"),
        ("controlchart", {"chart": "u"}, {"y": [-3], "n": [2]}, "negative"),
        ("controlchart", {"chart": "u"}, {"y": [3], "n": [-2]}, "number of answers"),
        ("runchart", {}, {}, "not empty"),
        ("runchart", {}, {"y": []}, "not empty"),
        ("runchart", {}, {"y": "12"}, "expected a list"),
        ("runchart", {}, {"y": [1, 2], "n": [1]}, "one length"),
        ("runchart", {}, {"y": [1, 2], "x": [1]}, "one number or day"),
        ("runchart", {}, {"y": [1, 2], "x": [1, 1]}, "each once"),
        ("runchart", {}, {"y": [1, 2], "x": [1, "2026-01-01"]}, "days alone"),
        ("runchart", {"method": "best"}, {"y": [1]}, "anhoej, bestbox, cutbox"),
        ("runchart", {"part": 3}, {"y": [1]}, "part is 3"),
        ("runchart", {"exclude": ["a"]}, {"y": [1]}, "exclude"),
        ("runchart", {"multiply": 0}, {"y": [1]}, "multiply is 0"),
        ("runchart", {"cl": "x"}, {"y": [1]}, "cl is"),
    ],
)
def test_a_case_that_cannot_be_computed_says_why(method, params, given_input, said):
    assert said in ask(method, params, **given_input)["error"]
