"""What pages say, per language: loaded once from config/pages, one table a page, filled in when shown."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, current_app
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

SOURCE = "en"
OFFICIAL = ("en", "cy")
RIGHT_TO_LEFT = "rtl"


class UnknownPhrase(KeyError):
    """A phrase that the English file does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """The phrases of every language by "page.name"; what a language lacks is said in English."""

    languages: Mapping[str, Mapping[str, str]]
    unsigned: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    mirrored: frozenset[str] = frozenset()

    def text(self, language: str, name: str, /, **values: object) -> Markup:
        """Return a phrase with its {places} filled in, escaped; the phrase itself may hold plain markup."""
        english = self.languages[SOURCE]
        said = self.languages.get(language, english).get(name) or english.get(name)
        if said is None:
            raise UnknownPhrase(f"config/pages/en.toml has no phrase {name!r}")
        if not values:
            return Markup(said)  # noqa: S704 - our own file
        return Markup(said).format(**{place: escape(value) for place, value in values.items()})  # noqa: S704 - our own file

    def known(self, language: str | None) -> str:
        """Return a language in which pages can be shown: English for those that have none."""
        code = (language or SOURCE).partition("-")[0]
        return code if code in self.languages else SOURCE

    def named(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """Return languages with their own names, English and Welsh first; unknown ones are left out."""
        known = [code for code in codes if code in self.languages]
        return [(code, self.names[code]) for code in sorted(known, key=_rank)]

    def has_page(self, language: str, page: str) -> bool:
        """Tell whether a language has the table of a page."""
        return any(name.startswith(f"{page}.") for name in self.languages.get(language, ()))


@dataclass(frozen=True, slots=True)
class Voice:
    """The phrases in one language, said by name."""

    phrases: Phrases
    language: str

    def __call__(self, name: str, /, **values: object) -> Markup:
        """Return a phrase, filled in."""
        return self.phrases.text(self.language, name, **values)

    def day(self, day: dt.date) -> Markup:
        """Return a day as people of this language write it."""
        return self("page.day", day=day.day, month=self(f"page.month_{day.month}"), year=day.year)


def _rank(code: str) -> tuple[int, str]:
    # In Wales the two are official and neither may be looked for among others.
    return (OFFICIAL.index(code) if code in OFFICIAL else len(OFFICIAL), code)


def load_phrases(folder: Path, *, unsigned_too: bool) -> Phrases:
    """Read every file of a folder; drafts nobody has signed off are left out where they may not be shown."""
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")}
    drafts = tuple(sorted(code for code, file in files.items() if file.get("reviewed_by") == ""))
    shown = {code: file for code, file in files.items() if unsigned_too or code not in drafts}
    return Phrases(
        languages={code: _flat(file) for code, file in shown.items()},
        unsigned=drafts,
        names={code: str(file.get("name", code)) for code, file in shown.items()},
        mirrored=frozenset(code for code, file in shown.items() if file.get("direction") == RIGHT_TO_LEFT),
    )


def phrases_here() -> Phrases:
    """Return the phrases of the site that serves this request."""
    phrases: Phrases = current_app.extensions["phrases"]
    return phrases


def voice_of(language: str) -> Voice:
    """Return the phrases of this site in one language, said by name."""
    return Voice(phrases_here(), language)


def install_phrases(app: Flask, phrases: Phrases) -> None:
    """Let templates say `words("page.name")` in the language that the page was given as `lang`."""

    @pass_context
    def words(context: Context, name: str, /, **values: object) -> Markup:
        return phrases.text(str(context.get("lang")), name, **values)

    @pass_context
    def is_mirrored(context: Context) -> bool:
        return context.get("lang") in phrases.mirrored

    app.extensions["phrases"] = phrases
    app.jinja_env.globals.update(words=words, is_mirrored=is_mirrored, lang=SOURCE)


def _flat(file: Mapping[str, object]) -> dict[str, str]:
    tables = {page: rows for page, rows in file.items() if isinstance(rows, dict)}
    return {f"{page}.{name}": said for page, rows in tables.items() for name, said in rows.items()}
