"""Faults in data files: each with its file, its line and what was expected, all reported at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The longest shipped file is a tenth of this; a file that is larger was not written by hand.
LARGEST_BYTES = 256 * 1024

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a data file."""

    file: str
    line: int
    fault: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}"


class DataFault(ValueError):
    """One or more data files cannot be used; `faults` lists everything found.

    Parameters
    ----------
    faults : Sequence[Fault]
        Everything found.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InstrumentFault(DataFault):
    """An instrument file cannot be used."""


@dataclass(slots=True)
class SourceFile:
    """A TOML file as text and as a document, with the faults found in it so far."""

    path: Path
    raw: bytes = b""
    document: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)

    def report(self, fault: str, table: str = "", index: int = 0, key: str = "") -> None:
        """Note a fault at the line of a key, or else of its table.

        Parameters
        ----------
        fault : str
            What was expected, and what was found.
        table : str, optional
            Name of the table; empty for the top of the file.
        index : int, optional
            Which table of that name, 0 for the first.
        key : str, optional
            The key in that table.
        """
        self.faults.append(Fault(str(self.path), self.line_of(table, index, key), fault))

    def line_of(self, table: str = "", index: int = 0, key: str = "") -> int:
        """Give the line of `key` in the `index`-th table of that name, 0 for the first; 1 if not found.

        Parameters
        ----------
        table : str, optional
            Name of the table; empty for the top of the file.
        index : int, optional
            Which table of that name, 0 for the first.
        key : str, optional
            The key in that table.

        Returns
        -------
        int
            A line number, 1 for the first.
        """
        start, end = self._table_bounds(table, index)
        pattern = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""") if key else None
        for number in range(start, end):
            if pattern is not None and pattern.match(self._lines[number]):
                return number + 1
        return max(start, 1) if table else 1

    def _table_bounds(self, table: str, index: int) -> tuple[int, int]:
        seen = 0 if not table else -1
        start = 0
        for number, line in enumerate(self._lines):
            header = _TABLE.match(line)
            if header is None:
                continue
            if seen == index:
                return start, number
            if table and header.group(2) == table:
                seen += 1
                start = number + 1
        return (start, len(self._lines)) if seen == index else (0, 0)


def read_source(path: Path) -> SourceFile:
    """Read a TOML file; a file that is no TOML gives an empty document and a fault with its line.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    SourceFile
        The text, the document and the faults so far.
    """
    source = SourceFile(path)
    try:
        source.raw = path.read_bytes()
    except OSError as error:
        source.report(f"expected a readable file: {error.strerror}")
        return source
    if len(source.raw) > LARGEST_BYTES:
        source.report(f"expected at most {LARGEST_BYTES} bytes, found {len(source.raw)}")
        return source
    try:
        text = source.raw.decode("utf-8")
        source._lines = text.splitlines()  # noqa: SLF001 - built here, read by the class
        source.document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        source.faults.append(
            Fault(str(path), source.raw.count(b"\n", 0, error.start) + 1, "expected UTF-8 text")
        )
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else len(source._lines)  # noqa: SLF001
        source.faults.append(Fault(str(path), line, f"expected TOML: {error}"))
    except RecursionError:
        source.report("expected TOML without deep nesting")
    return source
