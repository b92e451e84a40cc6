"""How far our results agree with another program's: cases, fields compared, mismatches named."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.stats.batch import run_batch

XMR_POINT_FIELDS = (
    "mean",
    "lpl",
    "upl",
    "nlpl",
    "nupl",
    "outside_limits",
    "relative_to_mean",
    "special_cause_type",
    "special_cause_flag",
    "point_type_increase",
    "point_type_decrease",
    "point_type_neutral",
    "rebase_group",
)
XMR_ICON_FIELDS = ("variation_icon", "assurance_icon")


@dataclass(frozen=True, slots=True)
class Conformance:
    """What was compared; as text one line to quote."""

    cases: int
    fields: int
    mismatches: tuple[str, ...]
    refused_by_peer: int

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.fields} fields, {len(self.mismatches)} mismatches "
            f"({self.refused_by_peer} cases the peer could not compute are left out)"
        )


def compare_xmr(document: Mapping[str, Any]) -> Conformance:
    """Compare our XmR charts with the peer's.

    Parameters
    ----------
    document : mapping
        ``cases`` with ``id``, ``params``, ``input`` and the peer's ``expected`` points and icons.

    Returns
    -------
    Conformance
        Numbers agree within a relative 1e-9, all else exactly.
    """
    known = [case for case in document["cases"] if case.get("expected")]
    asked = {"cases": [_asking_for_icons(case) for case in known]}
    answers = run_batch("xmr", asked)["cases"]
    fields, mismatches = 0, []
    for case, answer in zip(known, answers, strict=True):
        for name, ours, theirs in _pairs(answer.get("result", {}), case["expected"]):
            fields += 1
            if not alike(ours, theirs):
                mismatches.append(f"{case['id']} {name}: ours {ours}, theirs {theirs}")
    return Conformance(len(known), fields, tuple(mismatches), len(document["cases"]) - len(known))


def alike(ours: object, theirs: object) -> bool:
    """Return whether two results agree.

    Parameters
    ----------
    ours, theirs : object
        A number (relative 1e-9, absolute 1e-12 near zero), a flag, a text or None.

    Returns
    -------
    bool
        Whether they agree.
    """
    if isinstance(ours, bool) or isinstance(theirs, bool) or ours is None or theirs is None:
        return ours is theirs
    if isinstance(theirs, int | float):
        return isinstance(ours, int | float) and math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return bool(ours == theirs)


def _asking_for_icons(case: Mapping[str, Any]) -> dict[str, Any]:
    icons = [
        {"improvement_direction": icon["improvement_direction"], "target": icon["target"]}
        for icon in case["expected"]["icons"]
    ]
    return {"id": case["id"], "params": {**case["params"], "icons": icons}, "input": case["input"]}


def _pairs(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for part, names in (("points", XMR_POINT_FIELDS), ("icons", XMR_ICON_FIELDS)):
        mine = ours.get(part, [])
        yield f"number of {part}", len(mine), len(theirs[part])
        for row, (one, other) in enumerate(zip(mine, theirs[part], strict=False)):
            for name in names:
                yield f"{part}[{row}].{name}", one.get(name, "missing"), other[name]
