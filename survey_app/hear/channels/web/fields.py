"""Form fields by question type: one row for each row of the registry of question types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from flask import request
from wtforms import Form, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length

from survey_app.ask.instruments.model import Item
from survey_app.web.phrases import Voice
from survey_app.web.widgets import NhsInput, NhsRadios

NAME = "answer"


def choice_field(item: Item, say: Voice) -> UnboundField:
    """Return radio buttons for an item with options; what a value means is the intake's to say."""
    return RadioField(
        item.text,
        choices=[SelectChoice(value=str(option.code), label=option.label) for option in item.options],
        validators=[InputRequired(fault_of(item, say))],
        validate_choice=False,
        widget=NhsRadios(is_heading=True, error_word=say("page.error")),
    )


def number_field(item: Item, say: Voice) -> UnboundField:
    """Return a short line for a whole number."""
    needed = fault_of(item, say)
    return StringField(
        item.text,
        description=say("question.number_hint", minimum=item.minimum, maximum=item.maximum),
        validators=[InputRequired(needed), Length(max=9, message=needed)],
        widget=NhsInput(
            is_heading=True,
            error_word=say("page.error"),
            inputmode="numeric",
            spellcheck=False,
            autocomplete="off",
            classes="nhsuk-input--width-4",
        ),
    )


FIELDS: Mapping[str, Callable[[Item, Voice], UnboundField]] = MappingProxyType(
    {"labelled_scale": choice_field, "yes_no": choice_field, "number": number_field}
)


@cache
def form_type(item: Item, say: Voice) -> type[Form]:
    """Return the form that asks one item, with what it says about faults in the language of the page."""
    return type("QuestionForm", (Form,), {NAME: FIELDS[item.type](item, say)})


class Unanswered(ValueError):
    """A form without an answer that its item could have; `fault` says so to the person."""

    def __init__(self, fault: str) -> None:
        super().__init__("no answer of this item was sent")
        self.fault = fault


def sent_answer(item: Item, say: Voice) -> str | None:
    """Return what was sent for an item, None where it was skipped, or raise Unanswered."""
    if "skipped" in request.form:
        return None
    form = form_type(item, say)(request.form)
    if not form.validate():
        raise Unanswered(fault_of(item, say))
    said: str | None = form[NAME].data
    return said


def fault_of(item: Item, say: Voice) -> str:
    """Return what to say when an answer could not be read."""
    if item.minimum is not None:
        return say("question.number", minimum=item.minimum, maximum=item.maximum)
    return say("question.choose")
