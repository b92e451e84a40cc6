"""The four rules that tell a special cause from ordinary variation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from survey_app.stats.limits import XmrLimits, side_of
from survey_app.stats.presets import Rules, TwoOfThree


class SignalKind(StrEnum):
    """The rules, in the order in which one names a point that breaks several."""

    ASTRONOMICAL = "astronomical"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    SHIFT = "shift"


class Side(StrEnum):
    """Where a signal points: up or down."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule broken by one point, upwards or downwards; as text ``shift_low``."""

    kind: SignalKind
    side: Side

    def __str__(self) -> str:
        return f"{self.kind.value}_{self.side.value}"


Found = list[tuple[int, Signal]]


def find_signals(
    values: Sequence[float | None], *, centre: float, limits: XmrLimits | None, rules: Rules
) -> list[tuple[Signal, ...]]:
    """Read one stretch without a rebase by all four rules.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order; None is a gap.
    centre : float
        The mean the sides are judged by.
    limits : XmrLimits or None
        Without limits only trends and shifts can be found.
    rules : Rules
        Lengths of runs, form of two-of-three, gaps that a run survives.

    Returns
    -------
    list of tuple of Signal, shape (n,)
        Every signal of every point, the one that names it first: astronomical, trend, two of three,
        shift; of two trends that share a turning point the later one.

    References
    ----------
    NHS England, Making Data Count; NHSRplotthedots 0.2.2, R/ptd_calculate_point_type.R.

    Examples
    --------
    >>> from survey_app.stats.presets import MDC7
    >>> [str(signal) for signal in find_signals([1, 2, 3, 4, 5, 6, 7], centre=4, limits=None, rules=MDC7)[0]]
    ['trend_high']
    """
    found: list[list[Signal]] = [[] for _ in values]
    for stretch in _stretches(values, rules.max_gap):
        run = [(place, value) for place in stretch if (value := values[place]) is not None]
        for place, signal in _all_rules(run, centre, limits, rules):
            if signal not in found[place]:
                found[place].append(signal)
    return [tuple(signals) for signals in found]


def _all_rules(
    run: list[tuple[int, float]], centre: float, limits: XmrLimits | None, rules: Rules
) -> Iterator[tuple[int, Signal]]:
    sides = [side_of(value, centre) for _, value in run]
    if limits is not None:
        yield from _astronomical(run, limits)
    yield from _trends(run, rules)
    if limits is not None:
        yield from _two_of_three(run, sides, limits, rules.two_of_three)
    yield from _shifts(run, sides, rules.shift)


def _stretches(values: Sequence[float | None], max_gap: int) -> list[list[int]]:
    stretches: list[list[int]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if stretches and place - stretches[-1][-1] <= max_gap + 1:
            stretches[-1].append(place)
        else:
            stretches.append([place])
    return stretches


def _astronomical(run: list[tuple[int, float]], limits: XmrLimits) -> Found:
    return [
        (place, Signal(SignalKind.ASTRONOMICAL, _side(out)))
        for place, value in run
        if (out := outside(value, limits.lower, limits.upper))
    ]


def outside(value: float, lower: float, upper: float) -> int:
    """Return whether a value lies strictly beyond one of two lines.

    Parameters
    ----------
    value, lower, upper : float
        Three numbers in one unit.

    Returns
    -------
    int
        1 above the upper line, -1 below the lower one, 0 between them or on one.
    """
    if side_of(value, upper) > 0:
        return 1
    return -1 if side_of(value, lower) < 0 else 0


def _trends(run: list[tuple[int, float]], rules: Rules) -> Found:
    steps = [side_of(after, before) for (_, before), (_, after) in pairwise(run)]
    slopes = [
        (index, step)
        for start, stop, step in _runs(steps)
        if stop - start >= rules.trend - 1
        for index in range(start, stop + 1)
    ]
    if rules.parity:
        slopes = _as_the_peer_names_them(slopes, steps)
    return [(run[index][0], Signal(SignalKind.TREND, _side(slope))) for index, slope in reversed(slopes)]


def _as_the_peer_names_them(slopes: list[tuple[int, int]], steps: list[int]) -> list[tuple[int, int]]:
    # The peer lets the step after a point name its trend wherever the next point is in a trend too,
    # even in another one that this point has no part in.
    members = {index for index, _ in slopes}
    return [
        (index, (steps[index] if index + 1 in members else 0) or steps[index - 1])
        for index in sorted(members)
    ]


def _two_of_three(
    run: list[tuple[int, float]], sides: list[int], limits: XmrLimits, form: TwoOfThree
) -> Found:
    near = [_near(value, limits, form) for _, value in run]
    return [
        (run[index][0], Signal(SignalKind.TWO_OF_THREE, _side(sides[index])))
        for first in range(len(run) - 2)
        if sides[first] and len(set(sides[first : first + 3])) == 1 and sum(near[first : first + 3]) >= 2
        for index in range(first, first + 3)
        if near[index]
    ]


def _near(value: float, limits: XmrLimits, form: TwoOfThree) -> bool:
    beyond = outside(value, limits.near_lower, limits.near_upper) != 0
    if form is TwoOfThree.MODERN:
        return beyond
    return beyond and not outside(value, limits.lower, limits.upper)


def _shifts(run: list[tuple[int, float]], sides: list[int], length: int) -> Found:
    return [
        (run[index][0], Signal(SignalKind.SHIFT, _side(side)))
        for start, stop, side in _runs(sides)
        if stop - start >= length
        for index in range(start, stop)
    ]


def _runs(signs: list[int]) -> Iterator[tuple[int, int, int]]:
    start = 0
    for sign, group in groupby(signs):
        stop = start + len(list(group))
        if sign:
            yield start, stop, sign
        start = stop


def _side(sign: int) -> Side:
    return Side.HIGH if sign > 0 else Side.LOW
