"""What the service says by text, per language: loaded once from config/wording, filled in when said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class UnknownText(KeyError):
    """A text that the wording file does not have."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language by name."""

    texts: Mapping[str, str]

    def text(self, name: str, **values: object) -> str:
        """Return a text with its places filled in.

        Parameters
        ----------
        name : str
            A key of the `[texts]` table.
        **values : object
            What stands in each {place}; a place without a value stays as it is ({link} is filled at sending).

        Returns
        -------
        str
            The text to queue.

        Raises
        ------
        UnknownText
            If the file has no such text.
        """
        try:
            said = self.texts[name]
        except KeyError:
            raise UnknownText(
                f"config/wording has no text {name!r}; it has {', '.join(sorted(self.texts))}"
            ) from None
        for place, value in values.items():
            said = said.replace("{" + place + "}", str(value))
        return said


def load_wording(path: Path) -> Wording:
    """Read the `[texts]` table of a wording file.

    Parameters
    ----------
    path : Path
        For example config/wording/en.toml.

    Returns
    -------
    Wording
        All of its texts.
    """
    return Wording(tomllib.loads(path.read_text(encoding="utf-8"))["texts"])
