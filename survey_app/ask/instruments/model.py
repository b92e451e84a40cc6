"""The model of an instrument: its audience, its scales and the order in which its items are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey_app.ask.instruments.items import Answers, Condition, Item
from survey_app.ask.instruments.options import BadAnswer, Option, OptionKind

__all__ = [
    "Answers",
    "Audience",
    "BadAnswer",
    "Composite",
    "Condition",
    "Instrument",
    "Item",
    "Option",
    "OptionKind",
    "Scale",
    "ScaleRule",
    "UnknownItem",
    "UnknownScale",
]


class Audience(StrEnum):
    """Whom an instrument is written for."""

    USER = "user"
    CARER = "carer"
    STAFF = "staff"
    PANEL = "panel"  # officials who judge a place by name: counted by no block


class ScaleRule(StrEnum):
    """What a scale score is: a percentage of the possible range, or a plain sum."""

    PERCENT = "percent"
    SUM = "sum"


class UnknownItem(KeyError):
    """An item that this instrument version does not have."""


class UnknownScale(KeyError):
    """A scale that this instrument version does not have."""


@dataclass(frozen=True, slots=True)
class Composite:
    """Several items that count as one part of a scale, perhaps only for people who said yes to a gate."""

    id: str
    title: str
    children: tuple[str, ...]
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Items scored together, and how many of them must be answered."""

    id: str
    title: str
    items: tuple[str, ...]
    rule: ScaleRule = ScaleRule.PERCENT
    min_share: float = 0.5
    min_applicable: int = 2
    complete_only: bool = False
    composites: tuple[Composite, ...] = ()

    @property
    def item_ids(self) -> tuple[str, ...]:
        """List the items whose figures make up the scale's: its own and its composites' children.

        Returns
        -------
        tuple of str
            In the order of the file.
        """
        children = tuple(child for composite in self.composites for child in composite.children)
        return self.items + children


@dataclass(frozen=True, slots=True)
class Instrument:
    """One released version of a set of items; it never changes."""

    id: str
    version: int
    title: str
    audience: Audience
    language: str
    intro: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    source: str
    licence: str
    reading_age: int
    validated: bool
    digest: str
    translations: Mapping[str, Instrument] = field(default_factory=dict, repr=False, compare=False)
    drafts: tuple[str, ...] = field(default=(), repr=False, compare=False)
    _by_id: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {item.id: item for item in self.items})

    @property
    def languages(self) -> tuple[str, ...]:
        """List the languages in which people can be asked.

        Returns
        -------
        tuple of str
            The file's own first; drafts are in it only where they may be said.
        """
        return (self.language, *sorted(self.translations))

    def in_language(self, language: str) -> Instrument:
        """Give the instrument as it is said in a language: other words, the same codes and scores.

        Parameters
        ----------
        language : str
            A language code; what follows a hyphen (pl-PL) is left out of account.

        Returns
        -------
        Instrument
            This very instrument where it has no translation that may be said; `language` tells which.
        """
        return self.translations.get(language.partition("-")[0], self)

    def item(self, item_id: str) -> Item:
        """Give an item by its id, or raise UnknownItem.

        Parameters
        ----------
        item_id : str
            An item's id, such as ex.life.

        Returns
        -------
        Item
            The item.

        Raises
        ------
        UnknownItem
            If there is none.
        """
        try:
            return self._by_id[item_id]
        except KeyError:
            raise UnknownItem(f"{self.id} v{self.version} has no item {item_id!r}") from None

    def item_at(self, ordinal: int) -> Item:
        """Give an item by its fixed place in the file, 1 for the first, or raise UnknownItem.

        Parameters
        ----------
        ordinal : int
            1 for the first item.

        Returns
        -------
        Item
            The item.

        Raises
        ------
        UnknownItem
            If there is none.
        """
        if not 1 <= ordinal <= len(self.items):
            raise UnknownItem(f"{self.id} v{self.version} has items 1 to {len(self.items)}, not {ordinal}")
        return self.items[ordinal - 1]

    def scale(self, scale_id: str) -> Scale:
        """Give a scale by its id, or raise UnknownScale.

        Parameters
        ----------
        scale_id : str
            A scale's id.

        Returns
        -------
        Scale
            The scale.

        Raises
        ------
        UnknownScale
            If there is none.
        """
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise UnknownScale(f"{self.id} v{self.version} has no scale {scale_id!r}")

    def applicable(self, answers: Answers, chosen: tuple[str, ...] | None = None) -> tuple[Item, ...]:
        """List the items to ask, given what is answered so far.

        Parameters
        ----------
        answers : Mapping of str to int or None
            Item id to code; None is a skip.
        chosen : tuple of str, optional
            The rota's item ids; None asks all. Order is always the instrument's own.

        Returns
        -------
        tuple of Item
            Items whose condition holds, in order.

        Notes
        -----
        An answer "does not apply" leaves its item in the list: it was asked.
        """
        return tuple(
            item
            for item in self.items
            if (chosen is None or item.id in chosen) and (item.show_if is None or item.show_if.holds(answers))
        )

    def next_item(self, answers: Answers, chosen: tuple[str, ...] | None = None) -> Item | None:
        """Give the first item to ask that has no entry in `answers`; None when the survey is done.

        Parameters
        ----------
        answers : Answers
            Item id to code; None is a skip.
        chosen : tuple of str, optional
            The rota's item ids; None asks all.

        Returns
        -------
        Item or None
            The next item, or None.
        """
        for item in self.applicable(answers, chosen):
            if item.id not in answers:
                return item
        return None

    def previous_item(
        self, item: Item | None, answers: Answers, chosen: tuple[str, ...] | None = None
    ) -> Item | None:
        """Give the item asked before `item` (None: before the end), or None at the beginning.

        Parameters
        ----------
        item : Item or None
            The item the person is at; None: past the last one.
        answers : Answers
            Item id to code; None is a skip.
        chosen : tuple of str, optional
            The rota's item ids; None asks all.

        Returns
        -------
        Item or None
            The earlier item, or None.
        """
        limit = len(self.items) + 1 if item is None else item.ordinal
        earlier = [other for other in self.applicable(answers, chosen) if other.ordinal < limit]
        return earlier[-1] if earlier else None
