"""The named sets of rules a control chart can be read by, so that a chart can print which one it used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

EARLIEST_LOCK, LATEST_LOCK = 20, 26  # locking at 12 flags noise, never locking hides change


class TwoOfThree(StrEnum):
    """Which points count towards two of three: also those outside the limits (modern), or not (classic)."""

    MODERN = "modern"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of control chart rules.

    Attributes
    ----------
    name : str
        Printed under the chart and stored in its series.
    shift, trend : int
        Points on one side of the mean, and points that only rise or only fall, that make a signal.
    two_of_three : TwoOfThree
        Form of the rule about points near a limit.
    screen_outliers : bool
        Whether moving ranges of 3.267 times their mean or more are left out once.
    max_gap : int
        Missing points in a row that a run survives.
    min_baseline : int
        Fewest rows that limits may be fixed on by hand.
    lock_at : int or None
        Figures in a segment from which its limits rest on the first so many; None never locks.
    limits : bool
        False for a run chart: a median, and the rules of Anhoej for the whole chart.
    parity : bool
        Behave as NHSRplotthedots where the house differs: limits from two points on, no stages, flat
        series judged by their mean (docs/algorithms/departures.md).

    Raises
    ------
    ValueError
        For a lock outside 20 to 26 figures.
    """

    name: str
    shift: int = 7
    trend: int = 7
    two_of_three: TwoOfThree = TwoOfThree.MODERN
    screen_outliers: bool = False
    max_gap: int = 1
    min_baseline: int = 13
    lock_at: int | None = 26
    limits: bool = True
    parity: bool = False

    def __post_init__(self) -> None:
        if self.lock_at is not None and not EARLIEST_LOCK <= self.lock_at <= LATEST_LOCK:
            message = f"a lock at {self.lock_at} figures: expected {EARLIEST_LOCK} to {LATEST_LOCK}"
            raise ValueError(message)


MDC7 = Rules("mdc7")
MDC6 = Rules("mdc6", shift=6, trend=6)
NHSR = Rules(
    "nhsr",
    two_of_three=TwoOfThree.CLASSIC,
    screen_outliers=True,
    max_gap=0,
    min_baseline=12,
    lock_at=None,
    parity=True,
)
ANHOEJ = Rules("anhoej", lock_at=None, limits=False)

PRESETS = {rules.name: rules for rules in (MDC7, MDC6, NHSR, ANHOEJ)}
