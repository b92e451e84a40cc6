from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.hear.channels.voice.twiml import load_voices, twiml_of
from survey_app.hear.conversations.calls.speech import Line, Pace, Speech
from survey_app.settings import CONFIG_DIR

ACTION = "https://survey.example/hooks/twilio/voice/step?s=abc&t=2"


@pytest.fixture(scope="module")
def voices(tmp_path_factory):
    recordings = tmp_path_factory.mktemp("recordings")
    (recordings / "ur").mkdir()
    (recordings / "ur" / "opening.mp3").write_bytes(b"x")
    return load_voices(CONFIG_DIR / "voices.toml", recordings, base_url="https://survey.example/r")


def read(document):
    return ET.fromstring(document)  # noqa: S314 - our own document


def gather_of(document):
    return read(document).find("Gather")


def test_keys_and_words_interrupt_what_is_said(voices):
    speech = Speech((Line("Hello"), Line("Press 1 & go")), hints=("1", "Yes, fully", "No"))
    gather = gather_of(twiml_of(speech, voices, action=ACTION))
    assert gather.attrib == {
        "action": ACTION,
        "actionOnEmptyResult": "true",
        "finishOnKey": "",
        "hints": "1, No",
        "input": "dtmf speech",
        "language": "en-GB",
        "method": "POST",
        "numDigits": "1",
        "speechTimeout": "auto",
        "timeout": "8",
    }
    assert [said.text for said in gather.findall("Say")] == ["Hello", "Press 1 & go"]


WORDS = st.text(max_size=12).map(lambda some: some * 300)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, max_size=15), st.sampled_from(Pace), st.booleans())
def test_no_words_make_a_document_that_does_not_parse_or_is_too_large(voices, words, pace, waits):
    speech = Speech(tuple(map(Line, words)), pace=pace, waits=waits, hints=tuple(words))
    document = twiml_of(speech, voices, action=ACTION)
    assert read(document).tag == "Response"
    assert len(document.encode()) < 64_000


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_what_xml_forbids_is_left_out(voices, letter):
    document = twiml_of(Speech((Line(f"I get{letter}help"),)), voices, action=ACTION)
    assert "".join(gather_of(document).itertext()) == "I get help"


def test_slower_is_said_by_the_voice(voices):
    document = twiml_of(Speech((Line("Again"),), pace=Pace.SLOWEST), voices, action=ACTION)
    assert gather_of(document).find("Say/prosody").attrib == {"rate": "70%"}


def test_a_language_without_a_voice_is_played_where_it_was_recorded_and_english_else(voices):
    speech = Speech((Line("Hello", "opening"), Line("Goodbye", "goodbye")), listener="ur")
    gather = gather_of(twiml_of(speech, voices, action=ACTION))
    assert gather.find("Play").text == "https://survey.example/r/ur/opening.mp3"
    assert gather.find("Say").get("language") == "en-GB"


def test_last_words_end_in_hanging_up(voices):
    document = twiml_of(Speech((Line("Goodbye"),), waits=False), voices, action=ACTION)
    assert [part.tag for part in read(document)] == ["Say", "Hangup"]
