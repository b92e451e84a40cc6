"""The forms about one chart."""

from __future__ import annotations

import datetime as dt

from werkzeug.datastructures import MultiDict
from wtforms import DateField, FloatField, Form, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from survey_app.know.improvement.annotations import LONGEST as LONGEST_NOTE
from survey_app.know.improvement.rebases import LONGEST as LONGEST_REASON

Sent = MultiDict[str, str] | None
HERE, EVERYWHERE = "chart", "place"
_FIGURE = "Enter the target as a number, for example 70"
_DAY = "Enter the day as year-month-day, for example 2026-11-30"


class _DayField(DateField):  # type: ignore[misc] # WTForms ships no types
    """A day; the browser's own picker, or typed as year-month-day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say what was expected in our own words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_DAY) from None


class _FigureField(FloatField):  # type: ignore[misc] # WTForms ships no types
    """A figure, with a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the figure, or say what was expected in our own words."""
        try:
            super().process_formdata([text.strip().rstrip("%").replace(",", ".") for text in valuelist])
        except ValueError:
            raise ValueError(_FIGURE) from None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else f"{self.data:g}"


class AnnotationForm(Form):  # type: ignore[misc] # WTForms ships no types
    """What happened, when, and which charts it concerns."""

    text = StringField(
        "What happened?",
        [
            InputRequired("Enter what happened"),
            Length(max=LONGEST_NOTE, message="Use at most 120 letters"),
        ],
    )
    day = _DayField("On which day?", [InputRequired(_DAY)])
    concerns = RadioField("Which charts should show it?", [InputRequired("Choose which charts show it")])


class TargetForm(Form):  # type: ignore[misc] # WTForms ships no types
    """A figure to reach, and since when."""

    value = _FigureField("Target", [InputRequired(_FIGURE)])
    since = _DayField("Since which day?", [InputRequired(_DAY)])


class ReasonForm(Form):  # type: ignore[misc] # WTForms ships no types
    """Why lines should change."""

    reason = StringField(
        "What is the cause?",
        [
            InputRequired("Write down the cause"),
            Length(max=LONGEST_REASON, message="Use at most 200 letters"),
        ],
    )


def annotation_form(sent: Sent, place: str, today: dt.date) -> AnnotationForm:
    """Return the form for a note, filled with what was sent or with today."""
    form = AnnotationForm(sent, data=None if sent else {"day": today, "concerns": EVERYWHERE})
    form.concerns.choices = [
        SelectChoice(EVERYWHERE, f"Every chart of {place}, and of the places in it"),
        SelectChoice(HERE, "Only charts of this measure"),
    ]
    return form


def target_form(sent: Sent, today: dt.date, value: float | None) -> TargetForm:
    """Return the form for a target, filled with what was sent or with the present one."""
    return TargetForm(sent, data=None if sent else {"since": today, "value": value})
