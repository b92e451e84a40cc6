"""What the protection costs: who is in a figure when, by how many replies a week their place has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from tests.attacker.calendar import DAY, local_day
from tests.attacker.surfaces import Whole
from tests.attacker.world import Year

STREAM = "all-round"
"""The busier one, for which groups and bins are chosen."""
BANDS = (1, 2, 5, 10, 20, 40)
LATEST = 28 * DAY


@dataclass(slots=True)
class Band:
    """Places of about the same number of replies a week."""

    n: int = 0
    own_bin: int = 0
    in_time: int = 0
    both: int = 0
    delays: list[float] = field(default_factory=list)
    n_weeks: int = 0
    live_weeks: int = 0
    n_bins: int = 0
    scale_bins: int = 0

    def add(self, other: Band) -> None:
        self.n += other.n
        self.own_bin += other.own_bin
        self.in_time += other.in_time
        self.both += other.both
        self.delays += other.delays
        self.n_weeks += other.n_weeks
        self.live_weeks += other.live_weeks
        self.n_bins += other.n_bins
        self.scale_bins += other.scale_bins

    @property
    def median_delay(self) -> float:
        return median(self.delays) if self.delays else float("nan")


def band_of(volume: float) -> int:
    """Return the number of the band of so many replies a week."""
    return sum(volume >= edge for edge in BANDS)


def band_name(band: int) -> str:
    if band == 0:
        return f"under {BANDS[0]}"
    return f"{BANDS[-1]} or more" if band == len(BANDS) else f"{BANDS[band - 1]} to {BANDS[band]}"


def utility(year: Year, blocks: Mapping[int, Whole]) -> dict[int, Band]:
    """Measure one year; answers of its last six weeks have no time left to be counted and stay out."""
    volume = {one.id: one.volume * (1 - one.carers) for one in year.localities}
    bands: dict[int, Band] = {}
    counted = {one: block for block in blocks.values() for one in block.members}
    erased = {person.name: at for at, person in year.erasures}
    last = year.end - 42 * DAY
    for reply in year.replies:
        day = local_day(reply.settles)
        gone = erased.get(reply.person.name, reply.stored) > reply.stored
        if reply.person.stream != STREAM or day >= last or (gone and reply.id not in counted):
            continue
        band = bands.setdefault(band_of(volume[reply.person.place]), Band())
        band.n += 1
        block = counted.get(reply.id)
        if block is not None:
            delay = (block.closed_at - reply.settles) / dt.timedelta(days=1)
            own, soon = block.start <= day <= block.end, delay <= LATEST.days
            band.own_bin += own
            band.in_time += soon
            band.both += own and soon
            band.delays.append(delay)
    for place, (live, weeks) in _live_weeks(year, blocks.values(), last).items():
        band = bands.setdefault(band_of(volume[place]), Band())
        band.live_weeks += live
        band.n_weeks += weeks
    return bands


def add_scales(bands: dict[int, Band], year: Year, told: Mapping[str, tuple[int, int]]) -> None:
    """Take up how many closed bins of each place or group have a point of the scale, of how many."""
    volume = {one.id: one.volume * (1 - one.carers) for one in year.localities}
    volume |= {
        group: sum(volume[place] for place in places)
        for change in year.changes
        for group, places in change.groups.items()
    }
    for unit, n in volume.items():
        with_point, n_bins = told.get(f"{STREAM} {unit}", (0, 0))
        band = bands.setdefault(band_of(n), Band())
        band.scale_bins += with_point
        band.n_bins += n_bins


def _live_weeks(year: Year, blocks: Iterable[Whole], last: dt.date) -> dict[str, tuple[int, int]]:
    units = [one.id for one in year.localities]
    weeks = {unit: set() for unit in units}
    for block in blocks:
        if block.stream == STREAM and block.early and block.unit in weeks and block.end < last:
            closed = local_day(block.closed_at)
            weeks[block.unit].add(closed - closed.weekday() * DAY)
    whole = (last - year.start).days // 7
    alone = {p: all(change.unit_of(p) == p for change in year.changes) for p in units}
    return {unit: (len(found), whole) for unit, found in weeks.items() if alone[unit]}
