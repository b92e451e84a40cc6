"""Words for the public are plain, hold no figures of their own, and fit one text message."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.ask.instruments.texts import BASIC, Encoding, measure_text
from survey_app.know.aggregation.blocks import K
from survey_app.know.improvement.actions import news
from survey_app.know.improvement.actions.concepts import BadConcepts, load_concepts
from survey_app.know.improvement.actions.plain import (
    Frame,
    link_faults,
    personal_faults,
    plain_faults,
    sentences,
)
from survey_app.settings import CONFIG_DIR

TEXTS = tomllib.loads((CONFIG_DIR / "wording" / "en.toml").read_text(encoding="utf-8"))["texts"]
FRAME = Frame(*(TEXTS[name].replace("{sender}", "Local Care") for name in ("you_said", "you_said_link")))
LINK = "https://surveys.example.nhs.uk/you-said/12"
PLAIN_LETTERS = BASIC.replace("\n", "").replace("\r", "")


@given(st.text(PLAIN_LETTERS, min_size=1, max_size=200))
def test_what_has_no_fault_is_sent_as_one_message_and_says_how_to_stop(words):
    text, size = FRAME.text(words, LINK), measure_text(FRAME.text(words, LINK))
    if FRAME.faults(words):
        assert size.units > 160
        return
    assert (size.encoding, size.segments) == (Encoding.GSM_7, 1)
    assert "Reply STOP to end" in text


def test_the_link_is_in_the_text_only_where_there_is_room():
    assert LINK in FRAME.text("We now ring you when you are home.", LINK)
    assert LINK not in FRAME.text("x" * FRAME.room, LINK)
    assert FRAME.faults("x" * FRAME.room) == []
    assert FRAME.faults("x" * (FRAME.room + 3)) == [
        f"Use at most {FRAME.room} characters: these are {FRAME.room + 3}"
    ]


def test_characters_that_a_text_cannot_carry_are_named():
    curly, dash = "\N{RIGHT SINGLE QUOTATION MARK}", "\N{EM DASH}"
    fault = f"These characters cannot be used in a text: {curly} {dash}"
    assert FRAME.faults(f"We{curly}ve asked you {dash} twice") == [fault]


@pytest.mark.parametrize("words", ["70% said so", "Seven per cent", "66 out of 100", "9 in every 10"])
def test_figures_that_are_in_no_release_are_refused(words):
    assert "released figures" in plain_faults(words)[0]
    assert plain_faults("We ring you 2 days after you come home. Call 0800 000 000.") == []


def test_a_long_sentence_is_named_by_how_it_begins():
    assert plain_faults(f"Short. {'word ' * 16}.")[0].startswith('"word word word word ..." has 17 words')
    assert sentences("One. Two!  Three?\nFour") == ("One.", "Two!", "Three?", "Four")


@pytest.mark.parametrize(
    "words",
    ["See http://evil.example", "See HTTPS://X.example/a.", "www.x.example", f"{LINK}.evil", "bit.ly/abc"],
)
def test_a_text_leads_nowhere_but_to_our_own_public_page(words):
    own = "https://surveys.example.nhs.uk/you-said/12"
    assert link_faults(words, own) == [
        f"Leave links out, other than to {own}: {words.split()[-1].rstrip('.')}"
    ]
    assert (
        link_faults(f"We ring you. See {own}/easy-read. Call 0800 000 000, or come in and/or ask.", own) == []
    )


@pytest.mark.parametrize(
    ("detail", "what"),
    [
        ("07700 900123", "phone number"),
        ("+44 (0)7700 900-123", "phone number"),
        ("(0117) 496 0123", "phone number"),
        ("4960123", "phone number"),
        ("943 476 5919", "phone number"),
        ("ann.o'neil@example.nhs.uk", "e-mail address"),
        ("sw1a 1aa", "postcode"),
        ("LS14 6UH", "postcode"),
    ],
)
def test_what_one_person_could_be_found_by_is_refused(detail, what):
    (fault,) = personal_faults(f"Mrs B of 5 Mill Lane ({detail}) said so.", "0800 000 000")
    assert fault.startswith("Leave personal details out: ")
    assert fault.endswith(what)


def test_days_hours_counts_and_our_own_phone_are_no_personal_details():
    words = "From 12.10.2026 we ring in 2 days, 9.30 - 17.00. Ward B12 3 times. 1,200 of 10 000. Call 111."
    assert personal_faults(f"{words} Or call 0800 000 000, +44 800 000 000.", "0800 000 000") == []


def test_texts_promise_the_number_of_people_that_the_gate_keeps_to():
    assert news.LEAST_PEOPLE == K


def test_there_are_eight_concepts_in_four_stages(tmp_path):
    found = load_concepts(CONFIG_DIR / "change_concepts.toml").all
    assert (len(found), len({concept.stage for concept in found})) == (8, 4)
    bad = tmp_path / "bad.toml"
    bad.write_text('stages = []\n[[concepts]]\nid = "a"\nstage = "b"\n', encoding="utf-8")
    with pytest.raises(BadConcepts, match="'b'"):
        load_concepts(bad)
