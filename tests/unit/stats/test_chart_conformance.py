from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from survey_app.stats.batch import run_batch
from survey_app.stats.chart_cases import KINDS
from survey_app.stats.chart_conformance import compare_charts

GOLDEN = Path(__file__).parents[2] / "golden"


def read(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("method", "name", "counts"),
    [("runchart", "runchart", (58, 4602, 0)), ("controlchart", "controlcharts", (40, 8898, 0))],
)
def test_every_case_of_a_chart_we_know_is_reproduced_field_by_field(method, name, counts):
    result = compare_charts(method, read(name))
    assert result.mismatches == ()
    assert (result.cases, result.fields, result.refused_by_peer) == counts


def test_the_comparison_notices_one_changed_flag_and_one_changed_number():
    case = copy.deepcopy(
        next(case for case in read("controlcharts")["cases"] if case["params"]["chart"] == "pp")
    )
    case["expected"]["points"][3]["sigma_signal"] = True
    case["expected"]["points"][4]["cl"] = 1e-6
    case["expected"]["summary"][0]["n_crossings"] = 99
    mismatches = compare_charts("controlchart", {"cases": [case]}).mismatches
    assert [line.split(": ")[0].split()[-1] for line in mismatches] == [
        "points[3].sigma_signal",
        "points[4].cl",
        "summary[0].n_crossings",
    ]


def test_other_charts_are_refused_with_the_names_of_those_we_know():
    others = [case for case in read("controlcharts")["cases"] if case["params"]["chart"] not in KINDS]
    answers = run_batch("controlchart", {"cases": others})["cases"]
    assert len(answers) == 37
    assert {answer["error"].partition(": ")[2] for answer in answers} == {
        "expected one of i, ip, p, pp, u, up"
    }
