"""Comma-separated files from outside: bounded, checked, and every bad line named."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_CELL = 400
INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets run as a formula, full-width forms included; a text column never needs them first."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one line; line 0 is the file as a whole. It never repeats a phone number."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


class BadRows(ValueError):
    """A file of which nothing was taken; `faults` names every bad line."""

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Row:
    """One record by column name, and the line it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(slots=True)
class Faults:
    """Collects faults so that a file is corrected once, not once a fault."""

    found: list[RowFault] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """Note what is wrong with a line."""
        self.found.append(RowFault(line, reason))

    def raise_any(self) -> None:
        """Raise BadRows when anything was noted."""
        if self.found:
            raise BadRows(self.found)


def parse_sheet(
    data: bytes | str, *, columns: tuple[str, ...], optional: tuple[str, ...] = (), faults: Faults
) -> list[Row]:
    """Return the rows of a file; one that cannot be read raises BadRows, bad lines go to `faults`.

    A column of `optional` may be left out; its cells are then empty.
    """
    reader = csv.reader(io.StringIO(decoded_strictly(data), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = _header(next(reader, []), columns, optional)
        absent = dict.fromkeys(set(optional) - set(header), "")
        for line, cells in records_of(reader):
            if len(rows) == MAX_ROWS:
                refuse(f"the file has more than {MAX_ROWS:,} rows: import it in parts")
            if len(cells) != len(header):
                faults.add(line, _cells_expected(len(cells), header))
            elif fault := cell_fault(header, cells):
                faults.add(line, fault)
            else:
                rows.append(Row(line, absent | dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        refuse(f"line {reader.line_num}: the quotation marks or line ends are broken ({error})")
    return rows


def formula_fault(row: Row, columns: tuple[str, ...]) -> str | None:
    """Return what is wrong when a text cell would run as a formula in a spreadsheet."""
    for column in columns:
        if row[column].startswith(FORMULA_STARTS):
            return f"{column} begins with {row[column][0]!r}, which spreadsheets run as a formula"
    return None


def unprintable_fault(column: str, cell: str) -> str | None:
    """Return what is wrong when a cell holds more than one line of visible characters."""
    if cell.isprintable():
        return None
    return f"{column} holds a line end, a tab or another character that cannot be printed"


def refuse(reason: str) -> NoReturn:
    """Refuse a file as a whole."""
    raise BadRows([RowFault(0, reason)])


def decoded_strictly(data: bytes | str) -> str:
    """Return a file as text; one that is not UTF-8 is refused, with the line where that shows."""
    if len(data) > MAX_BYTES:
        refuse(f"the file is larger than {MAX_BYTES // 1_000_000} MB: import it in parts")
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadRows([RowFault(line, "the file is not UTF-8: save it as 'CSV UTF-8'")]) from None


def _cells_expected(n_found: int, header: list[str]) -> str:
    found = f"{n_found} cell" if n_found == 1 else f"{n_found} cells"
    return f"has {found}, expected {len(header)}: {', '.join(header)}"


def _header(cells: list[str], columns: tuple[str, ...], optional: tuple[str, ...]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    faults = [f"column {name!r} is missing" for name in columns if name not in header]
    faults += [f"column {name!r} is not known" for name in header if name not in columns + optional]
    faults += [f"column {name!r} stands twice" for name in sorted(set(header)) if header.count(name) > 1]
    if faults:
        raise BadRows([RowFault(1, f"{fault}; expected {','.join(columns)}") for fault in faults])
    return header


def records_of(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not empty, cleaned, with the line it begins on."""
    # A quoted cell may hold line ends, so a record begins after the line the last one ended on.
    begins = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if cells:
            yield begins, [_clean(cell) for cell in cells]
        begins = reader.line_num + 1  # type: ignore[attr-defined]


def _clean(cell: str) -> str:
    # Address books wrap numbers in marks for writing direction; word processors put hard spaces in them.
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in cell)
    return spaced.strip(" \r\n" + INVISIBLE)


def cell_fault(header: list[str], cells: list[str]) -> str | None:
    """Return what is wrong with the first cell of a record that cannot be taken."""
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL:
            return f"{name} is longer than {MAX_CELL} characters"
        if fault := unprintable_fault(name, cell):
            return fault
    return None
