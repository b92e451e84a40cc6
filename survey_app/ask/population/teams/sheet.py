"""A roster as a file or pasted lines: name, e-mail, phone, language; every bad line is named."""

from __future__ import annotations

import csv
import io

from survey_app.ask.population.addresses import BadAddress
from survey_app.ask.population.phones import BadPhone
from survey_app.ask.population.sheets import BadRows, Faults, Row, RowFault, formula_fault, parse_sheet
from survey_app.ask.population.teams.addresses import BadMember, Contact, parse_contact

COLUMNS = ("name",)
OPTIONAL = ("email", "phone", "language")
MOST = 500
ORDER = (*COLUMNS, *OPTIONAL)
"""What stands in pasted lines without a heading; the language may be left out of all of them."""


def read_roster(text: bytes | str) -> list[Contact]:
    """Return the people of a file, or raise BadRows; pasted lines may leave the heading out."""
    if isinstance(text, bytes):
        return _people(text)
    lines = text.strip()
    if lines.partition("\n")[0].lower().replace(" ", "").startswith("name,"):
        return _people(lines)
    try:
        return _people(f"{','.join(ORDER[: _n_columns(lines)])}\n{lines}")
    except BadRows as bad:
        raise BadRows([RowFault(max(0, fault.line - 1), fault.reason) for fault in bad.faults]) from None


def _n_columns(lines: str) -> int:
    widest = max((len(cells) for cells in csv.reader(io.StringIO(lines, newline=""))), default=0)
    return len(ORDER) if widest >= len(ORDER) else len(ORDER) - 1


def _people(text: bytes | str) -> list[Contact]:
    faults = Faults()
    rows = parse_sheet(text, columns=COLUMNS, optional=OPTIONAL, faults=faults)
    if len(rows) > MOST:
        raise BadRows([RowFault(0, f"a team has at most {MOST} people, these are {len(rows)}")])
    found = [contact for row in rows if (contact := _read(row, faults)) is not None]
    faults.raise_any()
    if not found:
        raise BadRows([RowFault(0, "nobody stands on the list")])
    return found


def _read(row: Row, faults: Faults) -> Contact | None:
    # A number may well begin with a plus.
    if fault := formula_fault(row, ("name", "email")):
        faults.add(row.line, fault)
        return None
    try:
        return parse_contact(row["name"], row["email"], row["phone"], row["language"])
    except BadAddress as bad:
        faults.add(row.line, f"email {bad}")
    except BadPhone as bad:
        faults.add(row.line, f"phone {bad}")
    except BadMember as bad:
        faults.add(row.line, str(bad))
    return None
