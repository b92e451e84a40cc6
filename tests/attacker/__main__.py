"""Run the attacker over many years: python -m tests.attacker --worlds 200 --seed 1 --workers 2."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.attacker.campaign import Outcome
from tests.attacker.report import added_up, lines
from tests.attacker.runs import many_years, one_year

MEMORY = Path("/dev/shm")  # noqa: S108 - a database that is thrown away need not wait for the disk


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacker")
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=53)
    parser.add_argument("--planned", action="store_true", help="a larger system whose map follows the rules")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        seeds = range(chosen.seed, chosen.seed + chosen.worlds)
        one = partial(one_year, folder=Path(folder), weeks=chosen.weeks, planned=chosen.planned)
        total = added_up(_said(many_years(one, seeds, chosen.workers)))
    print("\n".join(lines(total)))  # noqa: T201 - what the command is for
    return 1 if total.leaky or total.odd or total.real.undecided else 0


def _said(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        leaks = {**outcome.real.few_answers}, {**outcome.real.few_people}
        print(f"year {outcome.seed}: {outcome.seconds:.1f} s, {leaks}", file=sys.stderr, flush=True)  # noqa: T201
        yield outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
