"""Years one after the other, or in several processes at once."""

from __future__ import annotations

import logging
import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from tests.attacker.campaign import Outcome, attack_year
from tests.attacker.runtimes import base, template


def one_year(seed: int, *, folder: Path, weeks: int, planned: bool) -> Outcome:
    """Attack one year in a folder of its own."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(dir=folder) as mine:
        here = Path(mine)
        return attack_year(seed, here, base(here), template(here), weeks=weeks, planned=planned)


def many_years(one: partial[Outcome], seeds: Iterable[int], workers: int) -> Iterator[Outcome]:
    """Yield each year as soon as it is done."""
    if workers == 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(one, seed) for seed in seeds]):
            yield done.result()
