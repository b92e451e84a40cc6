"""From an item of an instrument to the question that reading knows."""

from __future__ import annotations

from functools import cache

from survey_app.ask.instruments.model import Item, OptionKind
from survey_app.hear.reading.model import Intent, Question, ReadingOption

START = Question(
    (
        ReadingOption(1, "Yes", ("start", "go", "begin", "ready", "ok", "okay", "continue", "carry on")),
        ReadingOption(2, "No"),
    )
)
"""What an invitation asks: "Reply 1 to start"."""

KIND_OF = {Intent.DONT_KNOW: OptionKind.NOT_SURE, Intent.NOT_APPLICABLE: OptionKind.NOT_APPLICABLE}


@cache  # no more than the items of the library
def question_of(item: Item) -> Question:
    """Return the question an open item asks."""
    return Question(
        tuple(
            ReadingOption(option.code, option.label, tuple(filter(None, [option.source_label])))
            for option in item.options
        )
    )


def code_of(item: Item, intent: Intent) -> int | None:
    """Return the option for "not sure" or "does not apply"; None, a skip, where the item has none."""
    kind = KIND_OF.get(intent)
    return next((option.code for option in item.options if option.kind is kind), None)


def label_said(item: Item, text: str) -> int | None:
    """Return the option whose label is the whole text: "Enough", said of an amount, is no wish to stop."""
    said = " ".join(text.split()).rstrip(".!").casefold()
    return next((option.code for option in item.options if option.label.casefold() == said), None)
