"""The result of one round of a panel, of which page, table, picture and twins are made."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

HIGHEST = 5


class Band(StrEnum):
    """How far a place has got on one dimension, by the panel's median."""

    INITIAL = "initial"
    PROGRESSING = "progressing"
    OPTIMISING = "optimising"


def band_of(median: float) -> Band:
    """Return the band of a median.

    Parameters
    ----------
    median : float
        0 to 5.

    Returns
    -------
    Band
        Initial below 3, optimising at 5: half a point is not yet the next band.

    References
    ----------
    docs/algorithms/panels.md.

    Examples
    --------
    >>> [band_of(median).value for median in (2.5, 3, 4.5, 5)]
    ['initial', 'progressing', 'progressing', 'optimising']
    """
    if median < 3:
        return Band.INITIAL
    return Band.OPTIMISING if median >= HIGHEST else Band.PROGRESSING


@dataclass(frozen=True, slots=True)
class Judged:
    """One dimension as a panel judged it.

    Attributes
    ----------
    counts : dict of str to int
        Votes by score, in the order of the steps; keys are texts because JSON has no others.
    elements : sequence of str
        What it speaks to in the logic model, the primary one first.
    before : float or None
        Median of the round before, of the same wording.
    """

    id: str
    title: str
    text: str
    step: str
    n: int
    median: float
    low: float
    high: float
    quartile1: float
    quartile3: float
    n_outside: int
    split: bool
    counts: Mapping[str, int]
    elements: Sequence[str] = ()
    before: float | None = None
    split_before: bool | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the raters place themselves among named phases: weak evidence."""

    title: str
    text: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Named:
    """One rater with what they said, for those who may see names."""

    name: str
    post: str
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PanelResult:
    """Everything shown of one round."""

    round_id: int
    instrument: str
    version: int
    title: str
    place: str
    edition: str
    opened_on: dt.date
    closed_on: dt.date
    n_asked: int
    dimensions: tuple[Judged, ...]
    placed: tuple[Placed, ...]
    raters: tuple[Named, ...]
    before_on: dt.date | None = None

    @property
    def n_split(self) -> int:
        """Return on how many dimensions the panel is split.

        Returns
        -------
        int
            Of all dimensions.
        """
        return sum(one.split for one in self.dimensions)

    def to_json(self) -> str:
        """Return the document that is stored.

        Returns
        -------
        str
            With names; the twin of the page leaves them out.
        """
        return json.dumps(asdict(self), default=dt.date.isoformat, ensure_ascii=False, separators=(",", ":"))


def result_from_json(text: str) -> PanelResult:
    """Read back what `to_json` wrote.

    Parameters
    ----------
    text : str
        A stored document.

    Returns
    -------
    PanelResult
        As it was written.
    """
    raw: dict[str, Any] = json.loads(text)
    days = {name: dt.date.fromisoformat(raw[name]) for name in ("opened_on", "closed_on")}
    before = raw["before_on"]
    lists = {
        "dimensions": tuple(Judged(**one) for one in raw["dimensions"]),
        "placed": tuple(Placed(**one) for one in raw["placed"]),
        "raters": tuple(Named(**one) for one in raw["raters"]),
    }
    return PanelResult(
        **raw | days | lists | {"before_on": dt.date.fromisoformat(before) if before else None}
    )
