"""What the auditor costs and keeps: many small candidates, and a quarter of one item as it really looks.

`python -c "from bench.audits import say; say()"` prints both.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from survey_app.know.disclosure.auditor import Auditor

PARENTS = 6
LOCALITIES = 200
WEEKS = 13
PRACTICES = 400
CATEGORIES = 6


class Audit(NamedTuple):
    """How many figures were asked for, which share went out, and why the others did not."""

    candidates: int
    kept: float
    seconds: float
    refused: dict[str, int]


def small_numbers(*, items: int = 40, seed: int = 1) -> Audit:
    """Audit 221 candidates an item: localities of about 14 people in 4 categories, shown at 5 parents."""
    rng = random.Random(seed)
    total = Audit(0, 0, 0, {})
    for _ in range(items):
        total = _added(total, _small_item(rng))
    return total


def quarter(*, seed: int = 1) -> Audit:
    """Audit one item's quarter over its weekly blocks: groups, practices, weights, categories."""
    rng = random.Random(seed)
    people = _quarter_people(rng)
    started = time.process_time()
    auditor = Auditor(people)
    for block in _blocks(people):
        auditor.know(block)
    return _asked(auditor, _quarterly(people), started)


def say() -> None:
    for name, audit in (("small_numbers", small_numbers()), ("quarter_of_one_item", quarter())):
        for field, value in audit._asdict().items():
            print(f"audit_{name}_{field}: {value if isinstance(value, dict) else format(value, '.4g')}")


def _small_item(rng: random.Random) -> Audit:
    people: dict[tuple[int, int], int] = {}
    small = rng.choice((0.01, 0.02, 0.3, 0.45))  # few small ones are what subtraction finds
    for locality in range(LOCALITIES):
        size = rng.choice((3, 5, 8)) if rng.random() < small else rng.choice((10, 12, 15, 18, 20, 25))
        of = Counter(rng.choices(range(4), weights=(55, 25, 12, 8), k=size))
        people |= {(locality, category): of[category] for category in range(4)}
    candidates = [{(locality, category): 1 for category in range(4)} for locality in range(LOCALITIES)]
    candidates += [
        {(locality, category): 1 for locality in range(parent, LOCALITIES, 5)}
        for category in range(4)
        for parent in range(5)
    ]
    candidates.append(dict.fromkeys(people, 1))
    started = time.process_time()
    return _asked(Auditor(people), iter(candidates), started)


def _quarter_people(rng: random.Random) -> dict[tuple[int, int, int, int], int]:
    """Place, week, practice, category: two neighbouring places share four practices."""
    people: Counter[tuple[int, int, int, int]] = Counter()
    for place in range(LOCALITIES):
        mine = tuple(4 * (place // 2) + i for i in ((0, 1, 2) if place % 2 else (2, 3, 0)))
        for week in range(WEEKS):
            for _ in range(rng.randint(10, 19)):
                practice = rng.choices(mine, weights=(50, 35, 15))[0]
                category = rng.choices(range(CATEGORIES), weights=(40, 25, 15, 10, 6, 4))[0]
                people[place, week, practice, category] += 1
    return dict(people)


def _blocks(people: dict[tuple[int, int, int, int], int]) -> list[dict[tuple[int, int, int, int], int]]:
    blocks: dict[tuple[int, int], dict[tuple[int, int, int, int], int]] = {}
    for cell in people:
        blocks.setdefault(cell[:2], {})[cell] = 1
    return list(blocks.values())


def _quarterly(
    people: dict[tuple[int, int, int, int], int],
) -> Iterator[dict[tuple[int, int, int, int], int | Fraction]]:
    for first in range(0, LOCALITIES, 2):
        yield {cell: 1 for cell in people if cell[0] // 2 == first // 2}
    for practice in range(PRACTICES):
        yield {cell: 1 for cell in people if cell[2] == practice}
    for parent in range(PARENTS):
        yield {
            cell: Fraction(3 + cell[0] % 7, 5) * Fraction(4 + cell[3], 6)
            for cell in people
            if cell[0] % PARENTS == parent
        }
    for parent in range(PARENTS):
        for category in range(CATEGORIES):
            yield {cell: 1 for cell in people if cell[0] % PARENTS == parent and cell[3] == category}


def _asked(auditor: Auditor, candidates: Iterator[dict], started: float) -> Audit:
    spent = time.process_time() - started
    answers: Counter[str] = Counter()
    for figure in candidates:  # making them is not the auditor's work
        started = time.process_time()
        answers[auditor.release(figure) or "kept"] += 1
        spent += time.process_time() - started
    n = answers.total()
    return Audit(n, answers.pop("kept", 0) / n, spent, {str(reason): n for reason, n in answers.items()})


def _added(one: Audit, other: Audit) -> Audit:
    n = one.candidates + other.candidates
    kept = (one.kept * one.candidates + other.kept * other.candidates) / n
    return Audit(n, kept, one.seconds + other.seconds, dict(Counter(one.refused) + Counter(other.refused)))
