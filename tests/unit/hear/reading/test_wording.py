from __future__ import annotations

import re
import tomllib

import pytest

from survey_app.ask.instruments.texts import Encoding, measure_text
from survey_app.hear.reading.wording import load_wording
from survey_app.hear.reading.words import WORDING

TEXTS = tomllib.loads((WORDING / "en.toml").read_text(encoding="utf-8"))["texts"]
LINK = "https://survey.example.org/s/" + "x" * 22
FILLED = {
    "sender": "Southport Care",
    "count": 9,
    "link": LINK,
    "options": "0 to 4",
    "n": 9,
    "total": 12,
    "answer": "3 (Often)",
    "first": "1 (Never)",
    "last": "5 (Always)",
    "title": "Your care in six questions",
    "words": "We now ring you when you are home from hospital.",
}
BASIC = (
    "\n !\"#%&'()*+,-./:;<=>?@" + "0123456789" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz"
)
UNASKED = {"invitation", "invitation_web", "reminder", "reminder_web"}
TWO_SEGMENTS = {"invitation", "next_survey", "reask_last", "reminder", "help"}  # they carry a link


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_fits_the_basic_alphabet_and_its_segments(name):
    text = TEXTS[name].format(**FILLED)
    assert not set(text) - set(BASIC)
    assert len(text) <= (306 if name in TWO_SEGMENTS else 160)


def test_signposts_name_the_numbers_to_call():
    assert all(number in TEXTS["crisis"] for number in ("999", "111", "116 123", "not watched"))
    assert "999" in TEXTS["emergency"]
    assert "If you need help now call 999. For advice call 111." in TEXTS["thanks"]


DRAFTED = sorted({path.stem for path in WORDING.glob("*.toml")} - {"en"})


@pytest.mark.parametrize("language", DRAFTED)
def test_a_drafted_language_has_the_places_and_telephone_numbers_of_english(language):
    drafted = tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))["texts"]
    for name, text in drafted.items():
        fixed = re.compile(r"\{\w+\}|\b(?:999|111|116 123|STOP|SKIP)\b")
        assert sorted(fixed.findall(text)) == sorted(fixed.findall(TEXTS[name])), name
        segments = measure_text(text.format(**FILLED)).segments
        assert segments <= (2 if name in UNASKED else 5), f"{name} takes {segments}"


@pytest.mark.parametrize("language", DRAFTED)
def test_a_drafted_language_says_everything_that_english_says(language):
    drafted = tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))["texts"]
    assert set(drafted) == set(TEXTS)
    assert [name for name, text in drafted.items() if text == TEXTS[name]] == ["question_prefix"]


def test_welsh_is_whole_and_its_texts_cost_no_more_than_they_must():
    tables, english = (
        tomllib.loads((WORDING / f"{code}.toml").read_text(encoding="utf-8")) for code in ("cy", "en")
    )
    for name in ("written", "spoken"):
        assert set(tables[name]) == set(english[name])
    for name, said in tables["written"].items():
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(
            re.findall(r"\{\w+\}", english["written"][name])
        )
    for name, text in tables["texts"].items():
        measured = measure_text(text.format(**FILLED))
        assert measured.encoding is Encoding.GSM_7, name
        assert measured.segments <= measure_text(TEXTS[name].format(**FILLED)).segments, name


def test_production_says_nothing_that_nobody_has_signed_off(tmp_path):
    (tmp_path / "en.toml").write_text('[texts]\nthanks = "Thank you"\nhelp = "Help"\n')
    (tmp_path / "pl.toml").write_text('reviewed_by = ""\n[texts]\nthanks = "Dziekujemy"\n')
    (tmp_path / "cy.toml").write_text('reviewed_by = "Name"\n[texts]\nthanks = "Diolch"\n')
    strict, trying = (load_wording(tmp_path, unsigned_too=draft) for draft in (False, True))
    assert (strict.unsigned, trying.unsigned) == (("pl",), ("pl",))
    assert [w.in_language("pl").text("thanks") for w in (strict, trying)] == ["Thank you", "Dziekujemy"]
    assert strict.in_language("cy").text("thanks") == "Diolch"
    assert strict.in_language("cy").text("help") == "Help"
