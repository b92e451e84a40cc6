"""The rule by which settled responses close into blocks: K different people, in order, again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from survey_app.know.aggregation.periods import Bin
from survey_app.know.aggregation.units import Unit

K = 10
"""People in a block at least: users, carers and staff (design, section 3)."""


@dataclass(frozen=True, slots=True)
class Waiter:
    """A settled response that is in no block yet."""

    settled_at: dt.datetime
    response_id: int
    person: bytes
    place_id: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Closing:
    """A block about to close; `early` where its bin is still open for others."""

    unit: Unit
    bin: Bin
    members: tuple[Waiter, ...]
    early: bool

    @property
    def n_carried(self) -> int:
        """Return how many members settled in an earlier bin.

        Returns
        -------
        int
            None of them, unless the unit had fewer than K people left there.
        """
        return sum(member.day < self.bin.start for member in self.members)


def closings(
    waiters: Iterable[Waiter],
    *,
    ended_before: dt.date,
    counted_from: dt.date,
    unit_of: Callable[[str, dt.date], Unit],
    bin_of: Callable[[str, dt.date], Bin],
) -> list[Closing]:
    """Return the blocks that close, in order, for one instrument version and audience.

    Parameters
    ----------
    waiters : iterable of Waiter
        Every settled response that is in no block.
    ended_before : date
        Bins whose last day is before this date end now.
    counted_from : date
        The date up to which bins had been ended before: nothing joins a bin that ended earlier.
    unit_of, bin_of : callable
        Place and day to unit; unit id and day to bin.

    Returns
    -------
    list of Closing
        Each of at least `K` different people. Who is in none of them goes on waiting.

    Notes
    -----
    In an open bin the first K close as soon as K more stand behind them, again and again; at its end
    the rest close as one if they are K, else they join their place's next bin. Running this after every
    answer, every night or once a year gives the same blocks.
    """
    queue: dict[tuple[Bin, Unit], list[Waiter]] = {}

    def join(waiter: Waiter, day: dt.date) -> None:
        unit = unit_of(waiter.place_id, day)
        queue.setdefault((bin_of(unit.id, day), unit), []).append(waiter)

    for waiter in waiters:
        join(waiter, max(waiter.day, counted_from))
    closed: list[Closing] = []
    while queue:
        bin_, unit = min(queue, key=lambda key: (key[0], key[1].id))
        rest = sorted(queue.pop((bin_, unit)), key=lambda waiter: (waiter.settled_at, waiter.response_id))
        if bin_.start > ended_before:
            continue  # its unit's bin before is not ended yet: who waits there comes first
        ends = bin_.end < ended_before
        found, rest = _close(rest, ends=ends)
        closed += [Closing(unit, bin_, members, early) for members, early in found]
        if ends:
            for waiter in rest:
                join(waiter, bin_.end + dt.timedelta(days=1))
    return closed


def _close(rest: list[Waiter], *, ends: bool) -> tuple[list[tuple[tuple[Waiter, ...], bool]], list[Waiter]]:
    closed = []
    while True:
        first = _first_of_each_person(rest, limit=K)
        behind = _without(rest, first)
        if len(first) < K or len({waiter.person for waiter in behind}) < K:
            break
        closed.append((first, True))
        rest = behind
    if ends:
        last = _first_of_each_person(rest)
        if len(last) >= K:
            closed.append((last, False))
            rest = _without(rest, last)
    return closed, rest


def _first_of_each_person(waiters: list[Waiter], limit: int | None = None) -> tuple[Waiter, ...]:
    # A person's second response waits for the next block.
    firsts: dict[bytes, Waiter] = {}
    for waiter in waiters:
        if len(firsts) == limit:
            break
        firsts.setdefault(waiter.person, waiter)
    return tuple(firsts.values())


def _without(waiters: list[Waiter], taken: tuple[Waiter, ...]) -> list[Waiter]:
    ids = {waiter.response_id for waiter in taken}
    return [waiter for waiter in waiters if waiter.response_id not in ids]
