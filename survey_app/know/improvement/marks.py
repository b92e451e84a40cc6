"""Marks: dated things that stand on a chart and never change a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """What a mark is about."""

    ANNOTATION = "annotation"  # something happened there
    REBASE = "rebase"  # from here on there are new lines
    VERSION = "version"  # from here on another wording was asked
    MODE_SHIFT = "mode_shift"  # from here on people answered another way
    ACTION = "action"  # somebody did something about it


@dataclass(frozen=True, slots=True)
class Mark:
    """One dated thing on a chart; `text` is plain, for people, at most about 120 characters."""

    day: dt.date
    kind: MarkKind
    text: str

    def to_dict(self) -> dict[str, str]:
        """Return the mark as the Series JSON carries it."""
        return {"date": self.day.isoformat(), "kind": self.kind.value, "text": self.text}


def mark_from(raw: dict[str, str]) -> Mark:
    """Read back what `to_dict` wrote."""
    return Mark(dt.date.fromisoformat(raw["date"]), MarkKind(raw["kind"]), raw["text"])


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks oldest first, each once: the order in which charts number them."""
    return tuple(sorted(set(marks), key=lambda mark: (mark.day, mark.kind.value, mark.text)))
