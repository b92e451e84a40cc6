"""WhatsApp templates: wordings that WhatsApp approves beforehand, made of our own, and their rules."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app.ask.sending.gateways.cleaning import one_line
from survey_app.ask.sending.gateways.contract import Button, Template

PLACE = re.compile(r"\{(\w+)\}")
ENTRY = re.compile(r"(invitation|reminder|carry_on|buttons-[0-9a-f]{8})(?:\.([a-z]{2,3}))?")
SID = re.compile(r"HX[0-9a-f]{32}")
LONGEST_BODY = 1024
LONGEST_TITLE = 20
MOST_BUTTONS = 10
SIMULATED = "simulated"
"""The setting by which every template has an id: the simulated provider knows them all."""
NAMES = ("invitation", "reminder", "carry_on")


class BadTemplates(ValueError):
    """The setting of templates cannot be read; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Content:
    """One template as WhatsApp approves it: numbered places, and buttons with what a tap sends back."""

    name: str
    language: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def entry(self) -> str:
        """Return the name that the setting knows it by."""
        return self.name if self.language == "en" else f"{self.name}.{self.language}"


def places_of(wording: str) -> tuple[str, ...]:
    """Return the places of a wording, each once, in their order."""
    return tuple(dict.fromkeys(PLACE.findall(wording)))


def content_of(name: str, language: str, wording: str) -> Content:
    """Return a wording of ours as a template: its places become {{1}}, {{2}} and so on."""
    numbers = {place: number for number, place in enumerate(places_of(wording), start=1)}
    return Content(name, language, PLACE.sub(lambda found: f"{{{{{numbers[found[1]]}}}}}", wording))


def filled(name: str, language: str, wording: str, values: Mapping[str, object]) -> Template:
    """Return a template with its values in the order of its places; {link} may stay for later."""
    return Template(
        name, language, tuple(str(values.get(place, "{" + place + "}")) for place in places_of(wording))
    )


def buttons_name(buttons: Sequence[Button]) -> str:
    """Return the name of the template of a question with these answers; the same answers share one."""
    words = json.dumps([[button.code, button.title] for button in buttons], ensure_ascii=False)
    return f"buttons-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def buttons_content(buttons: Sequence[Button]) -> Content:
    """Return the template of a question: {{1}} is the question, {{2}} the prompt in what a tap sends."""
    taps = tuple((button.title, f"a:{{{{2}}}}:{button.code}") for button in buttons)
    return Content(buttons_name(buttons), "en", "{{1}}", taps)


def faults_of(content: Content) -> Iterator[str]:
    """Yield why WhatsApp would not approve a template."""
    where = f"template {content.entry}"
    if len(content.text) > LONGEST_BODY:
        yield f"{where}: at most {LONGEST_BODY} characters, not {len(content.text)}"
    if not content.buttons and re.match(r"\{\{", content.text):
        yield f"{where}: must not begin with a place to fill"
    if not content.buttons and content.text.endswith("}}"):
        yield f"{where}: must not end with a place to fill"
    if re.search(r"\}\}\s*\{\{", content.text):
        yield f"{where}: two places to fill must have words between them"
    if len(content.buttons) > MOST_BUTTONS:
        yield f"{where}: at most {MOST_BUTTONS} buttons"
    for title, _ in content.buttons:
        if not 1 <= len(title) <= LONGEST_TITLE:
            yield f"{where}: the button {title!r} must have 1 to {LONGEST_TITLE} characters"


@dataclass(frozen=True, slots=True)
class TemplateBook:
    """Which template has which id at the provider."""

    sids: Mapping[str, str]
    simulated: bool = False

    def sid(self, name: str, language: str = "en") -> str | None:
        """Return the id of a template in a language, else in English, else None."""
        if self.simulated:
            return simulated_sid(name, language)
        return self.sids.get(f"{name}.{language}") or self.sids.get(name)


def read_book(setting: str) -> TemplateBook:
    """Read "invitation=HX..., invitation.cy=HX...", or raise BadTemplates naming the entry."""
    if setting == SIMULATED:
        return TemplateBook({}, simulated=True)
    sids = {}
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        name, _, sid = entry.partition("=")
        if not ENTRY.fullmatch(name.strip()) or not SID.fullmatch(sid.strip()):
            raise BadTemplates(
                f"{entry!r} must be a template's name and its id, such as invitation=HX and 32 digits; "
                f"names are {', '.join(NAMES)} and buttons-..., each with .cy or another language"
            )
        sids[name.strip()] = sid.strip()
    return TemplateBook(sids)


def simulated_sid(name: str, language: str) -> str:
    """Return the id that the simulated provider gives a template."""
    return f"HX{hashlib.sha256(f'{name}.{language}'.encode()).hexdigest()[:32]}"


def variables_of(values: Sequence[str]) -> str:
    """Return what stands in a template's places as the provider wants it: JSON, each on one line."""
    return json.dumps(
        {str(n): one_line(value) for n, value in enumerate(values, start=1)}, ensure_ascii=False
    )
