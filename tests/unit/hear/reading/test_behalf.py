"""Somebody answers for somebody else: only an answer says so, and the words about who change no value."""

from __future__ import annotations

import pytest

from survey_app.hear.reading.model import Intent, Question, ReadingOption
from survey_app.hear.reading.reader import read

AMOUNT = Question(
    tuple(ReadingOption(code, label) for code, label in enumerate(("No", "A little", "Mostly", "Yes fully")))
)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "mum says 3", 3),
        ("en", "I am answering for my husband: 2", 2),
        ("en", "this is her daughter, mum says mostly", 2),
        ("en", "On behalf of my mum 0", 0),
        ("cy", "Mae Mam yn dweud 3", 3),
        ("cy", "Ar ran fy ngŵr: 2", 2),
        ("pl", "odpowiadam za męża: 2", 2),
        ("ro", "mama spune 3", 3),
        ("pa", "ਮੰਮੀ ਕਹਿੰਦੇ ਹਨ 3", 3),
        ("ur", "امی کہتی ہیں 3", 3),
        ("ar", "أمي تقول 3", 3),
        ("bn", "মা বলছেন ৩", 3),
    ],
)
def test_an_answer_for_somebody_else_is_their_answer(language, text, value):
    reading = read(text, AMOUNT, language=language)
    assert (reading.intent, reading.value, reading.on_behalf) == (Intent.ANSWER, value, True)


@pytest.mark.parametrize(
    "text",
    [
        "she says 3 times a week",
        "he says the carers come 2 late",
        "mum says 2 or 3",
        "mum said nothing",
        "mum says 9",
        "3",
        "answering for my husband",
    ],
)
def test_what_is_no_clear_answer_says_nothing_of_who_gave_it(text):
    assert not read(text, AMOUNT).on_behalf
    assert text == "3" or read(text, AMOUNT).intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "do you speak polish",
        "Do you speak Welsh?",
        "is there a welsh version",
        "have you got this in polish",
        "can you write in urdu please",
    ],
)
def test_a_question_whether_we_speak_a_language_asks_for_it(text):
    assert read(text, AMOUNT).intent is Intent.LANGUAGE_REQUEST


@pytest.mark.parametrize(
    "text", ["do you have polish carers", "my carer is polish", "she speaks to me in a nice way"]
)
def test_a_language_that_somebody_else_speaks_is_no_request(text):
    assert read(text, AMOUNT).intent is not Intent.LANGUAGE_REQUEST
