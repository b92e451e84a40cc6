from __future__ import annotations

import tomllib

import pytest

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
    "words": "We now ring you when you are home from hospital.",
}
BASIC = (
    "\n !\"#%&'()*+,-./:;<=>?@" + "0123456789" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz"
)
TWO_SEGMENTS = {"invitation", "reask_last", "reminder", "help"}  # they carry a link


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_fits_the_basic_alphabet_and_its_segments(name):
    text = TEXTS[name].format(**FILLED)
    assert not set(text) - set(BASIC)
    assert len(text) <= (306 if name in TWO_SEGMENTS else 160)


def test_signposts_name_the_numbers_to_call():
    assert all(number in TEXTS["crisis"] for number in ("999", "111", "116 123", "not watched"))
    assert "999" in TEXTS["emergency"]
    assert "If you need help now call 999. For advice call 111." in TEXTS["thanks"]
