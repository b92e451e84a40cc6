from dataclasses import replace

import pytest

from survey_app.ask.instruments.changes import Changed, changes_between
from survey_app.ask.instruments.loader import load_library
from survey_app.settings import INSTRUMENTS_DIR


@pytest.fixture(scope="module")
def pulse():
    return load_library(INSTRUMENTS_DIR).latest("pulse-user-6")


def other(instrument, **changed):
    first, *rest = instrument.items
    return replace(instrument, items=(replace(first, **changed), *rest), version=2)


def test_a_version_changes_nothing_against_itself(pulse):
    assert changes_between(pulse, pulse) == ()


def test_other_words_of_a_question_are_told_with_both(pulse):
    (change,) = changes_between(pulse, other(pulse, text="Is it better?"))
    assert (change.kind, change.before, change.after) == (
        Changed.WORDS,
        pulse.items[0].text,
        "Is it better?",
    )


def test_what_is_dropped_and_added_is_told(pulse):
    found = changes_between(pulse, other(pulse, id="ex.other"))
    assert [(one.item_id, one.kind) for one in found] == [
        ("ex.other", Changed.ADDED),
        (pulse.items[0].id, Changed.DROPPED),
    ]


def test_scoring_the_other_way_round_is_a_change(pulse):
    (change,) = changes_between(pulse, other(pulse, reverse=True))
    assert change.kind is Changed.SCORING
