"""What a wave says of a team, and a round of all teams, as stored: everything coarse enough to be shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Refused(StrEnum):
    """Why a closed wave has no figures."""

    SHARE = "share"  # under 30 percent of the roster: those few may not speak for the team
    NEEDED = "needed"  # fewer ballots than the wave needs


class Level(StrEnum):
    """How far a team agrees, by r_wg(j)."""

    SHARED = "shared"
    SOME = "some"
    APART = "apart"


class Verdict(StrEnum):
    """Whether a figure moved by more than chance."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Spread:
    """Percent of answers that disagree, lie in between and agree, each rounded to tens."""

    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far those who answered every item of a factor agree; `strict` by a yardstick that flatters less."""

    level: Level
    strict: Level
    ad_m: float


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of two shown figures, with its interval, in points."""

    points: int
    low: int
    high: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Figure:
    """One factor or one item; `points` is None where too few answered it."""

    id: str
    title: str
    points: int | None
    spread: Spread | None = None
    agreement: Agreement | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier wave of the same teams and wording."""

    wave_id: str
    closed_on: dt.date
    points: Mapping[str, int]
    total: int | None


@dataclass(frozen=True, slots=True)
class Others:
    """All other teams of the round together: the only comparison."""

    n_teams: int
    n_people: int
    points: Mapping[str, int]
    total: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything shown of one wave.

    Attributes
    ----------
    people, share : str
        How many answered and how much of the roster, as bands.
    quick, alike : str
        How many ballots were filled in very fast, and how many with one answer throughout.
    moved : tuple of int
        How many joined and how many left since the wave before.
    others, reliability : None until every wave of the round is over.
    """

    wave_id: str
    round: str
    instrument: str
    version: int
    title: str
    teams: tuple[str, ...]
    closed_on: dt.date
    n_asked: int
    people: str
    share: str
    refused: Refused | None = None
    indicative: bool = False
    factors: tuple[Figure, ...] = ()
    total: int | None = None
    items: tuple[Figure, ...] = ()
    quick: str = ""
    alike: str = ""
    history: tuple[Past, ...] = ()
    moved: tuple[int, int] | None = None
    others: Others | None = None
    reliability: Mapping[str, float] | None = None

    def to_document(self) -> dict[str, Any]:
        """Return what is stored, and what the JSON twin shows.

        Returns
        -------
        dict
            Only texts, numbers, lists and mappings; days in ISO form.
        """
        document: dict[str, Any] = asdict(self)
        document["closed_on"] = self.closed_on.isoformat()
        document["history"] = [
            asdict(past) | {"closed_on": past.closed_on.isoformat()} for past in self.history
        ]
        return document

    @property
    def edition(self) -> str:
        """Return what copies and pictures of the report are compared by.

        Returns
        -------
        str
            Another text for other figures.
        """
        words = json.dumps(self.to_document(), sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()[:22]


@dataclass(frozen=True, slots=True)
class Rollup:
    """All teams at a place together; `n_people` is rounded to fives.

    Attributes
    ----------
    subjects : mapping of str to int
        Points by factor, or by item where the instrument has no factors.
    icc : float or None
        How much of the differences between people lies between teams; only of all teams of a round.
    """

    round: str
    instrument: str
    place: str
    closed_on: dt.date
    n_teams: int
    n_people: int
    subjects: Mapping[str, int]
    total: int | None = None
    icc: float | None = None


def total_of(points: Mapping[str, int], n_factors: int) -> int | None:
    """Return the total of the factors: the mean of what is shown of them, so that it gives nothing away.

    Parameters
    ----------
    points : mapping of str to int
        Shown figures by factor.
    n_factors : int
        How many factors there are.

    Returns
    -------
    int or None
        0 to 100, every factor counting alike; None unless all of them are shown.

    Examples
    --------
    >>> total_of({"vision": 80, "safety": 65, "task": 70, "innovation": 60}, 4)
    69
    """
    if not n_factors or len(points) < n_factors:
        return None
    return int(sum(points.values()) / len(points) + 0.5)


def report_from(document: Mapping[str, Any]) -> Report:
    """Read back what `to_document` wrote.

    Parameters
    ----------
    document : mapping
        As stored.

    Returns
    -------
    Report
        As it was written.
    """
    raw = dict(document)
    raw["closed_on"] = dt.date.fromisoformat(raw["closed_on"])
    raw["teams"] = tuple(raw["teams"])
    raw["refused"] = Refused(raw["refused"]) if raw["refused"] else None
    raw["factors"] = tuple(_figure(one) for one in raw["factors"])
    raw["items"] = tuple(_figure(one) for one in raw["items"])
    raw["history"] = tuple(
        Past(**one | {"closed_on": dt.date.fromisoformat(one["closed_on"])}) for one in raw["history"]
    )
    raw["moved"] = tuple(raw["moved"]) if raw["moved"] else None
    raw["others"] = Others(**raw["others"]) if raw["others"] else None
    return Report(**raw)


def _figure(raw: Mapping[str, Any]) -> Figure:
    agreement, change = raw["agreement"], raw["change"]
    return Figure(
        id=raw["id"],
        title=raw["title"],
        points=raw["points"],
        spread=Spread(**raw["spread"]) if raw["spread"] else None,
        agreement=Agreement(Level(agreement["level"]), Level(agreement["strict"]), agreement["ad_m"])
        if agreement
        else None,
        change=Change(**change | {"verdict": Verdict(change["verdict"])}) if change else None,
    )
