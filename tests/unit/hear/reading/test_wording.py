from __future__ import annotations

import re
import tomllib
from dataclasses import astuple

import pytest

from survey_app.ask.instruments.texts import Encoding, measure_text
from survey_app.ask.outreach.waves.telling import Occasion, Teller, speeches_of
from survey_app.ask.population.languages import NAMES, OF_TEAMS
from survey_app.hear.reading.wording import load_wording
from survey_app.hear.reading.words import WORDING
from survey_app.settings import CONFIG_DIR

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


def test_members_of_teams_are_told_the_same_in_welsh_and_a_line_beside_english_where_nobody_said():
    wording = load_wording(WORDING, unsigned_too=True)
    spoken = wording.teams_by_language
    assert set(spoken) == set(OF_TEAMS)
    english, welsh = spoken["en"], spoken["cy"]
    beside = {f"{one}_beside" for one in Occasion}
    assert set(welsh) - set(english) == beside
    for name, said in english.items():
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", welsh[name])), name
        assert said != welsh[name], name
    for code, table in spoken.items():
        phrases = tomllib.loads((CONFIG_DIR / "pages" / f"{code}.toml").read_text(encoding="utf-8"))["page"]
        assert table["months"].split() == [phrases[f"month_{number}"] for number in range(1, 13)]
    filled = FILLED | {"round": "Autumn round 2026", "until": "26 September 2026"}
    speeches = speeches_of(spoken)
    teller = Teller(None, speeches, "", None)
    for occasion in Occasion:
        for language in ("en", "cy", None):
            measured = measure_text(teller.letters(occasion, language).text.format(**filled))
            assert (measured.encoding, measured.segments <= 2) == (Encoding.GSM_7, True), (occasion, language)
        text, subject, email = astuple(teller.letters(occasion, None))
        assert text == f"{speeches['en'].letters[occasion].text} {welsh[f'{occasion}_beside']}"
        assert (subject, email.partition("\n")[0]) == (
            english[f"{occasion}_subject"],
            welsh[f"{occasion}_beside"],
        )
    signed = Teller(None, speeches_of(load_wording(WORDING, unsigned_too=False).teams_by_language), "", None)
    assert "Cymraeg" not in signed.letters(Occasion.INVITATION, None).text  # a draft: production says English
    assert signed.letters(Occasion.VOID, "cy") == signed.letters(Occasion.VOID, "en")


def test_the_languages_of_lists_are_those_that_are_spoken():
    assert set(NAMES) == {path.stem for path in WORDING.glob("*.toml")}
    assert set(NAMES) == {path.stem for path in (CONFIG_DIR / "pages").glob("*.toml")}


def test_production_says_nothing_that_nobody_has_signed_off(tmp_path):
    (tmp_path / "en.toml").write_text('[texts]\nthanks = "Thank you"\nhelp = "Help"\n')
    (tmp_path / "pl.toml").write_text('reviewed_by = ""\n[texts]\nthanks = "Dziekujemy"\n')
    (tmp_path / "cy.toml").write_text('reviewed_by = "Name"\n[texts]\nthanks = "Diolch"\n')
    strict, trying = (load_wording(tmp_path, unsigned_too=draft) for draft in (False, True))
    assert (strict.unsigned, trying.unsigned) == (("pl",), ("pl",))
    assert [w.in_language("pl").text("thanks") for w in (strict, trying)] == ["Thank you", "Dziekujemy"]
    assert strict.in_language("cy").text("thanks") == "Diolch"
    assert strict.in_language("cy").text("help") == "Help"
