"""From the bytes of a list to a table of cells, however a spreadsheet wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

from survey_app.ask.population.sheets import MAX_BYTES, MAX_ROWS, cell_fault, records_of, refuse

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a list; `fault` says why its cells cannot be used."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it was written: what its columns are called, and every record."""

    header: tuple[str, ...]
    records: tuple[Record, ...]
    delimiter: str = ","


def decoded(data: bytes) -> str:
    """Return a list as text: UTF-8, what Excel calls "Unicode text", or else Windows-1252."""
    if len(data) > MAX_BYTES:
        refuse(f"the file is larger than {MAX_BYTES // 1_000_000} MB: import it in parts")
    if data.startswith(WORKBOOK):
        refuse(
            "this is a workbook: in Excel choose Save as, then 'CSV UTF-8', or copy the cells and paste them"
        )
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    readings = (_read_as(data, encoding) for encoding in (("utf-16",) if wide else ("utf-8-sig", "cp1252")))
    text = next((said for said in readings if said is not None), None)
    if text is None:
        refuse("this is not a list of cells: save it as 'CSV UTF-8'")
    return text


def read_table(text: str) -> Table:
    """Return the cells of a list; its first line names the columns. A broken one raises BadRows."""
    text = text.removeprefix("\ufeff")
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(records_of(reader))
    except csv.Error as error:
        refuse(f"line {reader.line_num}: the quotation marks or line ends are broken ({error})")
    if not records or not any(records[0][1]):
        refuse("the list is empty: the first line names the columns")
    (_, header), *rest = records
    if len(rest) > MAX_ROWS:
        refuse(f"the file has more than {MAX_ROWS:,} rows: import it in parts")
    return Table(tuple(header), tuple(_record(header, line, cells) for line, cells in rest), delimiter)


def delimiter_of(text: str) -> str:
    """Return what stands between the cells: whatever of comma, semicolon and tab the first line has most."""
    first = text.lstrip().split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)


def _read_as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _record(header: list[str], line: int, cells: list[str]) -> Record:
    if len(cells) != len(header):
        return Record(
            line,
            tuple(cells),
            f"has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, expected {len(header)}",
        )
    return Record(line, tuple(cells), cell_fault(header, cells))
