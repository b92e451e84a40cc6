"""The one breakdown an installation declares beforehand, such as age: its categories, in the order shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from survey_app.ask.instruments.faults import DataFault, read_source
from survey_app.ask.instruments.table_reader import TableReader

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class BreakdownFault(DataFault):
    """The file of the declared breakdown cannot be used."""


@dataclass(frozen=True, slots=True)
class Category:
    """One part of the breakdown, under the name people see."""

    id: str
    title: str
    people: str = ""  # as a sentence begins with them; the title where it is not given
    reach: str = ""  # what to do where too few of them answer

    @property
    def named(self) -> str:
        """Return the people of the category as a sentence begins with them."""
        return self.people or self.title


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What people are told apart by in quarterly figures; who fits no category is "not stated".

    `ordered` says that the order of the categories means something, such as from most to least deprived.
    """

    id: str
    title: str
    categories: tuple[Category, ...]
    ordered: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the categories, in the order declared."""
        return tuple(category.id for category in self.categories)


def load_breakdown(path: Path) -> Breakdown:
    """Read the declared breakdown, or raise BreakdownFault naming each fault with its line."""
    source = read_source(path)
    top = TableReader(source, source.document)
    top.refuse_other_keys(("id", "title", "ordered", "categories"))
    found = Breakdown(top.text("id"), top.text("title"), tuple(_categories(top)), ordered=top.flag("ordered"))
    if not source.faults and len(set(found.ids)) < len(found.ids):
        source.report("expected each category once", "categories")
    if not source.faults and len(found.ids) < 2:
        source.report("expected two or more categories: one is no breakdown")
    if source.faults:
        raise BreakdownFault(source.faults)
    return found


def _categories(top: TableReader) -> list[Category]:
    categories = []
    for row in top.tables("categories"):
        row.refuse_other_keys(("id", "title", "people", "reach"))
        category = Category(
            row.text("id"),
            row.text("title"),
            row.text("people", required=False),
            row.text("reach", required=False),
        )
        if not ID.fullmatch(category.id):
            row.fault("expected an id of 1 to 40 small letters, digits and hyphens", "id")
        categories.append(category)
    return categories
