"""The forms of actions, cycles and words for the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, RadioField, SelectField, TextAreaField
from wtforms.fields import Field, SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from survey_app.accounts.tables import Staff
from survey_app.know.improvement.actions.actions import Intent
from survey_app.know.improvement.actions.concepts import Concepts
from survey_app.know.improvement.actions.news import Teller
from survey_app.know.improvement.actions.notices import Words
from survey_app.know.improvement.actions.plain import link_faults, personal_faults, plain_faults
from survey_app.know.improvement.actions.tables import Action, Decision, Notice
from survey_app.know.measures.measures import Measure
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.dashboard.actions.words import DECISIONS

Sent = MultiDict[str, str] | None


def _tidy(words: str | None) -> str:
    return " ".join((words or "").split())


def _printable(_form: Form, field: Field) -> None:
    if not field.data.isprintable():
        raise ValidationError("Use plain text")


def _plain(_form: Form, field: Field) -> None:
    if faults := plain_faults(field.data):
        raise ValidationError(". ".join(faults))


def words(label: str, missing: str, most: int | None, *more: Any) -> TextAreaField:  # noqa: ANN401 - WTForms' validators are any callables
    """Return a field for words in one line, however they were typed."""
    length = [] if most is None else [Length(max=most, message=f"Use at most {most} characters")]
    return TextAreaField(label, [DataRequired(missing), *length, _printable, *more], filters=[_tidy])


def day(label: str, missing: str) -> DateField:
    """Return a field for a date."""
    return DateField(label, [DataRequired(missing)])


class ActionForm(Form):  # type: ignore[misc] # WTForms ships no types
    """What will be done, by whom and until when."""

    what = words("What will you do?", "Say what will be done", 300)
    concept = RadioField("What kind of change is it?", [DataRequired("Choose the kind that fits best")])
    owner = SelectField("Who sees to it?", coerce=str)
    due_on = day("Until when?", "Enter a date")
    earliest = dt.date.min

    def validate_due_on(self, field: Field) -> None:
        """Refuse a day that is over: nobody could still see to it."""
        if field.data < self.earliest:
            raise ValidationError(f"Choose {day_words(self.earliest)} or a later day")

    def intent(self) -> Intent:
        """Return what a valid form says."""
        return Intent(self.what.data, self.concept.data, int(self.owner.data), self.due_on.data)


class NewActionForm(ActionForm):
    """The same, with what led to it."""

    measure = SelectField("Which chart is it about?")
    signal_week = DateField("Week of the signal", [Optional()])


class StepForm(Form):  # type: ignore[misc] # WTForms ships no types
    """The day of a step; today where nothing else is said."""

    on = DateField("On which day?", [Optional()])


class CycleForm(Form):  # type: ignore[misc] # WTForms ships no types
    """What a cycle tries."""

    plan = words("What will you try?", "Say what you will try", 300)
    starts_on = day("From which day?", "Enter a date")

    def __init__(self, sent: Sent, today: dt.date, started_on: dt.date | None) -> None:
        super().__init__(sent, data={"starts_on": today})
        self._today, self._started_on = today, started_on

    def validate_starts_on(self, field: Field) -> None:
        """Refuse a day before the action, and one still to come: the day stands on the chart."""
        if self._started_on is not None and field.data < self._started_on:
            raise ValidationError(
                f"The action started on {day_words(self._started_on)}: choose that day or a later one"
            )
        if field.data > self._today:
            raise ValidationError("This day is still to come: choose today or an earlier day")


class LearntForm(Form):  # type: ignore[misc] # WTForms ships no types
    """What a cycle taught."""

    learnt = words("What did you learn?", "Say what you learnt", 600)
    decision = RadioField(
        "What next?",
        [DataRequired("Choose what next")],
        choices=[SelectChoice(one.value, text) for one, text in DECISIONS.items()],
    )

    def decided(self) -> Decision:
        """Return what a valid form decides."""
        return Decision(self.decision.data)


class NoticeForm(Form):  # type: ignore[misc] # WTForms ships no types
    """You said, we did."""

    you_said = words("You said", "Say what people told you", 400, _plain)
    we_did = words("We did", "Say what was done", 400, _plain)
    text = words("Text message", "Write the text message", None, _plain)

    def __init__(self, sent: Sent, teller: Teller, notice: Notice | None = None) -> None:
        super().__init__(sent, obj=notice)
        self._teller = teller

    def validate_you_said(self, field: Field) -> None:
        """Refuse what one person could be found by."""
        if faults := personal_faults(field.data, self._teller.own_phone):
            raise ValidationError(". ".join(faults))

    validate_we_did = validate_you_said

    def validate_text(self, field: Field) -> None:
        """Refuse a text that does not fit one message, names a person's details or leads somewhere else."""
        teller = self._teller
        self.validate_you_said(field)
        if faults := teller.frame.faults(field.data) + link_faults(field.data, teller.address):
            raise ValidationError(". ".join(faults))

    def said(self) -> Words:
        """Return what a valid form says."""
        return Words(self.you_said.data, self.we_did.data, self.text.data)


def filled(form: ActionForm, owners: Sequence[Staff], concepts: Concepts) -> ActionForm:
    """Give a form its choices."""
    form.owner.choices = [SelectChoice(str(person.id), person.name) for person in owners]
    form.concept.choices = [
        SelectChoice(concept.id, concept.title, {"hint": f"{concept.stage}. {concept.words}"})
        for concept in concepts.all
    ]
    return form


def new_form(
    sent: Sent, measures: Sequence[Measure], usual: Mapping[str, object], today: dt.date
) -> NewActionForm:
    """Return the form for a new action, with what a link already says."""
    form = NewActionForm(sent, data=None if sent else usual)
    form.earliest = today
    form.measure.choices = [
        SelectChoice("", "No chart"),
        *(SelectChoice(measure.id, measure.title) for measure in measures),
    ]
    return form


def edit_form(sent: Sent, action: Action, today: dt.date) -> ActionForm:
    """Return the form for an action that is there."""
    kept = {
        "what": action.what,
        "concept": action.concept_id,
        "owner": str(action.owner_id),
        "due_on": action.due_on,
    }
    form = ActionForm(sent, data=None if sent else kept)
    # A plan that is overdue can change its words without a new date.
    form.earliest = action.started_on or min(today, action.due_on)
    return form


def step_day(sent: MultiDict[str, str], today: dt.date) -> dt.date | None:
    """Return the day of a step; None for one that cannot be read or is still to come."""
    form = StepForm(sent)
    chosen: dt.date | None = form.on.data or today
    return chosen if form.validate() and chosen is not None and chosen <= today else None
