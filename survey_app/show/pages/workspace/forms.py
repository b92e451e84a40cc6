"""The form that makes a campaign, and the campaign it describes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.campaigns import NewCampaign
from survey_app.ask.outreach.reaching import MEDIUM_OF
from survey_app.ask.outreach.tables import Rhythm
from survey_app.ask.population.tables import ChannelChoice, Place
from survey_app.ask.sending.tables import Medium

CHANNELS = {
    ChannelChoice.TEXT: "Text message",
    ChannelChoice.WEB: "Web page, by a link in a text message",
    ChannelChoice.WHATSAPP: "WhatsApp",
    ChannelChoice.EMAIL: "E-mail",
    ChannelChoice.LETTER: "Letter",
    ChannelChoice.CALL: "Telephone call",
}
FALLBACKS: dict[str, tuple[str, tuple[Medium, ...]]] = {
    "": ("Send one reminder in the same way", ()),
    "text,call": ("Text, then call", (Medium.TEXT, Medium.CALL)),
    "text,call,letter": ("Text, then call, then letter", (Medium.TEXT, Medium.CALL, Medium.LETTER)),
    "text,letter": ("Text, then letter", (Medium.TEXT, Medium.LETTER)),
    "email,letter": ("E-mail, then letter", (Medium.EMAIL, Medium.LETTER)),
}
"""What may follow an invitation that nobody answers; only ways this installation has are offered."""
RHYTHMS = {Rhythm.WEEKLY: "A fresh sample every week", Rhythm.ONCE: "Everybody once"}


class _NumberField(IntegerField):  # type: ignore[misc] # WTForms ships no types
    """A whole number, typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say what was expected in our own words."""
        try:
            super().process_formdata([text.strip().lstrip("\N{POUND SIGN}") for text in valuelist])
        except ValueError:
            raise ValueError("Enter a whole number, for example 50") from None


class _DayField(DateField):  # type: ignore[misc] # WTForms ships no types
    """A day; the browser's own picker, or typed as year-month-day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say what was expected in our own words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter the day as year-month-day, for example 2026-11-30") from None


class CampaignForm(Form):  # type: ignore[misc] # WTForms ships no types
    """What a survey officer fills in; the audience follows from the instrument."""

    name = StringField(
        "Name",
        [
            InputRequired("Enter a name"),
            Length(max=120),
            Regexp(r"[^\x00-\x1f]*\Z", message="Use plain text"),
        ],
    )
    instrument = SelectField("Questions")
    localities = SelectMultipleField("Localities", [InputRequired("Choose at least one locality")])
    channels = SelectMultipleField("How people are asked", [InputRequired("Choose at least one way")])
    rhythm = SelectField("Rhythm")
    weekly_sample = _NumberField("People a locality a week", [Optional(), NumberRange(1, 10_000)])
    rota_items = _NumberField("Questions a person", [Optional(), NumberRange(1, 60)])
    starts_on = _DayField("First day", [InputRequired("Enter the first day as year-month-day")])
    ends_on = _DayField("Last day", [InputRequired("Enter the last day as year-month-day")])
    window_days = _NumberField("Days to answer", [InputRequired("Enter how many days"), NumberRange(1, 27)])
    budget = _NumberField("Budget in pounds", [Optional(), NumberRange(1, 1_000_000)])
    reminder_days = _NumberField("Reminder after days", [Optional(), NumberRange(1, 26)])
    fallback = SelectField("When nobody answers", default="")
    fallback_days = _NumberField("Days between the ways", [Optional(), NumberRange(1, 26)])

    def validate_ends_on(self, field: DateField) -> None:
        """Say so on the page of the days, not on the last one."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError("The last day must not be before the first")


def campaign_form(
    sent: MultiDict[str, str] | None,
    library: Library,
    localities: Iterable[Place],
    today: dt.date,
    media: frozenset[Medium] = frozenset({Medium.TEXT}),
) -> CampaignForm:
    """Return the form, filled with what was sent or with what is usual."""
    monday = today + dt.timedelta(days=7 - today.weekday())
    usual: dict[str, Any] = {
        "starts_on": monday,
        "ends_on": monday + dt.timedelta(weeks=26, days=-1),
        "weekly_sample": 40,
        "window_days": 7,
        "reminder_days": 3,
        "channels": [ChannelChoice.TEXT, ChannelChoice.WEB],
        "fallback_days": 3,
        "rhythm": Rhythm.WEEKLY,
    }
    form = CampaignForm(sent, data=None if sent else usual)
    form.instrument.choices = [
        SelectChoice(f"{i.id}:{i.version}", i.title)
        for i in library.all()
        if i.audience is not Audience.PANEL
    ]
    form.localities.choices = [SelectChoice(place.id, place.name) for place in localities]
    form.channels.choices = [
        SelectChoice(kind.value, words) for kind, words in CHANNELS.items() if MEDIUM_OF[kind] in media
    ]
    form.fallback.choices = [
        SelectChoice(value, words) for value, (words, then) in FALLBACKS.items() if media.issuperset(then)
    ]
    form.rhythm.choices = [SelectChoice(rhythm.value, words) for rhythm, words in RHYTHMS.items()]
    return form


def new_campaign(form: CampaignForm, library: Library) -> NewCampaign:
    """Return the campaign that a valid form describes."""
    instrument_id, _, version = form.instrument.data.rpartition(":")
    instrument = library.get(instrument_id, int(version))
    return NewCampaign(
        name=form.name.data.strip(),
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        audience=instrument.audience,
        localities=tuple(form.localities.data),
        channels=tuple(ChannelChoice(channel) for channel in form.channels.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        rhythm=Rhythm(form.rhythm.data),
        weekly_sample=None if form.rhythm.data == Rhythm.ONCE else form.weekly_sample.data,
        rota_items=form.rota_items.data,
        window_days=form.window_days.data,
        reminder_days=form.reminder_days.data,
        fallback=FALLBACKS[form.fallback.data][1],
        fallback_days=form.fallback_days.data if form.fallback.data else None,
        budget_pence=form.budget.data * 100 if form.budget.data else None,
    )
