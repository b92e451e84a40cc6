"""One table of a TOML file, read key by key: a wrong type is a fault with its line, not a crash."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from survey_app.ask.instruments.faults import SourceFile


class TableReader:
    """Typed reading of one table; after a fault the reading goes on with an empty value.

    Parameters
    ----------
    source : SourceFile
        The file, which collects the faults.
    row : object
        The table as read; anything but a table is a fault.
    table : str, optional
        Name of the table; empty for the top of the file.
    index : int, optional
        Which table of that name, 0 for the first.
    """

    def __init__(self, source: SourceFile, row: object, table: str = "", index: int = 0) -> None:
        self.source = source
        self.table = table
        self.index = index
        self.row: dict[str, Any] = row if isinstance(row, dict) else {}
        if not isinstance(row, dict):
            self.fault(f"expected {table} to be a table")

    def fault(self, fault: str, key: str = "") -> None:
        """Note a fault at the line of `key`, or else of the table.

        Parameters
        ----------
        fault : str
            What was expected, and what was found.
        key : str, optional
            The key in that table.
        """
        self.source.report(fault, self.table, self.index, key)

    def text(self, key: str, *, required: bool = True) -> str:
        """Read a text.

        Parameters
        ----------
        key : str
            The key in that table.
        required : bool, optional
            Whether leaving it out is a fault.

        Returns
        -------
        str
            The text; empty after a fault.
        """
        value = self.row.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.fault(f"expected {key}, a text", key)
            return ""
        return value

    def whole(self, key: str, *, required: bool = True) -> int | None:
        """Read a whole number.

        Parameters
        ----------
        key : str
            The key in that table.
        required : bool, optional
            Whether leaving it out is a fault.

        Returns
        -------
        int or None
            The number; None after a fault.
        """
        value = self.row.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(f"expected {key}, a whole number", key)
            return None
        return value

    def number(self, key: str, default: float | None) -> float | None:
        """Read a number, with a default if the key is absent.

        Parameters
        ----------
        key : str
            The key in that table.
        default : float or None
            What an absent key stands for.

        Returns
        -------
        float or None
            The number; the default after a fault.
        """
        value = self.row.get(key, default)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.fault(f"expected {key}, a number", key)
            return default
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read true or false.

        Parameters
        ----------
        key : str
            The key in that table.
        default : bool, optional
            What an absent key stands for.

        Returns
        -------
        bool
            The value; the default after a fault.
        """
        value = self.row.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"expected {key} to be true or false", key)
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; absent is empty.

        Parameters
        ----------
        key : str
            The key in that table.

        Returns
        -------
        tuple of str
            The texts; none after a fault.
        """
        value = self.row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.fault(f"expected {key}, a list of texts", key)
            return ()
        return tuple(value)

    def rows(self, key: str) -> Iterator[TableReader]:
        """Read a list of inline tables below a key of this table; faults keep this table's line.

        Parameters
        ----------
        key : str
            The key in that table.

        Yields
        ------
        TableReader
            One table at a time.
        """
        value = self.row.get(key, [])
        if not isinstance(value, list):
            self.fault(f"expected {key}, a list of tables", key)
            return
        for entry in value:
            yield TableReader(self.source, entry, self.table, self.index)

    def tables(self, key: str) -> Iterator[TableReader]:
        """Read the tables of a list at the top of the file, each with its own line.

        Parameters
        ----------
        key : str
            The key in that table.

        Yields
        ------
        TableReader
            One table at a time.
        """
        value = self.row.get(key, [])
        if not isinstance(value, list):
            self.fault(f"expected [[{key}]] tables", key)
            return
        for index, entry in enumerate(value):
            yield TableReader(self.source, entry, key, index)

    def refuse_other_keys(self, known: Collection[str]) -> None:
        """Note a fault for every key that nobody reads: most are spelling mistakes.

        Parameters
        ----------
        known : Collection[str]
            All keys that are read.
        """
        for key in self.row:
            if key not in known:
                self.fault(f"unknown key {key}: expected one of {', '.join(known)}", key)
