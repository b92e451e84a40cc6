from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from survey_app.stats.batch import run_batch
from survey_app.stats.conformance import alike, compare_xmr

GOLDEN = Path(__file__).parents[2] / "golden" / "xmr.json"


@pytest.fixture(scope="module")
def peer():
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_every_case_the_peer_could_compute_is_reproduced_field_by_field(peer):
    result = compare_xmr(peer)
    assert result.mismatches == ()
    assert (result.cases, result.fields, result.refused_by_peer) == (121, 53349, 8)


def test_the_comparison_notices_one_changed_flag_and_one_changed_number(peer):
    case = copy.deepcopy(next(case for case in peer["cases"] if case.get("expected")))
    case["expected"]["points"][3]["special_cause_flag"] = True
    case["expected"]["points"][4]["upl"] *= 1 + 1e-8
    result = compare_xmr({"cases": [case]})
    assert [line.split(": ")[0].split()[-1] for line in result.mismatches] == [
        "points[3].special_cause_flag",
        "points[4].upl",
    ]
    assert "2 mismatches" in str(result)


def test_a_case_we_cannot_compute_counts_as_a_mismatch(peer):
    case = copy.deepcopy(next(case for case in peer["cases"] if case.get("expected")))
    case["input"]["value"][0] = "four"
    assert compare_xmr({"cases": [case]}).mismatches


def test_cases_the_peer_refused_for_gaps_get_a_result_from_us(peer):
    refused = [case for case in peer["cases"] if case.get("peer_error")]
    answers = run_batch("xmr", {"cases": refused})["cases"]
    assert len(answers) == 8
    for case, answer in zip(refused, answers, strict=True):
        assert len(answer["result"]["points"]) == len(case["input"]["value"])


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (None, None, True),
        (None, 0, False),
        (True, 1, False),
        (1, True, False),
        ("a", "a", True),
        ("a", 1, False),
    ],
)
def test_numbers_agree_closely_and_everything_else_exactly(ours, theirs, same):
    assert alike(ours, theirs) is same
