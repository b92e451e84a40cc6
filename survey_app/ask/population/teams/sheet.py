"""A roster as a file or pasted lines: name, e-mail, phone; every bad line is named."""

from __future__ import annotations

from survey_app.ask.population.addresses import BadAddress
from survey_app.ask.population.phones import BadPhone
from survey_app.ask.population.sheets import BadRows, Faults, Row, RowFault, formula_fault, parse_sheet
from survey_app.ask.population.teams.addresses import BadMember, Contact, parse_contact

COLUMNS = ("name",)
OPTIONAL = ("email", "phone")
MOST = 500


def read_roster(text: bytes | str) -> list[Contact]:
    """Return the people of a file, or raise BadRows; pasted lines may leave the heading out."""
    faults = Faults()
    rows = parse_sheet(_headed(text), columns=COLUMNS, optional=OPTIONAL, faults=faults)
    if len(rows) > MOST:
        raise BadRows([RowFault(0, f"a team has at most {MOST} people, these are {len(rows)}")])
    found = [contact for row in rows if (contact := _read(row, faults)) is not None]
    faults.raise_any()
    if not found:
        raise BadRows([RowFault(0, "nobody stands on the list")])
    return found


def _headed(text: bytes | str) -> bytes | str:
    if isinstance(text, bytes):
        return text
    first = text.lstrip("\ufeff").strip().partition("\n")[0].lower().replace(" ", "")
    return text.strip() if first.startswith("name,") else f"name,email,phone\n{text.strip()}"


def _read(row: Row, faults: Faults) -> Contact | None:
    # A number may well begin with a plus.
    if fault := formula_fault(row, ("name", "email")):
        faults.add(row.line, fault)
        return None
    try:
        return parse_contact(row["name"], row["email"], row["phone"])
    except BadAddress as bad:
        faults.add(row.line, f"email {bad}")
    except BadPhone as bad:
        faults.add(row.line, f"phone {bad}")
    except BadMember as bad:
        faults.add(row.line, str(bad))
    return None
