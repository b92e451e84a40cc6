"""Hold conversations: python -m tests.simulation --conversations 10000 --seed 1 --workers 2."""

from __future__ import annotations

import argparse
import sys

from tests.simulation.report import lines
from tests.simulation.runs import Outcome, many


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--conversations", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--phones", type=int, default=240, help="phones in a world, at most 990")
    chosen = parser.parse_args(arguments)
    total = Outcome(chosen.seed)
    for outcome in many(
        chosen.conversations, seed=chosen.seed, workers=chosen.workers, n_phones=chosen.phones
    ):
        said = f"world {outcome.seed}: {outcome.n_conversations} conversations, {outcome.seconds:.1f} s"
        print(f"{said}, {len(outcome.violations)} violations", file=sys.stderr, flush=True)  # noqa: T201
        total.add(outcome)
    print("\n".join(lines(total)))  # noqa: T201 - what the command is for
    return 1 if total.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
