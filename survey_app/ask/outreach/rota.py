"""The rota: each person gets a few of the items, so that many items can be asked without long surveys."""

from __future__ import annotations

import random

from survey_app.ask.instruments.model import Instrument


def choose_items(instrument: Instrument, n_items: int | None, seed: str) -> list[str] | None:
    """Return the ids one person is asked, in the instrument's order; None means all of them.

    An item that depends on an earlier answer goes with the item it depends on and is not counted.
    """
    free = [item.id for item in instrument.items if item.show_if is None]
    if n_items is None or n_items >= len(free):
        return None
    chosen = set(random.Random(seed).sample(free, n_items))  # noqa: S311 - drawable again; no secret
    for item in instrument.items:
        if item.show_if is not None and item.show_if.item in chosen:
            chosen.add(item.id)
    return [item.id for item in instrument.items if item.id in chosen]
