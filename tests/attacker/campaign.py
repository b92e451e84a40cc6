"""One seed from beginning to end: both gates, every attack, and what the protection costs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from survey_app.bootstrap import Runtime
from tests.attacker import attacks
from tests.attacker.calendar import quarter_of
from tests.attacker.documents import Documents, read_documents
from tests.attacker.drive import Cause, Drive
from tests.attacker.elimination import eliminate
from tests.attacker.naive import Naive, limits_inverted, scale_sums
from tests.attacker.people import SHOWN
from tests.attacker.runtimes import runtime_in
from tests.attacker.seen import K, Recovered, Seen, Truth
from tests.attacker.surfaces import Surfaces
from tests.attacker.utility import Band, add_scales, utility
from tests.attacker.world import Year, year_of

Tally = dict[str, int]


@dataclass(slots=True)
class Found:
    """What the attacks recovered from one gate.

    `few_answers` counts groups of fewer than K answers; `few_people` those of K answers or more that
    fewer than K people gave, because some of them answered more than once.
    """

    few_answers: Tally = field(default_factory=dict)
    few_people: Tally = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    n_alike: int = 0  # groups of 10 to 19 who all said the same, as a difference of figures tells
    undecided: int = 0
    n_equations: int = 0
    n_atoms: int = 0


@dataclass(slots=True)
class Outcome:
    """One year's result."""

    seed: int
    n_replies: int = 0
    real: Found = field(default_factory=Found)
    naive: Found = field(default_factory=Found)
    odd: list[str] = field(default_factory=list)
    documents: Documents = field(default_factory=Documents)
    quarters: Tally = field(default_factory=dict)
    bands: dict[int, Band] = field(default_factory=dict)
    seconds: float = 0.0


def truth_of(year: Year) -> Truth:
    scores = {}
    for reply in year.replies:
        for item, code in reply.codes.items():
            score = SHOWN[reply.person.stream][item].get(code)
            if score is not None:
                scores[item, reply.id] = score
    return Truth(scores, {reply.id: reply.person.name for reply in year.replies})


def attack_year(
    seed: int, folder: Path, shared: Runtime, empty: Path, *, weeks: int = 53, planned: bool = False
) -> Outcome:
    """Simulate a year and attack both gates over it."""
    began = time.process_time()
    year = year_of(seed, weeks=weeks, planned=planned)
    truth = truth_of(year)
    outcome = Outcome(seed, len(year.replies))
    runtime = runtime_in(folder, shared, empty, f"year-{seed}")
    watched = watch(runtime, year, outcome.documents)
    runtime.database.dispose()
    (folder / f"year-{seed}.db").unlink()
    outcome.odd, outcome.quarters = watched.odd, watched.quarters
    _attack(watched.seen, truth, outcome.real)
    for fault in outcome.documents.unexplained:
        attack = fault.partition(":")[0]
        outcome.real.few_answers[attack] = outcome.real.few_answers.get(attack, 0) + 1
    outcome.bands = utility(year, watched.blocks)
    add_scales(outcome.bands, year, outcome.documents.scale_bins)
    _attack_naive(Naive(year, truth), truth, outcome.naive)
    outcome.seconds = time.process_time() - began
    return outcome


def watch(runtime: Runtime, year: Year, documents: Documents) -> Surfaces:
    """Put a year through the real gate and look after every change; read the series once a month."""
    surfaces = Surfaces(runtime, year)
    nights = 0

    def look(drive: Drive, cause: Cause, maybe_released: bool) -> None:
        nonlocal nights
        surfaces.look(drive, cause, maybe_released=maybe_released)
        nights += cause is Cause.NIGHT
        if cause is Cause.NIGHT and nights % 13 == 0:
            read_documents(runtime, surfaces.seen, documents)

    Drive(runtime, year, look).run()
    read_documents(runtime, surfaces.seen, documents)
    return surfaces


def _attack(seen: list[Seen], truth: Truth, found: Found) -> None:
    recovered: list[Recovered] = []
    for of_item in _by(seen, lambda one: (one.stream, one.item)).values():
        for attack in attacks.NAMED:
            recovered += attack(of_item, truth)
        found.n_alike += len({one.group for one in attacks.alike_by_difference(of_item, truth)})
        for of_quarter in _by(of_item, lambda one: quarter_of(one.start)).values():
            for by_people in (False, True):
                solved = eliminate(of_quarter, truth, by_people=by_people)
                recovered += solved.solved
                found.undecided += solved.undecided
                if not by_people:
                    found.n_equations += solved.n_equations
                    found.n_atoms += solved.n_atoms
    _take(found, recovered, truth)


def _attack_naive(naive: Naive, truth: Truth, found: Found) -> None:
    recovered: list[Recovered] = []
    for shown in naive.versions():
        for attack in attacks.NAMED:
            recovered += attack(shown, truth)
        if len(shown) > 2:
            solved = eliminate(shown, truth, by_people=False)
            recovered += solved.solved
            found.undecided += solved.undecided
    recovered += [*limits_inverted(naive), *scale_sums(naive)]
    _take(found, recovered, truth)


def _take(found: Found, recovered: Iterable[Recovered], truth: Truth) -> None:
    for attack, item, group in dict.fromkeys((one.attack, one.item, one.group) for one in recovered):
        few = len(group) < K or attack == "all alike"
        tally = found.few_answers if few else found.few_people
        tally[attack] = tally.get(attack, 0) + 1
        if len(found.examples) < 5:
            found.examples.append(
                f"{attack}: {len(group)} answers of {truth.n_people(group)} people to {item}"
            )


def _by(seen: Iterable[Seen], key) -> dict[object, list[Seen]]:
    groups: dict[object, list[Seen]] = {}
    for one in seen:
        groups.setdefault(key(one), []).append(one)
    return groups
