"""Pages for people say everything in phrases, and every language says the same things as English."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.guards.sources import PACKAGE, ROOT, where

FOLDER = ROOT / "config" / "pages"
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
OTHERS = sorted(set(FILES) - {"en"})
IN_EVERY_LANGUAGE = {
    "page",
    "start",
    "question",
    "finished",
    "closed",
    "stop",
    "error",
    "how_to_answer",
    "privacy",
    "looks",
    "begin",
    "aloud",
    "keep",
    "call",
    "accessibility",
    "code",
    "poster",
    "kiosk",
}
UNASKED = {"calls", "easy", "handout", "team"}
"""Welsh says everything; the others leave out paper, Easy Read, and what staff read or answer."""

PUBLIC = PACKAGE / "show" / "pages" / "public" / "templates" / "public"
FOR_PEOPLE = [
    *sorted((PACKAGE / "hear" / "channels" / "web" / "templates").rglob("*.html")),
    *sorted((PACKAGE / "hear" / "channels" / "kiosk" / "templates").rglob("*.html")),
    *sorted((PACKAGE / "show" / "charts" / "documents" / "templates" / "handouts").rglob("*.html")),
    *(PACKAGE / "web" / "templates" / name for name in ("page.html", "error.html", "languages.html")),
    *(PUBLIC / f"{name}.html" for name in ("privacy", "accessibility", "how-to-answer")),
]
MARKUP = re.compile(
    r"\{% block kind %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\s\}\}|<[^>]*>|&\w+;", re.DOTALL
)
SPOKEN_ATTRIBUTE = re.compile(
    r'(?:\b(?:aria-label|title|alt|placeholder)=|"(?:text|html)": )"([^"{]*[A-Za-z][^"{]*)"'
)
PLACES = re.compile(r"\{\w+\}|href=\"[^\"]+\"|\b(?:STOP|SKIP|BACK|HELP|0303 123 1113)\b")


def tables(language: str) -> dict[str, dict[str, str]]:
    return {name: table for name, table in FILES[language].items() if isinstance(table, dict)}


def test_the_languages_people_were_promised_are_there():
    assert set(FILES) >= {"en", "cy", "pl", "ro", "pa", "ur", "ar", "bn"}
    assert {code for code, file in FILES.items() if file.get("direction") == "rtl"} == {"ar", "ur"}


@pytest.mark.parametrize("template", FOR_PEOPLE, ids=where)
def test_no_words_stand_in_a_template_for_people_outside_its_phrases(template: Path):
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"[A-Za-z]{2,}", MARKUP.sub(" ", text.replace("<!DOCTYPE html>", ""))) == []
    assert SPOKEN_ATTRIBUTE.findall(text) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_table_of_a_language_has_every_phrase_of_english_with_its_places(language):
    english, own = tables("en"), tables(language)
    assert set(own) <= set(english)
    assert set(own) >= (set(english) if language == "cy" else set(english) - UNASKED)
    assert set(english) - UNASKED == IN_EVERY_LANGUAGE
    for page, rows in own.items():
        assert set(rows) == set(english[page]), page
        for name, said in rows.items():
            assert sorted(PLACES.findall(said)) == sorted(PLACES.findall(english[page][name])), (
                f"{page}.{name}"
            )


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language):
    english = tables("en")
    left = [
        f"{page}.{name}"
        for page, rows in tables(language).items()
        for name, said in rows.items()
        if said == english[page][name] and name != "day" and not name.startswith("month")
    ]
    assert left == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_buttons_that_sentences_name_are_called_that(language):
    question, how = FILES[language]["question"], FILES[language]["how_to_answer"]
    assert f"<strong>{question['next']}</strong>" in question["quick"]
    assert all(question["skip"] in said for said in (question["choose"], question["number"], how["web_skip"]))
    assert all(question["next"] in how[name] for name in ("web_choose", "web_stored"))
    assert FILES[language]["page"]["back"] in how["web_back"]
