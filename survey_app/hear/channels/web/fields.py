"""Form fields by question type: one row for each row of the registry of question types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from wtforms import Form, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length

from survey_app.ask.instruments.model import Item
from survey_app.web.widgets import NhsInput, NhsRadios

NAME = "answer"
CHOOSE = "Choose an answer, or press Skip this question"


def choice_field(item: Item) -> UnboundField:
    """Return radio buttons for an item with options; what a value means is the intake's to say."""
    return RadioField(
        item.text,
        choices=[SelectChoice(value=str(option.code), label=option.label) for option in item.options],
        validators=[InputRequired(CHOOSE)],
        validate_choice=False,
        widget=NhsRadios(is_heading=True),
    )


def number_field(item: Item) -> UnboundField:
    """Return a short line for a whole number."""
    needed = f"Enter a number from {item.minimum} to {item.maximum}, or press Skip this question"
    return StringField(
        item.text,
        description=f"A whole number from {item.minimum} to {item.maximum}",
        validators=[InputRequired(needed), Length(max=9, message=needed)],
        widget=NhsInput(
            is_heading=True,
            inputmode="numeric",
            spellcheck=False,
            autocomplete="off",
            classes="nhsuk-input--width-4",
        ),
    )


FIELDS: Mapping[str, Callable[[Item], UnboundField]] = MappingProxyType(
    {"labelled_scale": choice_field, "yes_no": choice_field, "number": number_field}
)


@cache
def form_type(item: Item) -> type[Form]:
    """Return the form that asks one item."""
    return type("QuestionForm", (Form,), {NAME: FIELDS[item.type](item)})


def fault_of(item: Item) -> str:
    """Return what to say when an answer could not be read."""
    if item.minimum is not None:
        return f"Enter a number from {item.minimum} to {item.maximum}, or press Skip this question"
    return CHOOSE
