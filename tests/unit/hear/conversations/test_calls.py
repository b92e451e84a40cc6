from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.loader import load_library
from survey_app.clock import LONDON
from survey_app.hear.conversations.calls.hearing import HEARD_ANYWAY, Heard, understood
from survey_app.hear.conversations.calls.retries import APART, PARTS, next_call
from survey_app.hear.conversations.calls.steps import SIGNPOSTS
from survey_app.hear.reading.model import Intent
from survey_app.hear.reading.wording import load_wording
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 730 * 24 * 60).map(lambda minutes: NEW_YEAR + dt.timedelta(minutes=minutes))
PULSE = load_library(INSTRUMENTS_DIR).get("pulse-user-6", 1)


def part_of(at):
    local = at.astimezone(LONDON)
    return local.date(), max(part for part in (dt.time(), *PARTS) if part <= local.time())


@given(MOMENTS)
def test_the_next_call_is_two_hours_later_in_another_part_of_a_day_between_nine_and_seven(tried_at):
    again = next_call(tried_at)
    assert again - tried_at >= APART
    assert part_of(again) != part_of(tried_at)
    assert dt.time(9) <= again.astimezone(LONDON).time() < dt.time(19)
    assert again - tried_at < dt.timedelta(hours=26)


def test_three_calls_on_one_day_are_morning_afternoon_and_evening():
    first = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)
    second = next_call(first)
    third = next_call(second)
    assert [at.hour for at in (first, second, third)] == [9, 12, 16]


def test_no_option_lies_on_the_key_that_stops_the_calls():
    codes = {
        option.code
        for one in load_library(INSTRUMENTS_DIR).all()
        for item in one.items
        for option in item.options
    }
    assert codes <= set(range(9))


def test_every_language_says_in_calls_all_or_nothing_with_the_same_places():
    wording = load_wording(CONFIG_DIR / "wording", unsigned_too=True)
    assert wording.spoken.keys() >= SIGNPOSTS
    for other in wording.others.values():
        assert not other.spoken or other.spoken.keys() == wording.spoken.keys()
        for name, words in other.spoken.items():
            assert _places(words) == _places(wording.spoken[name]), name


def test_nothing_spoken_is_a_link_or_a_text_to_send():
    spoken = load_wording(CONFIG_DIR / "wording", unsigned_too=True).spoken
    for name, words in spoken.items():
        assert "{link}" not in words, name
        assert "Reply" not in words, name


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text("0123456789*#", max_size=3), st.floats())
def test_hearing_never_fails_and_takes_no_answer_it_is_not_sure_of(words, keys, confidence):
    heard = Heard(keys[:1], words, confidence)
    intent = understood(heard, None, PULSE.items[0])
    assert intent is None or heard.sure or intent in HEARD_ANYWAY


@pytest.mark.parametrize(
    ("words", "intent"),
    [("free", Intent.ANSWER), ("tree", Intent.ANSWER), ("mostly", Intent.ANSWER), ("three or four", None)],
)
def test_words_that_sound_like_numbers_are_numbers_on_the_phone(words, intent):
    assert understood(Heard(words=words, confidence=0.9), None, PULSE.items[0]) is intent
    assert understood(Heard(words=words, confidence=0.5), None, PULSE.items[0]) is None


def _places(words):
    return sorted(part.split("}")[0] for part in itertools.islice(words.split("{"), 1, None))
