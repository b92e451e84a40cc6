from __future__ import annotations

import json

import pytest

from survey_app.ask.sending.gateways import catalogue
from survey_app.ask.sending.gateways.contract import Button
from survey_app.ask.sending.gateways.templates import (
    BadTemplates,
    Content,
    buttons_content,
    buttons_name,
    content_of,
    faults_of,
    filled,
    read_book,
    simulated_sid,
    variables_of,
)

SID = "HX" + "0a" * 16


def test_places_are_numbered_in_their_order_and_values_follow_it():
    wording = "Hello from {sender}. {count} questions, {sender}: {link} now."
    assert (
        content_of("invitation", "en", wording).text == "Hello from {{1}}. {{2}} questions, {{1}}: {{3}} now."
    )
    assert filled("invitation", "en", wording, {"count": 6, "sender": "Care"}).values == (
        "Care",
        "6",
        "{link}",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{1}} hello", "begin"),
        ("hello {{1}}", "end"),
        ("a {{1}} {{2}} b", "words between"),
        ("x" * 1025, "1024"),
    ],
)
def test_what_whatsapp_would_not_approve_is_named(text, words):
    (fault,) = faults_of(Content("invitation", "en", text))
    assert words in fault


def test_our_own_templates_keep_the_rules(loaded_runtime):
    wordings = list(catalogue.wordings(loaded_runtime.wording.written_by_language))
    assert [content.name for content in wordings[:3]] == ["invitation", "reminder", "carry_on"]
    assert [fault for content in wordings for fault in faults_of(content)] == []
    assert len({content.name for content in catalogue.answers(loaded_runtime.library.all())}) > 3


def test_a_button_names_its_prompt_and_code_and_long_titles_are_refused():
    buttons = (Button(1, "No"), Button(0, "Not sure"))
    assert buttons_content(buttons).buttons == (("No", "a:{{2}}:1"), ("Not sure", "a:{{2}}:0"))
    assert buttons_name(buttons) != buttons_name(buttons[::-1])
    assert len(list(faults_of(buttons_content((Button(1, "x" * 21),))))) == 1


def test_values_are_json_on_one_line_without_control_characters():
    assert json.loads(variables_of(["a\n\tb  c\x0b", 'say "yes"'])) == {"1": "a b c", "2": 'say "yes"'}


def test_a_book_knows_its_languages_and_falls_back_to_english():
    book = read_book(f"invitation={SID}, invitation.cy={SID[:-1]}b, buttons-0a0b0c0d={SID},")
    assert (book.sid("invitation", "pl"), book.sid("invitation", "cy")) == (SID, SID[:-1] + "b")
    assert book.sid("carry_on") is None


@pytest.mark.parametrize("setting", ["invitation", f"welcome={SID}", "invitation=HX1", "invitation.=HX"])
def test_a_setting_that_means_nothing_is_refused_by_name(setting):
    with pytest.raises(BadTemplates):
        read_book(setting)


def test_what_a_language_has_no_words_for_the_simulated_provider_says_in_english(loaded_runtime):
    known = catalogue.simulated(loaded_runtime.wording.written_by_language, [])
    assert known[simulated_sid("carry_on", "pl")] == known[simulated_sid("carry_on", "en")]
    assert "Mae'r cwestiwn hwn" in known[simulated_sid("carry_on", "cy")].text
