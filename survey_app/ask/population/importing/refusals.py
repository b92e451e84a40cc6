"""The rows of a list that were refused, as a list again: nothing is lost, and each says why."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from survey_app.ask.population.importing.judging import Judged, Verdict
from survey_app.ask.population.importing.reading import Table
from survey_app.ask.population.sheets import FORMULA_STARTS

NUMBER = re.compile(r"[+-][0-9 ().-]*")
"""A telephone number begins like a formula, and is none."""


def refused_sheet(table: Table, judged: Iterable[Judged]) -> str:
    """Return a CSV of the refused rows as they were written, with their line and the reasons before them."""
    why: Mapping[int, str] = {
        one.line: "; ".join(one.faults) for one in judged if one.verdict is Verdict.REFUSED
    }
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_safe(["line", "why it was refused", *table.header]))
    for record in table.records:
        if record.line in why:
            writer.writerow(_safe([str(record.line), why[record.line], *record.cells]))
    return out.getvalue()


def _safe(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if _is_formula(cell) else cell for cell in cells]


def _is_formula(cell: str) -> bool:
    return cell.startswith((*FORMULA_STARTS, "\t", "\r")) and not NUMBER.fullmatch(cell)
