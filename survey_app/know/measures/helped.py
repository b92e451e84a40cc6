"""Who filled a survey in: counted like the answers to one more item, to which everybody has an answer."""

from __future__ import annotations

from survey_app.ask.instruments.model import Item, Option

HELPED = "helped"
"""Stands where an item's id does; those have a dot, so none is the same."""

ALONE, WITH_HELP = 1, 2
CODES = {"myself": ALONE, "with_help": WITH_HELP, "on_behalf": WITH_HELP}
"""Two, for good: with more, few people could be all alike in what is shown and yet not in what is counted."""

# Which of them scores more says nothing: no mean is ever made of it.
HELPED_ITEM = Item(
    HELPED,
    ordinal=0,
    type="labelled_scale",
    title="Who filled it in",
    text="",
    sms="",
    spoken="",
    options=(
        Option(ALONE, "by themselves, or did not say", ALONE),
        Option(WITH_HELP, "with somebody's help, or through somebody else", WITH_HELP),
    ),
)


def helped_code(helped: str | None) -> int:
    """Give the number under which a block counts who filled a response in.

    Parameters
    ----------
    helped : str or None
        What was said; None where it was not.

    Returns
    -------
    int
        A code of `HELPED_ITEM`.
    """
    return ALONE if helped is None else CODES[helped]
