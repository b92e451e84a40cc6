"""Every WhatsApp template an installation can use: its wordings, and buttons for each set of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.sending.gateways.contract import Button
from survey_app.ask.sending.gateways.templates import (
    NAMES,
    Content,
    buttons_content,
    content_of,
    faults_of,
    simulated_sid,
)

Written = Mapping[str, Mapping[str, str]]
"""By language: what is written under each name of the wording files."""


def wordings(written: Written) -> Iterator[Content]:
    """Yield the templates made of our wordings; another language only where it has words of its own."""
    for language, texts in written.items():
        for name in NAMES:
            wording = texts[f"{name}_whatsapp"]
            if language == "en" or wording != written["en"][f"{name}_whatsapp"]:
                yield content_of(name, language, wording)


def answers(instruments: Iterable[Instrument]) -> Iterator[Content]:
    """Yield a template for each set of answers that buttons can show."""
    seen = set()
    for instrument in instruments:
        for item in instrument.items:
            buttons = tuple(Button(option.code, option.label) for option in item.options)
            content = buttons_content(buttons)
            if buttons and content.name not in seen and not list(faults_of(content)):
                seen.add(content.name)
                yield content


def simulated(written: Written, instruments: Iterable[Instrument]) -> dict[str, Content]:
    """Return what the simulated provider knows by its ids; what a language lacks it says in English."""
    every = [*wordings(written), *answers(instruments)]
    known = {simulated_sid(content.name, content.language): content for content in every}
    english = [content for content in every if content.name in NAMES and content.language == "en"]
    lacking = {simulated_sid(one.name, language): one for one in english for language in written}
    return lacking | known
