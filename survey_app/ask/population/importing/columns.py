"""What each column of a list is: guessed from its name, chosen by a person, or said for all rows at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey_app.ask.population.importing.reading import Table
from survey_app.ask.population.people_rows import COLUMNS, LINES, OPTIONAL
from survey_app.ask.population.sheets import BadRows, Row, RowFault

FIELDS = COLUMNS + OPTIONAL
FOR_ALL = ("audience", "locality", "channel", "language", "consent")
"""What may be said once for a whole list that has no column for it."""

CALLED: Mapping[str, tuple[str, ...]] = {
    "reference": (
        "ref",
        "id",
        "person id",
        "client id",
        "patient id",
        "pt id",
        "pt ref",
        "patient ref",
        "client ref",
        "patient reference",
        "client reference",
        "reference number",
        "ref no",
        "our reference",
        "case number",
    ),
    "audience": ("group", "type", "role", "who"),
    "locality": ("locality code", "locality id", "locality name", "place", "area", "neighbourhood", "pcn"),
    "practice": ("practice code", "gp practice", "surgery"),
    "phone": (
        "mobile",
        "mobile number",
        "mobile no",
        "mobile phone",
        "phone no",
        "tel no",
        "phone number",
        "telephone",
        "tel",
        "cell",
    ),
    "channel": ("contact by", "contact method", "preferred contact", "way of asking"),
    "language": ("preferred language", "first language", "lang"),
    "consent": ("consent given", "agreed", "may contact", "opted in"),
    "category": ("age", "age group", "age band"),
    "hear_back": ("hear back", "wants news"),
    "landline": ("home phone", "landline number", "home telephone"),
    "email": ("e mail", "email address", "e mail address", "mail"),
    "address_1": ("address", "address line 1", "street"),
    "postcode": ("post code", "postal code"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field, by position, and what all rows have where no column says it.

    `freely` also takes other words for a value ("Yes" for given): only where a person sees what comes of it.
    """

    at: Mapping[str, int]
    for_all: Mapping[str, str] = field(default_factory=dict)
    freely: bool = False

    def missing(self) -> list[str]:
        """Return what a list must say and this one does not; a practice and a number may be left out."""
        needed = [name for name in COLUMNS if name not in ("practice", "phone", "language")]
        return [name for name in needed if name not in self.at and not self.for_all.get(name)]


def guessed(header: Iterable[str]) -> Columns:
    """Return what the columns of a list probably are; a name that says nothing is left out."""
    at: dict[str, int] = {}
    for number, name in enumerate(header):
        found = _guess(name)
        if found is not None:
            at.setdefault(found, number)
    return Columns(at, freely=True)


def exactly(header: Iterable[str]) -> Columns:
    """Return the columns of a list that uses our own names, or raise BadRows naming every other."""
    names = [name.lower() for name in header]
    faults = [f"column {name!r} is missing" for name in COLUMNS if name not in names]
    faults += [f"column {name!r} is not known" for name in names if name not in FIELDS]
    faults += [f"column {name!r} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    if faults:
        raise BadRows([RowFault(1, f"{fault}; expected {','.join(COLUMNS)}") for fault in faults])
    return Columns({name: number for number, name in enumerate(names)})


def rows_of(table: Table, columns: Columns) -> list[Row]:
    """Return the good records of a list under our own names."""
    whole = dict.fromkeys(FIELDS, "") | dict(columns.for_all)
    return [
        Row(record.line, whole | {name: record.cells[number] for name, number in columns.at.items()})
        for record in table.records
        if record.fault is None
    ]


def _guess(name: str) -> str | None:
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())
    if plain.replace(" ", "_") in FIELDS:
        return plain.replace(" ", "_")
    line = re.fullmatch(r"address(?: line)? ([1-6])", plain)
    if line:
        return LINES[int(line[1]) - 1]
    return next((ours for ours, theirs in CALLED.items() if plain in theirs), None)
