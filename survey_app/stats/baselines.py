"""Which rows the lines of a segment rest on, and how much they can say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.stats.limits import BadSeriesError
from survey_app.stats.presets import EARLIEST_LOCK, Rules


class Stage(StrEnum):
    """How much a segment can say.

    Points alone; a median; limits on trial, which move with each new figure; limits locked, which never move.
    """

    DOTS = "dots"
    RUN = "run"
    TRIAL = "trial"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The first rows of a segment, from which its lines are estimated, and what they amount to."""

    n_rows: int
    n_figures: int
    stage: Stage


def stage_of(n_figures: int, *, fixed: bool = False) -> Stage:
    """Return how much so many figures can say.

    Parameters
    ----------
    n_figures : int
        Values present among the rows the lines rest on.
    fixed : bool
        Whether the rows are fixed, so that enough of them lock the limits.

    Returns
    -------
    Stage
        DOTS under 5, RUN under 13, TRIAL from there, LOCKED from 20 fixed ones.

    Examples
    --------
    >>> stage_of(13).value, stage_of(20, fixed=True).value
    ('trial', 'locked')
    """
    if n_figures < 5:
        return Stage.DOTS
    if n_figures < 13:
        return Stage.RUN
    return Stage.LOCKED if fixed and n_figures >= EARLIEST_LOCK else Stage.TRIAL


def baseline_of(
    values: Sequence[float | None], rules: Rules, fixed: int | None, has_limits: Callable[[int], bool]
) -> Baseline:
    """Choose the rows that the lines of one segment rest on.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        The segment.
    rules : Rules
        Says from how many figures limits lock.
    fixed : int or None
        Rows fixed by hand.
    has_limits : callable
        Whether limits can be estimated from the first so many rows.

    Returns
    -------
    Baseline
        The rows up to the figure that locks; while that many figures give no limits (nothing has moved
        yet) the rows up to the first later figure that does; before that all rows.
    """
    places = [row for row, value in enumerate(values, start=1) if value is not None]
    if fixed is not None:
        inside = sum(row <= fixed for row in places)
        return Baseline(min(fixed, len(values)), inside, stage_of(inside, fixed=len(values) >= fixed))
    lock = rules.lock_at
    if lock is not None:
        for n_figures, row in enumerate(places[lock - 1 :], start=lock):
            if has_limits(row):
                return Baseline(row, n_figures, Stage.LOCKED)
    return Baseline(len(values), len(places), stage_of(len(places)))


def check_options(n: int, rules: Rules, rebases: Sequence[int], fixed: int | None) -> None:
    """Refuse rebases outside a series and a baseline too short to trust.

    Parameters
    ----------
    n : int
        Rows of the series.
    rules : Rules
        Says how short a baseline may be.
    rebases : sequence of int
        Rows at which segments start.
    fixed : int or None
        Rows fixed by hand.

    Raises
    ------
    BadSeriesError
        For either.
    """
    outsiders = [row for row in rebases if not 0 <= row < n]
    if outsiders:
        message = f"rebases {outsiders} lie outside the series: expected rows 0 to {n - 1}"
        raise BadSeriesError(message)
    if fixed is not None and fixed < rules.min_baseline:
        message = f"a baseline of {fixed} is too short: expected at least {rules.min_baseline} points"
        raise BadSeriesError(message)
