"""How far the estimation methods agree with other programs: cases, fields compared, mismatches named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from survey_app.stats.batch import run_batch
from survey_app.stats.conformance import Conformance, alike

Case = Mapping[str, Any]
Pairs = Iterator[tuple[str, Any, Any]]

LIMITS = ("OD95LCL", "OD95UCL", "OD99LCL", "OD99UCL", "LCL95", "UCL95")
TOLERANCES = {"rake": 1e-6, "alpha": 1e-8, "agreement": 1e-8}


def compare_estimates(method: str, document: Case) -> Conformance:
    """Compare our estimates with the peer's, on the cases that are ours to compute.

    Parameters
    ----------
    method : str
        funnel, alpha, agreement, rake or propdiff.
    document : mapping
        ``cases`` with ``id``, ``params``, ``input`` and the peer's ``expected``.

    Returns
    -------
    Conformance
        Raking agrees within a relative 1e-6, alpha, agreement and ICC 1e-8, the rest 1e-9; flags and counts
        exactly. Cases of kinds we do not compute, and those the peer refused, are left out and counted.
    """
    ours = [case for case in document["cases"] if case.get("expected") and _is_ours(method, case)]
    answers = run_batch(method, {"cases": ours})["cases"]
    fields, mismatches = 0, []
    for case, answer in zip(ours, answers, strict=True):
        for name, mine, theirs in PAIRS[method](answer.get("result", {}), case["expected"]):
            fields += 1
            if not _agree(mine, theirs, TOLERANCES.get(method, 1e-9)):
                mismatches.append(f"{case['id']} {name}: ours {mine}, theirs {theirs}")
    return Conformance(len(ours), fields, tuple(mismatches), len(document["cases"]) - len(ours))


def _is_ours(method: str, case: Case) -> bool:
    params = case["params"]
    if method == "funnel":
        return bool(params["data_type"] == "PR")
    if method == "rake":
        simple = not any(params.get(name) for name in ("strata", "cluster", "bounds", "trim"))
        return simple and params["method"] in ("rake", "poststratify")
    return True


def _agree(mine: object, theirs: object, tolerance: float) -> bool:
    if isinstance(theirs, float) and isinstance(mine, float):
        return math.isclose(mine, theirs, rel_tol=tolerance, abs_tol=1e-12)
    return alike(mine, theirs)


def _named(mine: Case, theirs: Case, names: Sequence[str]) -> Pairs:
    for name in names:
        yield name, mine.get(name, "missing"), theirs[name]


def _rows(part: str, mine: Case, theirs: Case, names: Sequence[str]) -> Pairs:
    found = mine.get(part, [])
    yield f"number of {part}", len(found), len(theirs[part])
    for row, (one, other) in enumerate(zip(found, theirs[part], strict=False)):
        for name, ours, wanted in _named(one, other, names):
            yield f"{part}[{row}].{name}", ours, wanted


def _funnel(mine: Case, theirs: Case) -> Pairs:
    yield from _named(mine, theirs, ("target", "phi", "tau2"))
    yield from _rows("groups", mine, theirs, ("group", "rr", "Uzscore", *LIMITS, "LCL99", "UCL99", "outlier"))


def _alpha(mine: Case, theirs: Case) -> Pairs:
    yield from _named(mine, theirs, ("multilevel_cronbach_alpha", "multilevel_cronbach_n"))
    if theirs["ltm_alpha_complete"] is not None:  # the peer's own sign that nothing is missing
        yield "psych_std_alpha", mine.get("psych_std_alpha", "missing"), theirs["psych_std_alpha"]
        if math.isclose(theirs["psych_raw_alpha"], theirs["multilevel_cronbach_alpha"], abs_tol=1e-9):
            for name, ours, wanted in _named(
                mine.get("feldt_ci", {}), theirs["feldt_ci"], ("lower", "upper")
            ):
                yield f"feldt_ci.{name}", ours, wanted


def _agreement(mine: Case, theirs: Case) -> Pairs:
    yield from _rows("rwg_j", mine, theirs, ("team", "rwg_j", "rwg_j_lindell", "ad_m", "n"))
    found = mine.get("icc_anova", {}).get("scale_mean", {})
    for name, ours, wanted in _named(
        found, theirs["icc_anova"]["scale_mean"], ("icc1", "icc2", "msb", "msw")
    ):
        yield f"scale_mean.{name}", ours, wanted


def _rake(mine: Case, theirs: Case) -> Pairs:
    weights = mine.get("weights", [])
    yield "number of weights", len(weights), len(theirs["weights"])
    for row, (one, other) in enumerate(zip(weights, theirs["weights"], strict=False)):
        yield f"weights[{row}]", one, other
    yield from _named(mine, theirs, ("sum_weights", "kish_deff", "kish_neff"))
    for part in ("y1", "y2"):
        for name, ours, wanted in _named(mine.get(part, {}), theirs[part], ("mean", "se")):
            yield f"{part}.{name}", ours, wanted


def _propdiff(mine: Case, theirs: Case) -> Pairs:
    yield from _named(mine, theirs, ("diff", "newcombe_lower", "newcombe_upper"))


PAIRS: dict[str, Callable[[Case, Case], Pairs]] = {
    "funnel": _funnel,
    "alpha": _alpha,
    "agreement": _agreement,
    "rake": _rake,
    "propdiff": _propdiff,
}
