"""Question pages rendered once: only seal, addresses and progress differ between people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.outreach.tables import Appearance
from survey_app.hear.channels.web.fields import NAME, form_type
from survey_app.web.phrases import Voice, phrases_here
from survey_app.web.widgets import error_summary

MARK = re.compile("\x02([a-z]+)\x03")
"""Control characters cannot stand in wording, so a mark is never mistaken for words."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A page cut at its marks."""

    pieces: tuple[str, ...]

    def filled(self, **values: object) -> str:
        """Return the page with every mark replaced by its value, escaped."""
        parts = list(self.pieces)
        parts[1::2] = [str(escape(values[name])) for name in parts[1::2]]
        return "".join(parts)


def mark(name: str) -> Markup:
    """Return the text that stands in a template for a value filled in later."""
    return Markup(f"\x02{name}\x03")  # noqa: S704 - fixed text


def cut(page: str) -> Skeleton:
    """Cut a rendered page at its marks."""
    return Skeleton(tuple(MARK.split(page)))


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how a question page looks before anything personal is filled in."""

    checked: str | None = None
    fault: str | None = None
    is_first: bool = False
    is_held_back: bool = False
    has_languages: bool = False
    is_open: bool = False
    appearance: Appearance | None = None
    picture: str | None = None


class QuestionPages:
    """Renders question pages and keeps them: no more than items times options, languages and looks."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, str, str, Look], Skeleton] = {}

    def page(self, instrument: Instrument, item: Item, look: Look, **values: object) -> str:
        """Return one question page as HTML, in the language of the instrument."""
        key = (instrument.id, instrument.version, instrument.language, item.id, look)
        if key not in self._kept:
            self._kept[key] = _skeleton(item, instrument.language, look)
        return self._kept[key].filled(**values)


def _skeleton(item: Item, language: str, look: Look) -> Skeleton:
    say = Voice(phrases_here(), language)
    form = form_type(item, say)(MultiDict({NAME: look.checked}) if look.checked is not None else None)
    if look.fault:
        form[NAME].errors = [look.fault]
    return cut(
        render_template(
            "survey/question.html",
            lang=language,
            form=form,
            look=look,
            summary=error_summary(form, say("page.problem")),
            appearance=look.appearance,
            mark=mark,
        )
    )
