"""What differs between two versions of an instrument, item by item: a new wording is a new version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from survey_app.ask.instruments.model import Instrument, Item


class Changed(StrEnum):
    """What became of something between two versions."""

    ADDED = "added"
    DROPPED = "dropped"
    WORDS = "words"
    TEXT_MESSAGE = "text message"
    CALL = "words of a call"
    OPTIONS = "options"
    SCORING = "scoring"
    PLACE = "place in the order"
    CONDITION = "when it is asked"
    ELEMENTS = "elements"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; what was before or is after is empty where there is nothing."""

    item_id: str
    kind: Changed
    before: str
    after: str


def changes_between(old: Instrument, new: Instrument) -> tuple[Change, ...]:
    """List what a newer version changes, in its own order, and last what it drops.

    Parameters
    ----------
    old : Instrument
        A version.
    new : Instrument
        Another version of the same instrument, in the same language.

    Returns
    -------
    tuple of Change
        Empty where both ask the same in the same way.
    """
    before = {item.id: item for item in old.items}
    kept = {item.id for item in new.items}
    found: list[Change] = []
    for item in new.items:
        if item.id in before:
            found += _within(before[item.id], item)
        else:
            found.append(Change(item.id, Changed.ADDED, "", item.text))
    found += [Change(item.id, Changed.DROPPED, item.text, "") for item in old.items if item.id not in kept]
    return tuple(found)


def _within(old: Item, new: Item) -> Iterator[Change]:
    for (kind, before), (_, after) in zip(_aspects(old), _aspects(new), strict=True):
        if before != after:
            yield Change(new.id, kind, before, after)


def _aspects(item: Item) -> Iterator[tuple[Changed, str]]:
    yield Changed.WORDS, item.text
    yield Changed.TEXT_MESSAGE, item.sms
    yield Changed.CALL, item.spoken
    yield Changed.OPTIONS, ", ".join(f"{option.code} {option.label}" for option in item.options)
    yield Changed.SCORING, _scoring(item)
    yield Changed.PLACE, str(item.ordinal)
    yield Changed.CONDITION, _condition(item)
    yield Changed.ELEMENTS, ", ".join(item.elements)


def _scoring(item: Item) -> str:
    worth = ", ".join(f"{option.code}: {_worth(option.score)}" for option in item.options)
    return f"{worth}; the other way round" if item.reverse else worth


def _worth(score: float | None) -> str:
    return "no score" if score is None else f"{score:g}"


def _condition(item: Item) -> str:
    if item.show_if is None:
        return "always"
    codes = " or ".join(str(code) for code in sorted(item.show_if.codes))
    return f"after {codes} to {item.show_if.item}"
