from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_app.ask.instruments.easy import load_easy_read
from survey_app.ask.instruments.faults import InstrumentFault
from survey_app.ask.instruments.loader import load_library
from survey_app.web.static_files import STATIC_DIR

FOLDER = Path("instruments")
LIBRARY = load_library(FOLDER, unsigned_too=True)
EASY = load_easy_read(FOLDER, LIBRARY, unsigned_too=True)
ITEMS = [(easy, item) for easy in EASY.values() for item in easy.instrument.items]


def test_people_and_carers_have_an_easy_read_in_english_and_welsh():
    assert set(EASY) == {(name, 1, code) for name in ("pulse-user-6", "carer") for code in ("en", "cy")}


@pytest.mark.parametrize("key", EASY, ids=str)
def test_items_codes_scores_and_order_are_those_of_the_released_version(key):
    easy, released = EASY[key].instrument, LIBRARY.get(*key[:2]).in_language(key[2])
    assert easy.language == key[2]
    assert [item.id for item in easy.items] == [item.id for item in released.items]
    for one, other in zip(easy.items, released.items, strict=True):
        assert [(o.code, o.score, o.kind) for o in one.options] == [
            (o.code, o.score, o.kind) for o in other.options
        ]
        assert (one.sms, one.elements, one.ordinal) == (other.sms, other.elements, other.ordinal)


@pytest.mark.parametrize(("easy", "item"), ITEMS, ids=lambda one: getattr(one, "id", ""))
def test_every_sentence_is_short_and_every_item_has_a_picture_of_ours(easy, item):
    for sentence in re.split(r"(?<=[.?:])\s+", item.text):
        assert len(sentence.split()) <= 13, sentence
    assert (STATIC_DIR / "pictures" / f"{easy.pictures[item.id]}.svg").is_file()


def test_pictures_are_plain_drawings_without_scripts_and_links():
    for picture in (STATIC_DIR / "pictures").glob("*.svg"):
        text = picture.read_text(encoding="utf-8")
        assert not re.search(r"<script|href|\son\w+=|<style", text), picture
        assert len(text) < 8_000


def test_wording_nobody_signed_off_is_not_offered_in_production():
    assert load_easy_read(FOLDER, LIBRARY, unsigned_too=False) == {}


def test_a_missing_item_an_unknown_one_and_a_code_that_is_none_are_named(tmp_path):
    path = tmp_path / "pulse-user-6" / "v1.easy.toml"
    path.parent.mkdir()
    path.write_text(
        'reviewed_by = "A Name"\ntitle = "T"\nintro = "I"\n'
        '[[items]]\nid = "ex.other"\ntext = "x"\npicture = "home"\n'
        '[[items]]\nid = "ex.say"\ntext = "x"\npicture = "home"\nlabels = [{ code = 9, label = "Nine" }]\n'
    )
    with pytest.raises(InstrumentFault) as caught:
        load_easy_read(tmp_path, LIBRARY, unsigned_too=True)
    said = str(caught.value)
    assert all(name in said for name in ("ex.other", "missing ex.life", "found 9"))
