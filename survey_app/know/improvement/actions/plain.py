"""What words for the public must be like: short sentences, no figures of their own, and a text that fits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_app.ask.instruments.texts import Encoding, measure_text, outside_gsm

MOST_WORDS = 15
"""Words a sentence: the Easy Read form shows each on a line of its own."""
MOST_UNITS = 160
"""One segment of the GSM-7 alphabet."""
FIGURE = re.compile(
    r"%|\bper\s?cent\b|\bpercentage\b|\b\d+\s+(?:out\s+of|in\s+every|of)\s+\d+", re.IGNORECASE
)
LINK = re.compile(r"https?:\S*|\bwww\.\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE)
"""What phones make a link of; the bare name of a site is let through."""
PERSONAL = {
    "an e-mail address": re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*"),
    "a phone number": re.compile(
        r"(?<!\w)(?:\+|\(?0)(?:[\s().-]{0,3}\d){8,}|(?<!\w)\d(?:[ .-]?\d){8,}|\b\d{6,}"
    ),
    "a postcode": re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE),
}
"""What one person could be found by."""
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")


def sentences(words: str) -> tuple[str, ...]:
    """Return the sentences of a text, without the space around them."""
    return tuple(part for part in _SENTENCE_ENDS.split(" ".join(words.split())) if part)


def plain_faults(words: str) -> list[str]:
    """Return what keeps words from being plain, each with what to do."""
    faults = [
        f'"{" ".join(sentence.split()[:4])} ..." has {n} words: use at most {MOST_WORDS} in a sentence'
        for sentence in sentences(words)
        if (n := len(sentence.split())) > MOST_WORDS
    ]
    if FIGURE.search(words):
        faults.append("Leave percentages and scores out: the page can add the released figures itself")
    return faults


def link_faults(words: str, own: str) -> list[str]:
    """Return what is wrong with the links in a text: people must be able to trust every one of ours."""
    found = (link.rstrip(".,;:!?)") for link in LINK.findall(words))
    foreign = [link for link in found if link != own and not link.startswith(f"{own}/")]
    return [f"Leave links out, other than to {own}: {' '.join(foreign)}"] if foreign else []


def personal_faults(words: str, own_phone: str) -> list[str]:
    """Return what one person could be found by, each with what to do; our own phone may stand there."""
    return [
        f"Leave personal details out: {found} looks like {what}"
        for what, pattern in PERSONAL.items()
        for found in pattern.findall(" ".join(words.split()))
        if _digits(found) != _digits(own_phone)
    ]


def _digits(words: str) -> str:
    return "".join(letter for letter in words if letter.isdigit()).removeprefix("44").removeprefix("0")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words of a text: {words}, and {link} where there is room for it."""

    short: str
    linked: str

    def text(self, words: str, link: str) -> str:
        """Return the text as it is sent: with the link only if that still fits one message."""
        words = " ".join(words.split())
        linked = self.linked.replace("{link}", link).replace("{words}", words)
        size = measure_text(linked)
        fits = size.encoding is Encoding.GSM_7 and size.units <= MOST_UNITS
        return linked if fits else self.short.replace("{words}", words)

    def faults(self, words: str) -> list[str]:
        """Return what keeps words from fitting one message of plain characters."""
        whole = self.short.replace("{words}", " ".join(words.split()))
        if odd := outside_gsm(whole):
            return [f"These characters cannot be used in a text: {' '.join(odd)}"]
        too_many = measure_text(whole).units - MOST_UNITS
        return (
            [f"Use at most {self.room} characters: these are {self.room + too_many}"] if too_many > 0 else []
        )

    @property
    def room(self) -> int:
        """Return how many characters the words may have."""
        return MOST_UNITS - measure_text(self.short.replace("{words}", "")).units
