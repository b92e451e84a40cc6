from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.hear.reading.model import (
    Channel,
    Context,
    DistressKind,
    Intent,
    Question,
    ReadingOption,
    Session,
)
from survey_app.hear.reading.reader import read

LABELS = ("Never", "Rarely", "Sometimes", "Often", "Always")
OFTEN = Question(tuple(ReadingOption(code, label) for code, label in enumerate(LABELS)))
YES_NO = Question((ReadingOption(1, "Yes"), ReadingOption(2, "No")))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.sampled_from([OFTEN, YES_NO, None]), st.sampled_from(list(Channel)))
def test_any_text_is_read_without_an_error(text, question, channel):
    reading = read(text, question, context=Context(channel=channel))
    assert reading.value is None or reading.value in question.codes


def test_distress_and_the_wish_to_stop_are_both_reported():
    reading = read("I want to die. stop texting me", OFTEN)
    assert (reading.intent, reading.kind, reading.also) == (
        Intent.DISTRESS,
        DistressKind.CRISIS,
        (Intent.OPTOUT,),
    )


def test_a_value_in_a_distressed_text_is_not_taken():
    assert read("3. I want to kill myself", OFTEN).value is None


def test_an_answer_with_a_request_reports_both():
    reading = read("2. Please ring me", OFTEN)
    assert (reading.intent, reading.value, reading.also) == (Intent.ANSWER, 2, (Intent.CONTACT_REQUEST,))


def test_yes_opts_in_only_when_the_number_is_out():
    assert read("YES", YES_NO).value == 1
    assert read("YES", YES_NO, context=Context(opted_out=True)).intent is Intent.OPTIN


def test_a_bare_help_is_a_question_but_help_me_is_not():
    assert read("HELP", OFTEN).intent is Intent.HELP
    assert read("help me please", OFTEN).intent is Intent.DISTRESS


def test_a_quotation_is_not_read_but_the_reply_above_it_is():
    assert read("3\n> Reply 0-4. How often?", OFTEN).value == 3
    assert read("Liked \u201cReply 3\u201d", OFTEN).intent is Intent.UNCLEAR


def test_nothing_is_stored_without_an_open_question():
    assert read("3", OFTEN, context=Context(session=Session.NONE)).value is None


def test_an_unknown_language_is_read_with_english_words():
    assert read("STOP", OFTEN, language="xx").intent is Intent.OPTOUT


@pytest.mark.parametrize(
    "text", ["3.5", "3-4", "3, or 4", "3. no 4", "3 maybe 4", "not 3", "3rd", "4am", "at 4", "-1"]
)
def test_two_values_or_none_are_asked_again(text):
    assert read(text, OFTEN).intent is Intent.UNCLEAR


@pytest.mark.parametrize("text", ["end it all", "I dont want to be here anymore"])
def test_despair_is_not_taken_for_a_wish_to_leave_the_survey(text):
    reading = read(text, OFTEN)
    assert (reading.kind, reading.also) == (DistressKind.CRISIS, ())


def test_english_yes_and_no_answer_nothing_in_another_language():
    tak_nie = Question((ReadingOption(1, "tak"), ReadingOption(2, "nie")))
    assert read("no", tak_nie, language="pl").intent is Intent.UNCLEAR
    assert read("Tak", tak_nie, language="pl").value == 1


@pytest.mark.parametrize(
    "text",
    [
        "please stop texting me, I just can't go on with life",
        "I can't go on the way things are",
        "I might as well be dead",
        "I wish I could just disappear",
        "I feel like jumping off the bridge",
        "I have my pills here and I'm going to take them all",
    ],
)
def test_despair_said_in_passing_is_a_crisis(text):
    assert read(text, OFTEN).kind is DistressKind.CRISIS


@pytest.mark.parametrize(
    "text", ["can't carry on with this survey now", "I can't take any more surveys", "I can't go on Tuesdays"]
)
def test_enough_of_a_survey_is_no_crisis(text):
    assert read(text, OFTEN).kind is None
