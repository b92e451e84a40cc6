"""A gate with a threshold only: what has ten answers is shown at once, and made anew after every change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from tests.attacker.calendar import DAY, WEEK, instant, local_day, monday_of, quarter_of
from tests.attacker.maps import Change
from tests.attacker.people import CATEGORIES
from tests.attacker.seen import K, Recovered, Seen, Truth
from tests.attacker.world import Reply, Year

STREAM = "all-round"
ITEMS = ("aa.usual", "aa.rare")
"""Two items are enough to show that the attacks work."""

Key = tuple[str, str, dt.date, dt.date, str]


@dataclass(slots=True)
class Naive:
    """Answers as they stand, counted afresh for every figure; pairs of versions are handed out."""

    year: Year
    truth: Truth
    parent_of: dict[str, str] = field(default_factory=dict)
    answers: dict[int, Reply] = field(default_factory=dict)
    covers: dict[str, dict[Key, set[int]]] = field(default_factory=dict)

    def versions(self) -> Iterator[list[Seen]]:
        """Go through the year; yield what was shown before and after each change, and each quarter's end."""
        self.parent_of = {one.id: one.parent for one in self.year.localities}
        self.covers = {item: {} for item in ITEMS}
        map_, *later = self.year.changes
        self._regroup(map_)
        for at, event in self._events():
            while later and at >= instant(later[0].quarter, 0):
                yield from self._next_quarter(map_, later[0])
                map_ = later.pop(0)
            yield from self._happens(event)
        yield from self._shown_in(map_.quarter)

    def _events(self):
        events = [
            (max(reply.stored, reply.settles), 0, reply)
            for reply in self.year.replies
            if reply.person.stream == STREAM
        ]
        events += [(at, 1, person) for at, person in self.year.erasures if person.stream == STREAM]
        return [(at, event) for at, _, event in sorted(events, key=lambda row: row[:2])]

    def _happens(self, event) -> Iterator[list[Seen]]:
        if isinstance(event, Reply):
            self.answers[event.id] = event
            yield from self._moved([event], "arrival")
            return
        gone = [reply for reply in self.answers.values() if reply.person.name == event.name]
        for reply in gone:
            del self.answers[reply.id]
        yield from self._moved(gone, "erasure")

    def _moved(self, replies: list[Reply], cause: str) -> Iterator[list[Seen]]:
        for item in ITEMS:
            changed: dict[Key, set[int]] = {}
            for reply in replies:
                if (item, reply.id) in self.truth.scores:
                    for key in self._keys(reply):
                        changed.setdefault(key, set()).add(reply.id)
            for key, ids in changed.items():
                cover = self.covers[item].setdefault(key, set())
                told = key[0] == "week" or (cause == "erasure" and key[0] != "rolling")
                before = frozenset(cover) if told else None
                cover.symmetric_difference_update(ids)
                if before is not None and min(len(before), len(cover)) >= K:
                    pair = (before, frozenset(cover))
                    yield [
                        self._seen(item, key, one, why)
                        for one, why in zip(pair, ("night", cause), strict=True)
                    ]

    def _next_quarter(self, old: Change, new: Change) -> Iterator[list[Seen]]:
        yield from self._shown_in(old.quarter)
        before = {item: dict(self.covers[item]) for item in ITEMS}
        self.parent_of |= new.moves
        self._regroup(new)
        for item in ITEMS:
            for key, cover in self.covers[item].items():
                was = before[item].get(key, set())
                if key[0] == "week" and was != cover and min(len(was), len(cover)) >= K:
                    yield [
                        self._seen(item, key, frozenset(one), why)
                        for one, why in ((was, "night"), (cover, "map"))
                    ]

    def _regroup(self, map_: Change) -> None:
        self._unit_of = {one.id: map_.unit_of(one.id) for one in self.year.localities}
        self.covers = {item: {} for item in ITEMS}
        for reply in self.answers.values():
            for item in ITEMS:
                if (item, reply.id) in self.truth.scores:
                    for key in self._keys(reply):
                        self.covers[item].setdefault(key, set()).add(reply.id)

    _unit_of: dict[str, str] = field(default_factory=dict)

    def _keys(self, reply: Reply) -> Iterator[Key]:
        person = reply.person
        week = monday_of(local_day(reply.settles))
        quarter = quarter_of(week)
        parents = (self.parent_of[person.place], "system")
        for place in {person.place, self._unit_of[person.place], *parents}:
            yield ("week", place, week, week + 6 * DAY, "")
            yield ("all", place, quarter, quarter, "")
            for back in range(4):
                start = week - back * WEEK
                yield ("rolling", place, start, start + 27 * DAY, "")
        if person.practice:
            yield ("practice", person.practice, quarter, quarter, "")
        for parent in parents:
            yield ("category", parent, quarter, quarter, person.category or "")

    def _shown_in(self, quarter: dt.date) -> Iterator[list[Seen]]:
        for item in ITEMS:
            shown = [
                self._seen(item, key, frozenset(cover), "night")
                for key, cover in self.covers[item].items()
                if len(cover) >= K and quarter_of(key[2]) == quarter
            ]
            yield shown + list(self._weighted(item, quarter))

    def _weighted(self, item: str, quarter: dt.date) -> Iterator[Seen]:
        for parent in ("system", *self.year.parents):
            of = {
                one: self.covers[item].get(("category", parent, quarter, quarter, one), set())
                for one in CATEGORIES
            }
            residents = {one: self._residents(parent, one) for one in CATEGORIES}
            if sum(map(len, of.values())) >= K and all(of.values()) and all(residents.values()):
                everyone = sum(residents.values())
                weights = {
                    id_: Fraction(residents[one], everyone * len(ids))
                    for one, ids in of.items()
                    for id_ in ids
                }
                total = sum((w * self.truth.scores[item, id_] for id_, w in weights.items()), Fraction())
                cover = frozenset(weights)
                yield Seen(
                    STREAM, item, "weighted", parent, quarter, quarter, "", total, cover, "night", weights
                )

    def _residents(self, parent: str, category: str) -> int:
        below = [one for one, above in self.parent_of.items() if parent in {above, "system"}]
        return sum(self.year.population.get((one, category), 0) for one in below)

    def _seen(self, item: str, key: Key, cover: frozenset[int], cause: str) -> Seen:
        kind, place, start, end, label = key
        total = Fraction(self.truth.total(item, cover))
        return Seen(STREAM, item, kind, place, start, end, label, total, cover, cause)


def limits_inverted(naive: Naive) -> Iterator[Recovered]:
    """Solve suppressed weeks from a centre line that includes them, as it moves from week to week."""
    for item in ITEMS:
        weeks: dict[str, list[tuple[dt.date, set[int]]]] = {}
        for (kind, place, start, _, _), cover in naive.covers[item].items():
            if kind == "week" and cover:
                weeks.setdefault(place, []).append((start, cover))
        for rows in weeks.values():
            means = [
                Fraction(naive.truth.total(item, frozenset(c)), len(c))
                for _, c in sorted(rows, key=lambda r: r[0])
            ]
            lines = [sum(means[: n + 1], Fraction()) / (n + 1) for n in range(len(means))]
            for n, (_, cover) in enumerate(sorted(rows, key=lambda r: r[0])):
                before = lines[n - 1] * n if n else Fraction()
                if len(cover) < K and lines[n] * (n + 1) - before == means[n]:
                    yield Recovered("limits", STREAM, item, frozenset(cover), means[n] * len(cover))


def scale_sums(naive: Naive) -> Iterator[Recovered]:
    """Subtract the scale of those who answered all its items from the items' own sums."""
    items = ("aa.usual", "aa.alike", "aa.rota")
    rows: dict[tuple[str, dt.date], list[Reply]] = {}
    for reply in naive.answers.values():
        week = monday_of(local_day(reply.settles))
        for place in (reply.person.place, naive.parent_of[reply.person.place], "system"):
            rows.setdefault((place, week), []).append(reply)
    for replies in rows.values():
        valid = {item: {r.id for r in replies if (item, r.id) in naive.truth.scores} for item in items}
        complete = set.intersection(*valid.values())
        if min(map(len, valid.values())) < K or len(complete) < K:
            continue
        told = sum(naive.truth.total(item, frozenset(ids)) for item, ids in valid.items())
        scale = sum(naive.truth.total(item, frozenset(complete)) for item in items)
        rest = frozenset(set.union(*valid.values()) - complete)
        if naive.truth.is_small(rest):
            said = sum(naive.truth.scores[i, one] for i in items for one in valid[i] - complete)
            assert told - scale == said
            yield Recovered("scales", STREAM, "scale", rest, Fraction(said))
