from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from survey_app.ask.instruments.checks import COUNTER
from survey_app.ask.instruments.faults import InstrumentFault
from survey_app.ask.instruments.loader import load_library, released_hash
from survey_app.ask.instruments.texts import Encoding, measure_text
from survey_app.hear.conversations.questions import label_said, question_of
from survey_app.hear.reading.model import Context, Intent, Session
from survey_app.hear.reading.reader import read

LIBRARY = load_library(Path("instruments"), unsigned_too=True)
PROMISED = ("ar", "bn", "pa", "pl", "ro", "ur")
SAID = [
    (original, translated)
    for original in LIBRARY.all()
    for translated in map(original.in_language, original.translations)
]
NAMES = [f"{translated.id}-{translated.language}" for _, translated in SAID]
TINY = Path("tests/fixtures/instruments/tiny/v1.toml")
WELSH = """
language = "cy"
reviewed_by = "{who}"
title = "Bach"
intro = "Byr."
sms = "{{text}} Atebwch {{choices}}"
key = "{{label}}: pwyswch {{code}}."
[labels]
{labels}
{items}
"""


def test_every_set_is_there_in_welsh_and_the_two_for_everybody_in_six_more_languages():
    for one in LIBRARY.all():
        promised = PROMISED if one.id in {"pulse-user-6", "carer"} else ()
        assert set(one.languages) == {"en", "cy", *promised}, one.id


@pytest.mark.parametrize(("original", "translated"), SAID, ids=NAMES)
def test_a_translation_changes_words_and_nothing_that_is_stored_or_counted(original, translated):
    assert (translated.id, translated.version, translated.digest) == (
        original.id,
        original.version,
        original.digest,
    )
    for one, other in zip(original.items, translated.items, strict=True):
        assert (one.id, one.ordinal, one.type, one.title, one.show_if) == (
            other.id,
            other.ordinal,
            other.type,
            other.title,
            other.show_if,
        )
        assert [(o.code, o.score, o.kind) for o in one.options] == [
            (o.code, o.score, o.kind) for o in other.options
        ]
        assert [o.label for o in one.options] == [o.source_label for o in other.options]


@pytest.mark.parametrize(("original", "translated"), SAID, ids=NAMES)
def test_nothing_is_left_in_english(original, translated):
    assert translated.title != original.title
    assert translated.intro != original.intro
    for one, other in zip(original.items, translated.items, strict=True):
        assert one.text != other.text, one.id
        assert not {o.label for o in one.options} & {o.label for o in other.options}, one.id
        if translated.language in {"ar", "ur", "bn", "pa"}:
            assert not re.search("[A-Za-z]", other.text + other.sms + other.spoken), one.id


@pytest.mark.parametrize(("original", "translated"), SAID, ids=NAMES)
def test_a_question_takes_one_segment_of_gsm_7_or_two_of_ucs_2_and_offers_every_choice(original, translated):
    for item in (item for item in translated.items if item.sms):
        size = measure_text(COUNTER + item.sms)
        assert size.units <= (160 if size.encoding is Encoding.GSM_7 else 134)
        assert all(f"{option.code} {option.label}" in item.sms for option in item.options)
        assert all(
            f"{option.label}: " in item.spoken and str(option.code) in item.spoken for option in item.options
        )


@pytest.mark.parametrize(("original", "translated"), SAID, ids=NAMES)
def test_every_choice_can_be_written_back_in_its_own_words_or_by_its_digit(original, translated):
    for item in (item for item in translated.items if item.sms):
        question = question_of(item)
        for option in item.options:
            assert label_said(item, option.label) == option.code
            context = Context(opted_out=False, session=Session.OPEN)
            reading = read(str(option.code), question, language=translated.language, context=context)
            assert (reading.intent, reading.value) == (Intent.ANSWER, option.code)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tiny").mkdir()
    shutil.copy(TINY, tmp_path / "tiny" / "v1.toml")
    return tmp_path


@pytest.fixture
def put(folder):
    original = load_library(folder).latest("tiny")
    labels = {option.label for item in original.items for option in item.options}

    def put(*, who="", leave_out=(), extra="", text="A"):
        rows = "\n".join(f'"{label}" = "{label[::-1]}"' for label in sorted(labels - set(leave_out)))
        items = "\n".join(f'[items."{item.id}"]\ntext = "{text} {item.id}"' for item in original.items)
        path = folder / "tiny" / "v1.cy.toml"
        path.write_text(WELSH.format(who=who, labels=rows, items=items + "\n" + extra), encoding="utf-8")
        return path

    return put


def test_what_nobody_signed_is_known_but_not_said_where_only_signed_wording_may_be(folder, put):
    put()
    strict, trying = (load_library(folder, unsigned_too=too).latest("tiny") for too in (False, True))
    assert strict.drafts == trying.drafts == ("cy",)
    assert strict.in_language("cy") is strict
    assert trying.in_language("cy").title == "Bach"
    assert trying.in_language("fr") is trying


def test_a_signed_translation_is_released_by_its_hash_and_never_changes(folder, put):
    path = put(who="A Reader, 2026-11-25")
    with pytest.raises(InstrumentFault, match=r"expected tiny/v1.cy in released.toml"):
        load_library(folder)
    (folder / "released.toml").write_text(f'[released]\n"tiny/v1.cy" = "{released_hash(path)}"\n')
    assert load_library(folder).latest("tiny").languages == ("en", "cy")
    path.write_text(path.read_text(encoding="utf-8") + "# one word more\n", encoding="utf-8")
    with pytest.raises(InstrumentFault, match="expected the released bytes"):
        load_library(folder)


def test_a_faulty_translation_is_refused_whole_with_what_was_expected(folder, put):
    items = load_library(folder).latest("tiny").items
    missing = min(option.label for item in items for option in item.options)
    put(leave_out=[missing], extra='[items."no.such"]\ntext = "B"', text="long " * 40)
    with pytest.raises(InstrumentFault) as refused:
        load_library(folder)
    told = str(refused.value)
    assert f'expected a label for "{missing}"' in told
    assert "expected an item of tiny, found no.such" in told
    assert "in 160 GSM-7 units" in told


def test_a_translation_of_nothing_is_refused(folder, put):
    path = put()
    path.rename(path.with_name("v2.cy.toml"))
    with pytest.raises(InstrumentFault, match=r"expected tiny/v2.toml beside it"):
        load_library(folder)
