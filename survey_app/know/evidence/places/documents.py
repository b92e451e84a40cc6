"""Findings as pages read them: places beside each other, groups beside each other, who answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Ends = tuple[float, float, float]
"""An estimate with the ends of its 95 % interval."""


class Position(StrEnum):
    """Where a place lies among the limits of a funnel."""

    USUAL = "usual"
    ABOVE = "above"  # outside 95 %, where chance alone puts one place in twenty
    BELOW = "below"
    FAR_ABOVE = "far_above"  # outside 99.8 %
    FAR_BELOW = "far_below"


class Smoothing(StrEnum):
    """Whether smoothed figures stand beside a place's own, or why not."""

    SHOWN = "shown"
    FEW_PLACES = "few_places"
    NO_DIFFERENCES = "no_differences"
    ALIKE = "alike"


class NoSlope(StrEnum):
    """Why there is no slope index."""

    UNORDERED = "unordered"
    SCALE = "scale"
    WITHHELD = "withheld"
    TOO_FEW = "too_few"
    NO_POPULATION = "no_population"


@dataclass(frozen=True, slots=True)
class Compared:
    """One place of a comparison; without a value it is withheld, and nothing else is known of it."""

    place: str
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    position: Position | None = None
    usual: tuple[float, float] | None = None
    limits: tuple[float, float] | None = None
    smoothed: float | None = None
    reliability: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The localities below a place in one quarter.

    Attributes
    ----------
    target : float or None
        What all of them have together; None where there is no funnel.
    widened : bool
        Whether the limits allow for places differing more than chance would have it.
    needed : int or None
        Answers from which a place's figure tells it from others well enough.
    lines : tuple of tuple of float, shape (m, 5)
        Answers, then both ends of the 95 % and of the 99.8 % limits.
    """

    target: float | None
    widened: bool
    smoothing: Smoothing
    needed: int | None
    places: tuple[Compared, ...]
    lines: tuple[tuple[float, ...], ...]

    @property
    def shown(self) -> tuple[Compared, ...]:
        """Return the places that have a figure.

        Returns
        -------
        tuple of Compared
            In the document's order.
        """
        return tuple(one for one in self.places if one.value is not None)


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """One group of the breakdown; without a value it is withheld."""

    category: str
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    difference: Ends | None = None  # against the other groups together


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of everybody with a stated category, weighted to the people who live here or as answered."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    n_effective: float | None = None
    design_effect: float | None = None


@dataclass(frozen=True, slots=True)
class Equity:
    """The groups of one place in one quarter."""

    groups: tuple[GroupFigure, ...]
    slope: Ends | None
    ratio: Ends | None
    no_slope: NoSlope | None
    weighted: Estimate | None
    unweighted: Estimate | None


@dataclass(frozen=True, slots=True)
class Part:
    """One category among the people who live here, those invited and those who answered.

    `invited` and `answers` are None where they are withheld, `people` where no table was taken in.
    """

    category: str
    people: int | None
    invited: int | None
    answers: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those asked answered: whole per cent, of everybody, and of those known to be reached."""

    n_asked: int
    rr2: int
    rr6: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered at one place in one quarter.

    Attributes
    ----------
    replies : int or None
        People in whole weeks; None where there were too few.
    invited : bool
        Whether anybody was invited: without, there is no list that a rate could be of.
    partly : bool
        Whether places below are left out of the rate because they had too few.
    item : str
        The statement whose answers are split, empty where none are.
    parts : tuple of Part
        Empty at localities: the breakdown is shown at their parents.
    """

    replies: int | None
    invited: bool
    rate: Rate | None
    partly: bool
    item: str
    parts: tuple[Part, ...]


def comparison_of(document: Mapping[str, Any]) -> Comparison:
    """Read a stored comparison.

    Parameters
    ----------
    document : mapping
        As stored.

    Returns
    -------
    Comparison
        The same.
    """
    return Comparison(
        target=document["target"],
        widened=document["widened"],
        smoothing=Smoothing(document["smoothing"]),
        needed=document["needed"],
        places=tuple(_compared(row) for row in document["places"]),
        lines=tuple(tuple(line) for line in document["lines"]),
    )


def equity_of(document: Mapping[str, Any]) -> Equity:
    """Read a stored finding about groups.

    Parameters
    ----------
    document : mapping
        As stored.

    Returns
    -------
    Equity
        The same.
    """
    weighted, unweighted = document.get("weighted"), document.get("unweighted")
    reason = document.get("no_slope")
    return Equity(
        groups=tuple(_group(row) for row in document["groups"]),
        slope=_ends(document.get("slope")),
        ratio=_ends(document.get("ratio")),
        no_slope=NoSlope(reason) if reason else None,
        weighted=Estimate(**weighted) if weighted else None,
        unweighted=Estimate(**unweighted) if unweighted else None,
    )


def answered_of(document: Mapping[str, Any]) -> Answered:
    """Read a stored finding about who answered.

    Parameters
    ----------
    document : mapping
        As stored.

    Returns
    -------
    Answered
        The same.
    """
    rate = document["rate"]
    return Answered(
        replies=document["replies"],
        invited=document["invited"],
        rate=Rate(**rate) if rate else None,
        partly=document["partly"],
        item=document["item"],
        parts=tuple(Part(**row) for row in document["parts"]),
    )


def _compared(row: Mapping[str, Any]) -> Compared:
    if "withheld" in row:
        return Compared(row["place"])
    ranges = {name: tuple(row[name]) for name in ("usual", "limits") if name in row}
    position = {"position": Position(row["position"])} if "position" in row else {}
    return Compared(**{**row, **ranges, **position})


def _group(row: Mapping[str, Any]) -> GroupFigure:
    if "withheld" in row:
        return GroupFigure(row["category"])
    return GroupFigure(**{**row, "difference": _ends(row.get("difference"))})


def _ends(found: list[float] | None) -> Ends | None:
    return (found[0], found[1], found[2]) if found else None
