"""A paper form's questions as fields: those of the web, all on one page, and each may have been left out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from wtforms import Form
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length, Regexp

from survey_app.ask.instruments.model import Item
from survey_app.hear.channels.web.fields import FIELDS
from survey_app.web.phrases import SOURCE, Voice, phrases_here
from survey_app.web.widgets import NhsInput, NhsRadios

LEFT_OUT = "left-out"
"""What is keyed where nothing is ticked, or more than one box: forgetting a question is no answer."""


def name_of(item: Item) -> str:
    """Return the name of an item's field."""
    return f"item-{item.ordinal}"


@cache
def form_of(items: tuple[Item, ...]) -> type[Form]:
    """Return the form that asks for all items of a sheet."""
    return type("SheetForm", (Form,), {name_of(item): _field(item, n) for n, item in enumerate(items, 1)})


def said_of(form: Form, items: Iterable[Item]) -> dict[str, str | None]:
    """Return what was keyed for each item; None for what was left out."""
    keyed = {item.id: (form[name_of(item)].data or "").strip() for item in items}
    return {item_id: None if said in {"", LEFT_OUT} else said for item_id, said in keyed.items()}


def _field(item: Item, number: int) -> UnboundField:
    made = FIELDS[item.type](item, Voice(phrases_here(), SOURCE))
    made.args = (f"{number}. {item.text}",)
    missing = f"Question {number}: choose what is ticked, or “Left out”"
    if item.options:
        left = SelectChoice(value=LEFT_OUT, label="Left out, or more than one ticked")
        made.kwargs |= {
            "choices": [*made.kwargs["choices"], left],
            "validators": [InputRequired(missing)],
            "widget": NhsRadios(),
        }
        return made
    whole = Regexp(r"\s*\d*\s*\Z", message=f"Question {number}: key the number, or leave it empty")
    made.kwargs |= {
        "validators": [Length(max=9), whole],
        "widget": NhsInput(inputmode="numeric", autocomplete="off", classes="nhsuk-input--width-4"),
    }
    return made
