"""The four rules that tell a special cause from ordinary variation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from survey_app.stats.limits import Lines, outside, side_of
from survey_app.stats.presets import Rules, TwoOfThree


class SignalKind(StrEnum):
    """The rules, in the order in which one names a point that breaks several at once."""

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
    """One rule broken by one point, upwards or downwards; as text ``shift_low``.

    Attributes
    ----------
    kind : SignalKind
        Which rule.
    side : Side
        Which way.
    found_at : int
        Row that completed the pattern: later than the point's own where a run marks what came before.
    """

    kind: SignalKind
    side: Side
    found_at: int = 0

    def __str__(self) -> str:
        return f"{self.kind.value}_{self.side.value}"


Found = list[tuple[int, Signal]]
Run = list[tuple[int, float]]  # rows and values of a stretch that rules may run through


def find_signals(
    values: Sequence[float | None], lines: Sequence[Lines], rules: Rules, *, first_row: int = 0
) -> list[tuple[Signal, ...]]:
    """Read one stretch without a rebase by all four rules.

    Parameters
    ----------
    values : sequence of float or None, shape (n,)
        One value a period, in order; None is a gap.
    lines : sequence of Lines, shape (n,)
        What each value is judged by; where limits are missing only trends and shifts can be found.
    rules : Rules
        Lengths of runs, form of two-of-three, gaps that a run survives.
    first_row : int
        Row of the whole chart at which the stretch starts; `Signal.found_at` counts from there.

    Returns
    -------
    list of tuple of Signal, shape (n,)
        Every signal of every point, the one that names it first: the one found first; of those found
        at the same row astronomical, trend, two of three, shift. Under the parity preset the order
        of the rules alone decides.

    References
    ----------
    docs/algorithms/signals.md. NHS England, Making Data Count; NHSRplotthedots 0.2.2.

    Examples
    --------
    >>> from survey_app.stats.presets import MDC7
    >>> found = find_signals([1, 2, 3, 4, 5, 6, 7], [Lines(4, None)] * 7, MDC7)
    >>> [(str(signal), signal.found_at) for signal in found[0]]
    [('trend_high', 6)]
    """
    found: list[list[Signal]] = [[] for _ in values]
    for stretch in _stretches(values, rules.max_gap):
        run = [(row, value) for row in stretch if (value := values[row]) is not None]
        for row, signal in _all_rules(run, lines, rules):
            known = {(other.kind, other.side) for other in found[row]}
            if (signal.kind, signal.side) not in known:
                found[row].append(_counted_from(signal, first_row))
    if not rules.parity:
        for signals in found:
            signals.sort(key=lambda signal: signal.found_at)
    return [tuple(signals) for signals in found]


def _counted_from(signal: Signal, first_row: int) -> Signal:
    return Signal(signal.kind, signal.side, signal.found_at + first_row)


def _all_rules(run: Run, lines: Sequence[Lines], rules: Rules) -> Iterator[tuple[int, Signal]]:
    sides = [side_of(value, lines[row].centre) for row, value in run]
    yield from _astronomical(run, lines)
    yield from _trends(run, rules)
    yield from _two_of_three(run, sides, lines, rules.two_of_three)
    yield from _shifts(run, sides, rules.shift)


def _stretches(values: Sequence[float | None], max_gap: int) -> list[list[int]]:
    stretches: list[list[int]] = []
    for row, value in enumerate(values):
        if value is None:
            continue
        if stretches and row - stretches[-1][-1] <= max_gap + 1:
            stretches[-1].append(row)
        else:
            stretches.append([row])
    return stretches


def _astronomical(run: Run, lines: Sequence[Lines]) -> Found:
    return [
        (row, Signal(SignalKind.ASTRONOMICAL, _side(out), row))
        for row, value in run
        if (limits := lines[row].limits) and (out := outside(value, limits.lower, limits.upper))
    ]


def _trends(run: Run, rules: Rules) -> Found:
    steps = [side_of(after, before) for (_, before), (_, after) in pairwise(run)]
    slopes = [
        (index, step, max(index, start + rules.trend - 1))
        for start, stop, step in _runs(steps)
        if stop - start >= rules.trend - 1
        for index in range(start, stop + 1)
    ]
    if rules.parity:
        slopes = _as_the_peer_names_them(slopes, steps)
    return [
        (run[index][0], Signal(SignalKind.TREND, _side(slope), run[complete][0]))
        for index, slope, complete in slopes
    ]


def _as_the_peer_names_them(
    slopes: list[tuple[int, int, int]], steps: list[int]
) -> list[tuple[int, int, int]]:
    # The peer lets the step after a point name its trend wherever the next point is in a trend too,
    # even in another one that this point has no part in.
    members = {index: complete for index, _, complete in reversed(slopes)}
    return [
        (index, (steps[index] if index + 1 in members else 0) or steps[index - 1], members[index])
        for index in sorted(members)
    ]


def _two_of_three(run: Run, sides: list[int], lines: Sequence[Lines], form: TwoOfThree) -> Found:
    near = [_near(value, lines[row], form) for row, value in run]
    return [
        (run[index][0], Signal(SignalKind.TWO_OF_THREE, _side(sides[index]), run[first + 2][0]))
        for first in range(len(run) - 2)
        if sum(near[first : first + 3]) >= 2 and sides[first] and len(set(sides[first : first + 3])) == 1
        for index in range(first, first + 3)
        if near[index]
    ]


def _near(value: float, lines: Lines, form: TwoOfThree) -> bool:
    limits = lines.limits
    if limits is None or not outside(value, limits.near_lower, limits.near_upper):
        return False
    return form is TwoOfThree.MODERN or not outside(value, limits.lower, limits.upper)


def _shifts(run: Run, sides: list[int], length: int) -> Found:
    return [
        (run[index][0], Signal(SignalKind.SHIFT, _side(side), run[max(index, start + length - 1)][0]))
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
