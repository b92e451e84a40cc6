"""How far our run and control charts agree with qicharts2: cases, fields compared, mismatches named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey_app.stats.batch import run_batch
from survey_app.stats.chart_cases import KINDS
from survey_app.stats.conformance import Conformance, alike

POINT_FIELDS = {
    "runchart": ("y", "cl"),
    "controlchart": ("y", "cl", "lcl", "ucl", "lcl95", "ucl95", "sigma_signal"),
}
SUMMARY_FIELDS = (
    "n_obs",
    "n_useful",
    "longest_run",
    "longest_run_max",
    "n_crossings",
    "n_crossings_min",
    "runs_signal",
    "sigma_signals",
)


def compare_charts(method: str, document: Mapping[str, Any]) -> Conformance:
    """Compare our charts with the peer's.

    Parameters
    ----------
    method : str
        ``runchart`` or ``controlchart``.
    document : mapping
        ``cases`` with ``id``, ``params``, ``input`` and the peer's ``expected`` points and summary.

    Returns
    -------
    Conformance
        Over the charts we know (`KINDS`, and run charts); numbers agree within a relative 1e-9.
    """
    asked = [case for case in document["cases"] if method == "runchart" or case["params"]["chart"] in KINDS]
    known = [case for case in asked if case.get("expected")]
    fields, mismatches = 0, []
    for case, answer in zip(known, run_batch(method, {"cases": known})["cases"], strict=True):
        for name, ours, theirs in _pairs(method, answer.get("result", {}), case["expected"]):
            fields += 1
            if not alike(ours, theirs):
                mismatches.append(f"{case['id']} {name}: ours {ours}, theirs {theirs}")
    return Conformance(len(known), fields, tuple(mismatches), len(asked) - len(known))


def _pairs(method: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for part, names in (("points", POINT_FIELDS[method]), ("summary", SUMMARY_FIELDS)):
        mine = ours.get(part, [])
        yield f"number of {part}", len(mine), len(theirs[part])
        for row, (one, other) in enumerate(zip(mine, theirs[part], strict=False)):
            for name in names:
                yield f"{part}[{row}].{name}", one.get(name, "missing"), other[name]
