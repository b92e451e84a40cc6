"""Posters, letters and forms in the languages that staff choose; two languages share one code."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.ask.instruments.loader import load_library
from survey_app.settings import INSTRUMENTS_DIR
from survey_app.show.charts.documents.handouts import (
    House,
    Letter,
    forms_html,
    languages_of,
    letters_html,
    poster_html,
)
from survey_app.show.charts.documents.printing import pdf_of
from tests.papers import NEEDS_PANGO, n_pages

HOUSE = House("Riverside surveys", "01234 567890", "https://surveys.example.org", drafts=True)
PULSE = load_library(INSTRUMENTS_DIR, unsigned_too=True).get("pulse-user-6", 1)
CODE = "ABCDE-FGHJK-X"
TITLES = {"en": "Tell us about your care", "cy": "Dywedwch wrthym am eich gofal"}


def test_paper_is_offered_only_where_questions_and_words_are_there_and_may_be_said():
    assert languages_of(HOUSE, PULSE) == ("en", "cy")
    assert languages_of(replace(HOUSE, drafts=False), PULSE) == ("en",)


@pytest.mark.parametrize("languages", [("en",), ("cy",), ("cy", "en")])
def test_a_poster_says_all_its_languages_around_one_code(languages):
    page = poster_html(HOUSE, PULSE, "Glan yr Afon", CODE, languages=languages)
    assert [code for code, title in TITLES.items() if f"<h1>{title}</h1>" in page] == sorted(
        languages, reverse=True
    )
    assert page.count(CODE) == 2  # in print, and in the title of the square


@NEEDS_PANGO
def test_two_languages_fit_on_one_poster():
    page = poster_html(HOUSE, PULSE, "Glan yr Afon", CODE, languages=("cy", "en"))
    assert n_pages(pdf_of(page)) == 1


def test_a_letter_and_its_form_come_in_each_language_with_one_code_and_a_local_date():
    letter = Letter(CODE, ["A Person"], "Glan yr Afon", dt.date(2026, 12, 9), ("cy", "en"))
    page = letters_html(HOUSE, PULSE, [letter], with_form=True)
    assert (
        page.count('<section class="letter" lang="cy">')
        == page.count('<section class="form" lang="en">')
        == 1
    )
    assert page.index("9 Rhagfyr 2026") < page.index("9 December 2026")
    assert PULSE.in_language("cy").items[2].text in page.replace("&#39;", "'")
    assert page.count(f'<p class="letter-code">{CODE}</p>') == 2
    assert page.count(f"<strong>{CODE}</strong>") == 2


def test_a_language_that_is_not_there_is_printed_in_the_one_it_was_released_in():
    page = forms_html(HOUSE, PULSE, "Glan yr Afon", [CODE], languages=("pl", "xx"))
    assert page.count('<section class="form" lang="en">') == 1
    assert 'lang="pl"' not in page
