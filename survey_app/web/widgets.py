"""How WTForms fields look: NHS components, with people's words always escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from wtforms import Form
from wtforms.fields import Field

from survey_app.web.components import Components

NHS = Components()


class NhsRadios:
    """Radio buttons in a fieldset; as the page's own heading where the page asks nothing else."""

    def __init__(self, *, is_heading: bool = False, error_word: str = "Error") -> None:
        self._is_heading = is_heading
        self._error_word = error_word

    def __call__(self, field: Field, **_more: object) -> Markup:
        """Render the field with its legend, hint, error and options."""
        size = "l" if self._is_heading else "m"
        legend = {
            "text": str(field.label.text),
            "isPageHeading": self._is_heading,
            "classes": f"nhsuk-fieldset__legend--{size}",
        }
        items = [
            {"value": str(choice.value), "text": str(choice.label), "checked": bool(choice.selected)}
            for choice in field.iter_choices()
        ]
        return NHS.radios(
            {
                "idPrefix": field.id,
                "name": field.name,
                "fieldset": {"legend": legend},
                "items": items,
                **_told(field, self._error_word),
            }
        )


class NhsInput:
    """A line of text; as the page's own heading where the page asks nothing else."""

    def __init__(self, *, is_heading: bool = False, error_word: str = "Error", **params: object) -> None:
        self._params = params
        self._error_word = error_word
        self._label = {"isPageHeading": True, "classes": "nhsuk-label--l"} if is_heading else {}

    def __call__(self, field: Field, **_more: object) -> Markup:
        """Render the field with its label, hint and error."""
        label = {"text": str(field.label.text), **self._label}
        value = field._value()  # noqa: SLF001 - WTForms' own name for what a widget shows
        return NHS.input(
            {
                "id": field.id,
                "name": field.name,
                "label": label,
                "value": value,
                **self._params,
                **_told(field, self._error_word),
            }
        )


def _told(field: Field, error_word: str) -> dict[str, Any]:
    """Return the hint and the first error of a field, where it has them."""
    told: dict[str, Any] = {}
    if field.description:
        told["hint"] = {"text": str(field.description)}
    if field.errors:
        told["errorMessage"] = {"text": str(field.errors[0]), "visuallyHiddenText": error_word}
    return told


def error_summary(form: Form, title: str) -> Markup:
    """Return the box that lists a form's faults with links to the fields; empty where there are none."""
    return summary_of([(field.id, str(field.errors[0])) for field in form if field.errors], title)


def summary_of(faults: Iterable[tuple[str, str]], title: str) -> Markup:
    """Return the box for faults given as (id of the field, message); an empty id makes no link."""
    rows = [{"text": text, "href": f"#{target}"} if target else {"text": text} for target, text in faults]
    return NHS.error_summary({"titleText": title, "errorList": rows}) if rows else Markup()
