"""The list of a panel: who judges, in what post, and that they agreed to be named."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.population.sheets import Faults, formula_fault, parse_sheet

COLUMNS = ("name", "post", "agreed")
LONGEST = 120
FEWEST, MOST = 3, 60


@dataclass(frozen=True, slots=True)
class NewRater:
    """One good row."""

    name: str
    post: str


def read_raters(data: bytes | str) -> list[NewRater]:
    """Return the raters of a list; where a line is bad, raise BadRows naming each."""
    faults = Faults()
    rows = parse_sheet(data, columns=COLUMNS, faults=faults)
    first_lines: dict[str, int] = {}
    for row in rows:
        for column in ("name", "post"):
            if not 1 <= len(row[column]) <= LONGEST:
                faults.add(row.line, f"{column} must have 1 to {LONGEST} characters")
        formula = formula_fault(row, ("name", "post"))
        if formula:
            faults.add(row.line, formula)
        if row["agreed"].casefold() != "yes":
            faults.add(row.line, "agreed must be yes: nobody is named who did not agree to it")
        known = " ".join(row["name"].casefold().split())
        first = first_lines.setdefault(known, row.line)
        if first != row.line:
            faults.add(row.line, f"the name stands already in line {first}: add something to tell them apart")
    if not faults.found and not FEWEST <= len(rows) <= MOST:
        faults.add(0, f"a panel has {FEWEST} to {MOST} people, found {len(rows)}")
    faults.raise_any()
    return [NewRater(row["name"], row["post"]) for row in rows]
