"""What may be told of an action's chart: averages before and since its start, as far as the verdict goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.know.evidence.series import Point, Series
from survey_app.know.evidence.verdicts import BETTER_SIDE, figures_of
from survey_app.know.improvement.actions.verdicts import Judgement, judge
from survey_app.know.measures.measures import Direction

MOST_BEFORE = 13
"""Figures before the start that are averaged at most: a quarter of a year of weeks."""
LEAST_ANSWERS = 10
"""A figure from fewer answers is left out."""


@dataclass(frozen=True, slots=True)
class Average:
    """Several released figures as one.

    Attributes
    ----------
    value : float
        Weighted by answers, in the unit of the series.
    n : int
        Answers, all figures together.
    n_figures : int
        How many figures.
    are_weeks : bool
        Whether each of them is of one week.
    """

    value: float
    n: int
    n_figures: int
    are_weeks: bool


@dataclass(frozen=True, slots=True)
class BeforeSince:
    """Averages on both sides of a start, and the verdict they may not go beyond."""

    before: Average
    since: Average
    judgement: Judgement


def before_since(series: Series, started_on: dt.date) -> BeforeSince | None:
    """Average the closed figures before a start, on the lines then in use, and those since.

    Parameters
    ----------
    series : Series
        As stored: its figures are released.
    started_on : date
        First day of the action.

    Returns
    -------
    BeforeSince or None
        None where one side has no figure from `LEAST_ANSWERS` answers or more.

    References
    ----------
    docs/algorithms/actions.md.
    """
    closed = [point for point in series.points if isinstance(point, Point) and not point.provisional]
    earlier = [point for point in closed if point.start < started_on]
    lines = [point for point in earlier if point.centre == earlier[-1].centre]
    before = _average([point for point in lines if point.n >= LEAST_ANSWERS][-MOST_BEFORE:])
    since = _average([point for point in closed if point.start >= started_on and point.n >= LEAST_ANSWERS])
    if before is None or since is None:
        return None
    has_direction = series.direction in BETTER_SIDE
    return BeforeSince(before, since, judge(figures_of(series), started_on, has_direction=has_direction))


def is_better(found: BeforeSince, direction: Direction) -> bool:
    """Tell whether the average since the start lies on the better side of the one before.

    Parameters
    ----------
    found : BeforeSince
        Averages of one series.
    direction : Direction
        Of its measure.

    Returns
    -------
    bool
        False where they are equal.
    """
    difference = found.since.value - found.before.value
    return difference < 0 if direction is Direction.DECREASE else difference > 0


def _average(points: Sequence[Point]) -> Average | None:
    if not points:
        return None
    n = sum(point.n for point in points)
    value = sum(point.value * point.n for point in points) / n
    are_weeks = all((point.end - point.start).days == 6 for point in points)
    return Average(value, n, len(points), are_weeks)
