"""Counting a closing block item by item: which answers may count now, and which wait for the next block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from survey_app.ask.instruments.model import BadAnswer, Item
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.tables import SKIPPED

ALIKE_UNTIL = 20
"""Below this many valid answers, a figure of answers that are all alike would say what each person said."""


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """One person's answer to one item."""

    response_id: int
    person: bytes
    code: int | None
    place_id: str


@dataclass(frozen=True, slots=True)
class ItemCount:
    """What becomes of one item in a closing block.

    Attributes
    ----------
    cells : dict of int or None to int
        Code to number of people; empty where everything waits.
    waiting : tuple of Given
        Answers that join the next block's.
    counted : tuple of Given
        The valid answers that the cells count.
    """

    cells: dict[int | None, int]
    waiting: tuple[Given, ...]
    counted: tuple[Given, ...] = ()


def valid_answers(items: Iterable[Item]) -> Callable[[str, int | None], bool]:
    """Return the test of an answer for being valid: a scored option of an item, not a skip.

    Parameters
    ----------
    items : iterable of Item
        Those of one version that matter; answers to any other are not valid.

    Returns
    -------
    callable
        Item id and code to bool; remembers what it was asked, for it is asked of every cell.
    """
    by_id = {item.id: item for item in items}

    @cache
    def is_valid(item_id: str, code: int | None) -> bool:
        item = by_id.get(item_id)
        try:
            return item is not None and code != SKIPPED and item.score(code) is not None
        except BadAnswer:
            return False

    return is_valid


def count_item(item: Item, answers: Iterable[Given]) -> ItemCount:
    """Count one item over a block's answers and those that had waited.

    Parameters
    ----------
    item : Item
        Says which codes are valid (scored options).
    answers : iterable of Given
        The block's answers and the waiting ones of its unit.

    Returns
    -------
    ItemCount
        Cells if at least `K` people gave a valid answer and, under 20, not all the same one; else all wait.

    Notes
    -----
    A person counts once: the first valid answer, else the first. A second valid answer waits.
    """
    in_order = sorted(answers, key=lambda given: given.response_id)
    valid = [given for given in in_order if item.score(given.code) is not None]
    chosen: dict[bytes, Given] = {}
    for given in [*valid, *in_order]:
        chosen.setdefault(given.person, given)
    counted = [given for given in chosen.values() if item.score(given.code) is not None]
    if len(counted) < K or (len(counted) < ALIKE_UNTIL and len({given.code for given in counted}) == 1):
        return ItemCount({}, tuple(in_order))
    second = tuple(given for given in valid if chosen[given.person] is not given)
    return ItemCount(dict(Counter(given.code for given in chosen.values())), second, tuple(counted))
