from __future__ import annotations

import copy
import csv
import json
from pathlib import Path

import pytest

from survey_app.stats.batch import run_batch
from survey_app.stats.estimates_conformance import compare_estimates

GOLDEN = Path(__file__).parents[2] / "golden"
FILES = {"funnel": "funnel", "alpha": "cronbach", "agreement": "agreement", "rake": "raking"}
# The peer turns a limit back that leaves the scale; see docs/algorithms/departures.md.
REFLECTED = ["pr_12 groups[16].OD95UCL", "pr_12 groups[16].OD99UCL"]


def peer(method):
    if method in FILES:
        return json.loads((GOLDEN / f"{FILES[method]}.json").read_text(encoding="utf-8"))
    with (GOLDEN / "propdiff.csv").open(encoding="utf-8") as rows:
        return {"cases": [differing(row) for row in csv.DictReader(rows)]}


def differing(row):
    given = {name: int(row[name]) for name in ("x1", "n1", "x2", "n2")}
    expected = {name: float(row[name]) for name in ("diff", "newcombe_lower", "newcombe_upper")}
    return {
        "id": row["case_id"],
        "params": {"conf_level": float(row["conf_level"])},
        "input": given,
        "expected": expected,
    }


@pytest.mark.parametrize(
    ("method", "cases", "fields", "left_out", "known"),
    [
        ("funnel", 10, 2632, 9, REFLECTED),
        ("alpha", 13, 57, 0, []),
        ("agreement", 12, 595, 0, []),
        ("rake", 11, 1728, 9, []),
        ("propdiff", 20, 60, 0, []),
    ],
)
def test_every_case_that_is_ours_is_reproduced_field_by_field(method, cases, fields, left_out, known):
    result = compare_estimates(method, peer(method))
    assert [line.split(": ours")[0] for line in result.mismatches] == known
    assert (result.cases, result.fields, result.refused_by_peer) == (cases, fields, left_out)


@pytest.mark.parametrize(
    ("method", "path", "factor"),
    [
        ("funnel", ("groups", 2, "OD99LCL"), 1 + 1e-8),
        ("alpha", ("multilevel_cronbach_alpha",), 1 + 1e-7),
        ("agreement", ("icc_anova", "scale_mean", "icc2"), 1 + 1e-7),
        ("rake", ("weights", 5), 1 + 1e-5),
        ("propdiff", ("newcombe_lower",), 1 + 1e-8),
    ],
)
def test_the_comparison_notices_one_changed_number(method, path, factor):
    case = next(case for case in peer(method)["cases"] if case["expected"] and case["id"] != "upstream6_shmi")
    case, place = copy.deepcopy(case), None
    place = case["expected"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] *= factor
    assert len(compare_estimates(method, {"cases": [case]}).mismatches) == 1


def test_a_changed_flag_and_a_case_we_cannot_compute_are_noticed():
    case = copy.deepcopy(peer("funnel")["cases"][1])
    case["expected"]["groups"][0]["outlier"] = 1
    assert len(compare_estimates("funnel", {"cases": [case]}).mismatches) == 1
    case["input"]["numerator"][0] = "four"
    assert compare_estimates("funnel", {"cases": [case]}).mismatches


def test_cases_of_kinds_we_do_not_compute_say_so():
    for method, said in (("funnel", "expected PR"), ("rake", "expected")):
        cases = peer(method)["cases"]
        answers = run_batch(method, {"cases": cases})["cases"]
        errors = {answer["id"]: answer["error"] for answer in answers if "error" in answer}
        assert len(cases) - len(errors) == (10 if method == "funnel" else 11)
        assert all(said in error or "answers" in error or "category" in error for error in errors.values())


def test_what_the_peer_refused_we_refuse_with_a_reason():
    refused = {case["id"]: case for case in peer("rake")["cases"] if case["peer_error"]}
    answers = run_batch("rake", {"cases": list(refused.values())})["cases"]
    assert {answer["id"]: answer["error"] for answer in answers} == {
        "empty_category": "age: people but no answers in 18-44: merge categories",
        "category_not_in_pop": "age: answers but no people in 75+",
        "na_in_margin": "sex: an answer has no category: expected one for each",
    }
