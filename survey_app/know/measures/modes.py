"""Modes: the ways in which answers come, counted like the answers to one more item."""

from __future__ import annotations

from survey_app.ask.instruments.model import Instrument, Item, Option
from survey_app.know.measures.helped import HELPED_ITEM

MODE = "mode"
"""Stands where an item's id does; those have a dot, so none is the same."""

CODES = {"web": 1, "sms": 2, "whatsapp": 3, "voice": 4, "paper": 5, "kiosk": 6}
"""Of each channel, for good: closed blocks hold these numbers."""

WORDS = {
    "web": "on the web",
    "sms": "by text message",
    "whatsapp": "on WhatsApp",
    "voice": "by phone call",
    "paper": "on paper",
    "kiosk": "on a shared screen",
}

# Which of them scores more says nothing: no mean is ever made of it.
MODE_ITEM = Item(
    MODE,
    ordinal=0,
    type="labelled_scale",
    title="How the answers came",
    text="",
    sms="",
    spoken="",
    options=tuple(Option(code, WORDS[channel], code) for channel, code in CODES.items()),
)


def counted_items(instrument: Instrument) -> tuple[Item, ...]:
    """List what a block counts of an instrument version: its items, how the answers came, and who helped.

    Parameters
    ----------
    instrument : Instrument
        One version.

    Returns
    -------
    tuple of Item
        The mode and the helper stand last.
    """
    return (*instrument.items, MODE_ITEM, HELPED_ITEM)
