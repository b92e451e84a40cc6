"""What a team may talk about over its report, read from config/climate.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.know.evidence.climate.result import Figure, Level

LOW_UNDER = 60


class BadGuide(ValueError):
    """The file of discussion guides cannot be used."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One factor: its name, what it is about, and questions for three situations."""

    id: str
    name: str
    about: str
    low: tuple[str, ...]
    apart: tuple[str, ...]
    strong: tuple[str, ...]
    ways: tuple[str, ...]

    def questions(self, figure: Figure) -> tuple[str, ...]:
        """Return what fits a figure.

        Parameters
        ----------
        figure : Figure
            Of this factor.

        Returns
        -------
        tuple of str
            First on different views, because a middle figure of two camps speaks for neither.
        """
        apart = self.apart if figure.agreement and figure.agreement.level is Level.APART else ()
        if figure.points is None:
            return ()
        return apart + (self.low if figure.points < LOW_UNDER else () if apart else self.strong)


@dataclass(frozen=True, slots=True)
class Guide:
    """Every topic, in the file's order."""

    topics: tuple[Topic, ...]

    def topic(self, factor_id: str) -> Topic | None:
        """Return the topic of a factor.

        Parameters
        ----------
        factor_id : str
            Id of a scale.

        Returns
        -------
        Topic or None
            None for factors of wording that somebody brought in themselves.
        """
        return next((topic for topic in self.topics if topic.id == factor_id), None)


def load_guide(path: Path) -> Guide:
    """Read the file.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    Guide
        As written.

    Raises
    ------
    BadGuide
        If a part is missing or an id stands twice.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        topics = tuple(_topic(row) for row in raw["factors"])
    except KeyError as missing:
        raise BadGuide(f"{path.name}: expected the key {missing} in every factor") from None
    if len({topic.id for topic in topics}) != len(topics):
        raise BadGuide(f"{path.name}: an id stands twice")
    return Guide(topics)


def _topic(row: dict[str, Any]) -> Topic:
    lists = (tuple(row[name]) for name in ("low", "apart", "strong", "ways"))
    return Topic(row["id"], row["name"], row["is"], *lists)
