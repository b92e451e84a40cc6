"""What pages say, per language: loaded once from config/pages, one table a page, filled in when shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

SOURCE = "en"


class UnknownPhrase(KeyError):
    """A phrase that the English file does not have."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of every language by "page.name"; what a language lacks is said in English."""

    languages: Mapping[str, Mapping[str, str]]
    unsigned: tuple[str, ...] = ()

    def text(self, language: str, name: str, /, **values: object) -> Markup:
        """Return a phrase with its {places} filled in, escaped; the phrase itself may hold plain markup."""
        english = self.languages[SOURCE]
        said = self.languages.get(language, english).get(name) or english.get(name)
        if said is None:
            raise UnknownPhrase(f"config/pages/en.toml has no phrase {name!r}")
        return Markup(said).format(**{place: escape(value) for place, value in values.items()})  # noqa: S704 - our own file


def load_phrases(folder: Path, *, unsigned_too: bool) -> Phrases:
    """Read every file of a folder; drafts nobody has signed off are left out where they may not be shown."""
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")}
    drafts = tuple(sorted(code for code, file in files.items() if file.get("reviewed_by") == ""))
    shown = {code: _flat(file) for code, file in files.items() if unsigned_too or code not in drafts}
    return Phrases(shown, drafts)


def install_phrases(app: Flask, phrases: Phrases) -> None:
    """Let templates say `words("page.name")` in the language the page was given as `lang`."""

    @pass_context
    def words(context: Context, name: str, /, **values: object) -> Markup:
        return phrases.text(str(context.get("lang", SOURCE)), name, **values)

    app.jinja_env.globals["words"] = words


def _flat(file: Mapping[str, object]) -> dict[str, str]:
    tables = {page: rows for page, rows in file.items() if isinstance(rows, dict)}
    return {f"{page}.{name}": said for page, rows in tables.items() for name, said in rows.items()}
