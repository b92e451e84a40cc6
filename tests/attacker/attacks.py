"""The attacks with a name, each over everything seen of one item; what they solve is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise, permutations

from tests.attacker.calendar import quarter_of
from tests.attacker.elimination import eliminate
from tests.attacker.seen import K, Recovered, Seen, Truth

Attack = Callable[[list[Seen], Truth], Iterator[Recovered]]
CAUSES = {
    "arrival": "before and after",
    "night": "before and after",
    "map": "moved or regrouped",
    "erasure": "erasures",
}
QUARTERLY = ("all", "place", "practice", "category")


def alone(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Read a figure as it stands."""
    for one in newest(seen):
        if one.weights is None:
            yield from _small("one figure alone", one, one.cover, one.total, truth)


def siblings(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Subtract places from what stands above them, in the same week."""
    for figures in _by(newest(seen), lambda one: (one.kind, one.start, one.end)):
        if figures[0].kind == "week":
            yield from _nested("siblings", figures, truth)
    by_end = [one for one in newest(seen) if one.kind == "week"]
    for figures in _by(by_end, lambda one: one.end):
        yield from _nested("siblings", figures, truth)


def windows(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Subtract windows of one place from each other: weeks, rolling weeks, quarters."""
    plain = [one for one in newest(seen) if one.kind in {"week", "rolling", "all", "place"}]
    for figures in _by(plain, lambda one: (one.place, quarter_of(one.start))):
        if len({(one.start, one.end) for one in figures}) > 1:
            yield from _overlapping(figures, truth)
            yield from _nested("windows", [*figures, *_sums(figures)], truth)


def changes(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Subtract a figure from what it was before; the attack is named for what happened in between."""
    live = [one for one in seen if one.kind in {"week", "rolling"}]
    for versions in _by(live, lambda one: one.key):
        for before, after in pairwise(versions):
            for more, less in ((after, before), (before, after)):
                yield from _difference(CAUSES[str(after.cause)], more, less, truth)


def poll_timing(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Ask all the time, and give what changes to the one person who has just been seen to answer."""
    for found in changes([one for one in seen if str(one.cause) in {"arrival", "night"}], truth):
        if len(found.group) == 1:
            yield Recovered("poll timing", found.stream, found.item, found.group, found.value)


def breakdowns(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Subtract categories, practices and places of a group from what they are part of, over a quarter."""
    figures = newest(seen)
    for of_quarter in _by(figures, lambda one: quarter_of(one.start)):
        for kind in ("category", "practice", "place"):
            parts = [one for one in of_quarter if one.kind == kind]
            wholes = [one for one in of_quarter if one.kind == "all"] + _sums(of_quarter)
            for whole in wholes:
                mine = [one for one in parts if kind != "category" or one.place == whole.place]
                yield from _remainder("breakdowns", whole, mine, truth)


def weights(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Solve weighted estimates together with the categories they are made of."""
    figures = [one for one in newest(seen) if one.kind in {"weighted", "category", "all"}]
    for of_place in _by(figures, lambda one: (one.place, quarter_of(one.start))):
        if any(one.weights for one in of_place):
            rest = [one for one in of_place if not one.weights]
            alone = {one.group for one in eliminate(rest, truth, by_people=False).solved} if rest else set()
            for found in eliminate(of_place, truth, by_people=False).solved:
                if found.group not in alone:
                    yield Recovered("weights", found.stream, found.item, found.group, found.value)


def restatements(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Subtract editions of a quarterly figure from each other, and from its weeks."""
    for versions in _by([one for one in seen if one.kind in QUARTERLY], lambda one: one.key):
        for one, other in combinations(versions, 2):
            yield from _difference("restatements", one, other, truth)
            yield from _difference("restatements", other, one, truth)


def all_alike(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Read what each person said off a figure of fewer than 20 answers that are all the same."""
    for one in seen:
        said = {truth.scores[one.item, each] for each in one.cover}
        if len(one.cover) < 20 and len(said) == 1 and one.weights is None:
            yield Recovered("all alike", one.stream, one.item, one.cover, one.total)


def alike_by_difference(seen: list[Seen], truth: Truth) -> Iterator[Recovered]:
    """Read what each of 10 to 19 people said off a difference of figures, where all of them said the same.

    No sum of fewer than K is solved here: it is reported, and the documents say that it can happen.
    """
    plain = [one for one in newest(seen) if one.weights is None]
    for figures in _by(plain, lambda one: quarter_of(one.start)):
        for whole, part in permutations(figures + _sums(figures), 2):
            left = whole.cover - part.cover
            said = {truth.scores[whole.item, one] for one in left} if K <= len(left) < 20 else ()
            if len(said) == 1 and part.cover < whole.cover:
                yield Recovered("alike", whole.stream, whole.item, left, whole.total - part.total)


NAMED: tuple[Attack, ...] = (
    alone,
    siblings,
    windows,
    changes,
    poll_timing,
    breakdowns,
    weights,
    restatements,
    all_alike,
)


def newest(seen: Iterable[Seen]) -> list[Seen]:
    return list({one.key: one for one in seen}.values())


def _by(seen: Iterable[Seen], key: Callable[[Seen], object]) -> list[list[Seen]]:
    groups: dict[object, list[Seen]] = {}
    for one in seen:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _difference(name: str, more: Seen, less: Seen, truth: Truth) -> Iterator[Recovered]:
    if less.cover < more.cover:
        yield from _small(name, more, more.cover - less.cover, more.total - less.total, truth)


def _remainder(name: str, whole: Seen, parts: Iterable[Seen], truth: Truth) -> Iterator[Recovered]:
    left, value = whole.cover, whole.total
    for part in sorted(parts, key=lambda one: -len(one.cover)):
        if part.cover <= left and part.cover != whole.cover:
            left, value = left - part.cover, value - part.total
    if left != whole.cover:
        yield from _small(name, whole, left, value, truth)


def _nested(name: str, figures: list[Seen], truth: Truth) -> Iterator[Recovered]:
    for whole in figures:
        parts = [one for one in figures if one is not whole and one.cover < whole.cover]
        yield from _remainder(name, whole, parts, truth)
        for part in parts:
            yield from _difference(name, whole, part, truth)


def _overlapping(figures: list[Seen], truth: Truth) -> Iterator[Recovered]:
    shown = {one.cover: one for one in figures}
    for one, other in combinations(figures, 2):
        for first, second in ((one, other), (other, one)):
            known = shown.get(second.cover - first.cover)
            if known is not None and known.cover and first.cover - second.cover:
                value = first.total - (second.total - known.total)
                yield from _small("windows", first, first.cover - second.cover, value, truth)


def _sums(figures: list[Seen]) -> list[Seen]:
    """Add up the weeks of each place over a quarter: a figure that anybody can make."""
    sums = []
    for weeks in _by([one for one in figures if one.kind == "week"], lambda one: one.place):
        cover = frozenset().union(*(one.cover for one in weeks))
        if len(weeks) > 1 and len(cover) == sum(len(one.cover) for one in weeks):
            first, start = weeks[0], min(one.start for one in weeks)
            total = sum((one.total for one in weeks), Fraction())
            sums.append(
                Seen(first.stream, first.item, "sum", first.place, start, start, "", total, cover, "night")
            )
    return sums


def _small(
    name: str, like: Seen, group: frozenset[int], value: Fraction, truth: Truth
) -> Iterator[Recovered]:
    if truth.is_small(group):
        if value != truth.total(like.item, group):
            raise ArithmeticError(f"{name} solved {value}, but they said {truth.total(like.item, group)}")
        yield Recovered(name, like.stream, like.item, group, value)
