"""Many years added up, and the tables that say how the gate stood and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.attacker.campaign import Found, Outcome, Tally
from tests.attacker.utility import Band, band_name

ATTACKS = (
    "one figure alone",
    "siblings",
    "windows",
    "limits",
    "before and after",
    "poll timing",
    "moved or regrouped",
    "erasures",
    "restatements",
    "scales",
    "values",
    "weights",
    "breakdowns",
    "all alike",
    "elimination",
)
KEPT, LOST = ("shown",), ("solves", "unproven", "all_alike")
"""Of figures with enough answers; the rest had too few, or nothing to be weighted to."""


@dataclass(slots=True)
class Total:
    """Everything that several years gave."""

    n_years: int = 0
    n_replies: int = 0
    seconds: list[float] = field(default_factory=list)
    real: Found = field(default_factory=Found)
    naive: Found = field(default_factory=Found)
    odd: list[str] = field(default_factory=list)
    n_numbers: int = 0
    quarters: Tally = field(default_factory=dict)
    bands: dict[int, Band] = field(default_factory=dict)
    scale_bins: list[tuple[int, int]] = field(default_factory=list)
    leaky: list[int] = field(default_factory=list)
    """Seeds of years in which the real gate gave a group of fewer than K people away."""

    def add(self, outcome: Outcome) -> None:
        self.n_years += 1
        self.n_replies += outcome.n_replies
        self.seconds.append(outcome.seconds)
        _add_found(self.real, outcome.real)
        _add_found(self.naive, outcome.naive)
        self.odd += [f"year {outcome.seed}: {one}" for one in outcome.odd]
        self.n_numbers += outcome.documents.n_numbers
        _add(self.quarters, outcome.quarters)
        for band, found in outcome.bands.items():
            self.bands.setdefault(band, Band()).add(found)
        self.scale_bins += outcome.documents.scale_bins.values()
        if outcome.real.few_answers or outcome.real.few_people:
            self.leaky.append(outcome.seed)

    @property
    def share_kept(self) -> float:
        kept = sum(n for name, n in self.quarters.items() if name.endswith(KEPT))
        lost = sum(n for name, n in self.quarters.items() if name.split()[1] in LOST)
        return kept / (kept + lost) if kept + lost else float("nan")


def _add(one: Tally, other: Tally) -> None:
    for name, n in other.items():
        one[name] = one.get(name, 0) + n


def _add_found(one: Found, other: Found) -> None:
    _add(one.few_answers, other.few_answers)
    _add(one.few_people, other.few_people)
    one.examples = (one.examples + other.examples)[:12]
    one.n_alike += other.n_alike
    one.undecided += other.undecided
    one.n_equations += other.n_equations
    one.n_atoms += other.n_atoms


def lines(total: Total) -> Iterator[str]:
    """Yield the tables, line by line."""
    mean = sum(total.seconds) / total.n_years
    yield f"{total.n_years} years, {total.n_replies} replies, {mean:.1f} s a year"
    yield f"real gate: {total.real.n_equations} figures over {total.real.n_atoms} atoms, "
    yield f"  {total.n_numbers} numbers of series read; searches not finished: {total.real.undecided}"
    yield ""
    yield f"{'groups recovered':28} threshold only    real gate   of 10+ answers by fewer than 10 people"
    for attack in ATTACKS:
        naive = total.naive.few_answers.get(attack, 0) + total.naive.few_people.get(attack, 0)
        real, people = total.real.few_answers.get(attack, 0), total.real.few_people.get(attack, 0)
        yield f"{attack:28} {naive:14} {real:12} {people:11}"
    yield ""
    yield f"differences of 10 to 19 people who all said the same (not refused): {total.real.n_alike}"
    yield f"years in which the real gate gave something away: {len(total.leaky)} {total.leaky[:20]}"
    yield from (f"  {one}" for one in total.real.examples)
    yield f"oddities: {len(total.odd)}"
    yield from (f"  {one}" for one in total.odd[:10])
    yield ""
    yield from _usefulness(total)


def _usefulness(total: Total) -> Iterator[str]:
    yield (
        "replies a week     answers   own bin, in 4 weeks   own bin   in 4 weeks   median days"
        "   weeks with a live block   bins with a point of the scale"
    )
    for band, found in sorted(total.bands.items()):
        n = max(1, found.n)
        live = f"{found.live_weeks / found.n_weeks:6.0%} of {found.n_weeks}" if found.n_weeks else "     -"
        scale = f"{found.scale_bins / found.n_bins:.0%} of {found.n_bins}" if found.n_bins else "-"
        yield (
            f"{band_name(band):16} {found.n:9} {found.both / n:20.1%} {found.own_bin / n:9.1%} "
            f"{found.in_time / n:12.1%} {found.median_delay:13.1f}   {live:23} {scale}"
        )
    everyone = Band()
    for found in total.bands.values():
        everyone.add(found)
    n = max(1, everyone.n)
    shares = f"{everyone.both / n:20.1%} {everyone.own_bin / n:9.1%} {everyone.in_time / n:12.1%}"
    yield f"everybody {everyone.n:16} {shares}"
    yield f"quarterly figures with enough answers that are shown: {total.share_kept:.1%}"
    yield f"  {_in_words(total.quarters)}"
    with_point, all_bins = (
        (sum(column) for column in zip(*total.scale_bins, strict=True)) if total.scale_bins else (0, 0)
    )
    yield f"closed bins with a point of the scale: {with_point / max(1, all_bins):.1%} of {all_bins}"


def _in_words(quarters: Tally) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(quarters.items()))


def added_up(outcomes: Iterable[Outcome]) -> Total:
    total = Total()
    for outcome in outcomes:
        total.add(outcome)
    return total
