from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_app.hear.reading.batch import question_from
from survey_app.hear.reading.model import Channel, Context, Intent
from survey_app.hear.reading.normalise import words_of
from survey_app.hear.reading.reader import read
from survey_app.hear.reading.words import languages, words_for

GOLDEN = Path(__file__).resolve().parents[3] / "golden"
QUESTIONS = json.loads((GOLDEN / "questions.json").read_text(encoding="utf-8"))
ASKED = {(name, code): question_from(QUESTIONS[name], code) for name in QUESTIONS for code in languages()}
GRAVE = {Intent.DISTRESS, Intent.OPTOUT, Intent.DECEASED, Intent.WRONG_PERSON}
AGREEING = "s15"
DANGER = {
    "cy": "dwi ddim eisiau byw",
    "pl": "nie mam już siły żyć, chcę umrzeć",
    "ro": "nu mai vreau să trăiesc",
    "pa": "main marna chaunda haan",
    "ur": "میں جینا نہیں چاہتی",
    "ar": "لا أريد أن أعيش",
    "bn": "আমি বাঁচতে চাই না",
    "en": "I want to die",
}
ENOUGH = {
    "cy": "peidiwch ag anfon negeseuon",
    "pl": "proszę mnie wykreślić z listy",
    "ro": "opriți sondajul",
    "pa": "ਮੈਸੇਜ ਨਾ ਭੇਜੋ",
    "ur": "میسج مت بھیجیں",
    "ar": "لا ترسلوا لي شيئا",
    "bn": "আর মেসেজ দিবেন না",
    "en": "stop texting me",
}


def said(text, language, question=AGREEING):
    return read(text, ASKED[question, language], language=language)


def ways_of_saying(question, language):
    for option in ASKED[question, language].options:
        names = (option.label, *option.synonyms)
        for word in (*names, *words_for(language).synonyms.get(words_of(option.label), ())):
            yield option.code, word


@pytest.mark.parametrize("session", languages())
@pytest.mark.parametrize("written", languages())
def test_danger_and_the_wish_to_stop_are_heard_whatever_language_was_asked_in(written, session):
    assert said(DANGER[written], session).intent is Intent.DISTRESS
    assert said(ENOUGH[written], session).intent is Intent.OPTOUT
    both = said(f"{DANGER[written]}. {ENOUGH[session]}", session)
    assert (both.intent, Intent.OPTOUT in both.also) == (Intent.DISTRESS, True)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_label_and_synonym_gives_its_code_and_none_alarms_in_any_language(question, language):
    for code, word in ways_of_saying(question, language):
        assert said(word, language, question).value == code, word
        assert {said(word, other, question).intent for other in languages()} & GRAVE == set(), word


@pytest.mark.parametrize("language", languages())
def test_a_number_word_is_its_number_and_alarms_in_no_language(language):
    for word, value in words_for(language).numbers.items():
        if value in ASKED[AGREEING, language].codes:
            assert said(word, language).value == value, word
        assert {said(word, other).intent for other in languages()} & GRAVE == set(), word


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "2 but it depends, the Tuesday girl is lovely", 2),
        ("pl", "4 bo się spóźniają", 4),
        ("pl", "4 na 5", 4),
        ("pl", "zgadzam sie", 4),
        ("cy", "fy ateb yw 4", 4),
        ("cy", "ddim yn cytuno", 2),
        ("ro", "cred că 3", 3),
        ("ro", "nu sint de acord", 2),
        ("pa", "4 ਕਿਉਂਕਿ ਉਹ ਲੇਟ ਆਉਂਦੇ", 4),
        ("pa", "sehmat nahi", 2),
        ("ur", "۴ شکریہ", 4),
        ("ur", "متفق نہیں ہوں", 2),
        ("ar", "3 من فضلك", 3),
        ("ar", "٤ لأنهم يتأخرون", 4),
        ("bn", "\u09ea কারণ তারা দেরি করে", 4),
        ("bn", "ekmot na", 2),
    ],
)
def test_an_answer_may_be_polite_reasoned_and_spelt_as_people_spell(language, text, value):
    assert said(text, language).value == value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "2 opiekunki"),
        ("pl", "3 albo 4"),
        ("pl", "mam 78 lat"),
        ("pl", "raczej się zgadzam"),
        ("pl", "5 zgadzam się"),
        ("cy", "4 gwaith yr wythnos"),
        ("cy", "3 neu 4"),
        ("ro", "de 4 ori pe săptămână"),
        ("ro", "nu 3"),
        ("pa", "2 ਨਰਸਾਂ"),
        ("ur", "میرے 2 بچے ہیں"),
        ("ar", "الساعة 3"),
        ("ar", "٣ أو ٤"),
        ("bn", "৪টা"),
        ("bn", "আমার ২ ছেলে"),
    ],
)
def test_a_number_that_counts_or_a_label_half_meant_is_asked_again(language, text):
    assert said(text, language).intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "nie przestawajcie przychodzić"),
        ("pl", "umieram z głodu, znowu się spóźniają"),
        ("cy", "dwi wedi stopio smygu"),
        ("ro", "mor de râs"),
        ("pa", "ਦਵਾਈ ਬੰਦ ਕੀਤੀ"),
        ("ur", "دوا بند کر دی"),
        ("ar", "أموت من الضحك"),
        ("bn", "হাসতে হাসতে মরে গেলাম"),
    ],
)
def test_idioms_and_stopping_something_else_alarm_nobody(language, text):
    assert said(text, language).intent not in {Intent.DISTRESS, Intent.OPTOUT}


def test_polish_no_means_yeah_and_is_asked_again():
    assert said("no", "pl", "yn").intent is Intent.UNCLEAR


@pytest.mark.parametrize(("text", "session"), [("nie rozumiem po angielsku", "en"), ("English please", "pl")])
def test_another_language_is_asked_for_in_any_language(text, session):
    assert said(text, session).intent is Intent.LANGUAGE_REQUEST


@pytest.fixture
def at_most_two_seconds():
    def out_of_time(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, 2)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("language", languages())
def test_no_run_of_leading_words_takes_a_rule_long(language, at_most_two_seconds):
    for rule in words_for(language).phrases.values():
        for pattern in (rule.full, rule.within, rule.unless, rule.here):
            for group in re.findall(r"\(\?:([^()]*)\)[*+]", pattern.pattern):
                text = " ".join(group.replace("|", " ").split() * 40)[:320]
                pattern.fullmatch(f"{text} q")
                pattern.search(f"{' '.join(group.split('|')[0].split() * 80)[:320]} q")


@settings(max_examples=150, deadline=None)
@example("\ud800\udc00\ud800", "ar", "s04")
@example("\u202e3\x00\u2066" * 50_000, "ur", "s15")
@example("4" * 5_000, "bn", "yn")
@example("\u0131" + "i\u0307\u0334" * 400, "pl", "s04")
@example("nie " * 400, "pl", "s15")
@example("aaaa " * 100 + "!", "ro", "s15")
@given(
    st.text(st.characters(), max_size=330)
    | st.lists(
        st.sampled_from(
            [w for code in languages() for w in (*words_for(code).polite, *words_for(code).numbers, "5", ".")]
        ),
        max_size=40,
    ).map(" ".join),
    st.sampled_from([*languages(), "xx", "../en", ""]),
    st.sampled_from(list(QUESTIONS)),
)
def test_no_text_in_any_language_is_an_error(text, language, name):
    question = ASKED[name, language if language in languages() else "en"]
    reading = read(text, question, language=language, context=Context(channel=Channel.TEXT))
    assert reading.rule
    assert reading.value is None or reading.value in question.codes
