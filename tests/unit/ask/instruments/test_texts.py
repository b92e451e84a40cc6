from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.texts import BASIC, EXTENDED, Encoding, measure_text, outside_gsm

ROWS = [json.loads(row) for row in Path("tests/golden/segments.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_reference_row_is_met(row):
    size = measure_text(row["text"])
    assert (size.encoding, size.units, size.segments) == (row["encoding"], row["units"], row["segments"])


def test_the_alphabet_is_whole():
    assert len(set(BASIC)) == len(BASIC) == 127  # and the escape code, which is no character
    assert len(set(EXTENDED)) == len(EXTENDED) == 10


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 158 + "€", 160, 1),
        ("a" * 152 + "€" + "a" * 152, 306, 3),  # the escape pair does not fit the first part and moves whole
    ],
)
def test_septets_are_cut_at_160_or_153_and_never_inside_an_escape(text, units, segments):
    size = measure_text(text)
    assert (size.encoding, size.units, size.segments) == (Encoding.GSM_7, units, segments)


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [("ŵ" * 70, 70, 1), ("ŵ" * 71, 71, 2), ("ŵ" * 66 + "😀" + "ŵ" * 66, 134, 3), ("😀" * 35, 70, 1)],
)
def test_wide_texts_are_cut_at_70_or_67_and_never_inside_a_pair(text, units, segments):
    size = measure_text(text)
    assert (size.encoding, size.units, size.segments) == (Encoding.UCS_2, units, segments)


def test_the_characters_that_cost_a_text_its_room_are_named_once_each():
    assert outside_gsm("It\u2019s \u2013 it\u2019s") == ("\u2019", "\u2013")
    assert outside_gsm("plain €") == ()


@given(st.text(st.characters(), max_size=400))
@settings(max_examples=100, deadline=None)
def test_parts_hold_the_text_and_no_more_than_one_unit_each_is_lost(text):
    size = measure_text(text)
    room = 153 if size.encoding is Encoding.GSM_7 else 67
    if size.segments > 1:
        assert (size.segments - 1) * (room - 1) < size.units <= size.segments * room
