from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from survey_app.hear.reading.batch import read_lines

GOLDEN = Path(__file__).resolve().parents[3] / "golden"
LINES = (GOLDEN / "replies.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = [json.loads(line) for line in LINES]
QUESTIONS = json.loads((GOLDEN / "questions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pairs():
    readings = [json.loads(line) for line in read_lines(LINES, QUESTIONS)]
    return [(row, reading) for row, reading in zip(ROWS, readings, strict=True) if row["lang"] == "en"]


def recall(pairs, wanted):
    chosen = [(row["expect"], reading) for row, reading in pairs if wanted(row["expect"])]
    assert chosen
    hits = [
        expected["intent"] == got["intent"]
        and expected.get("value") == got.get("value")
        and expected.get("kind") == got.get("kind")
        for expected, got in chosen
    ]
    return sum(hits) / len(hits)


def score_table():
    """Hits and rows by language and intent, printed with `python -c` by whoever wants to look."""
    rows, hits = Counter(), Counter()
    for row, line in zip(ROWS, read_lines(LINES, QUESTIONS), strict=True):
        got, key = json.loads(line), (row["lang"], row["expect"]["intent"])
        rows[key] += 1
        hits[key] += got["intent"] == key[1] and got.get("value") == row["expect"].get("value")
    return [(*key, hits[key], rows[key]) for key in sorted(rows)]


def test_no_crisis_or_emergency_is_missed(pairs):
    assert recall(pairs, lambda e: e.get("kind") in {"crisis", "emergency"}) == 1


def test_nearly_all_distress_is_seen(pairs):
    assert recall(pairs, lambda e: e["intent"] == "distress") >= 0.95


def test_idioms_are_not_distress(pairs):
    assert sum("idiom" in row["tags"] and got["intent"] == "distress" for row, got in pairs) == 0


def test_a_wish_to_stop_is_heard(pairs):
    assert recall(pairs, lambda e: e["intent"] == "optout") >= 0.97


def test_stopping_something_else_is_no_optout(pairs):
    assert not [
        row["body"] for row, got in pairs if row["expect"]["intent"] != "optout" and got["intent"] == "optout"
    ]


def test_answers_are_read(pairs):
    assert recall(pairs, lambda e: e["intent"] == "answer") >= 0.98


def test_what_is_accepted_is_right():
    accepted = wrong = 0
    for row, line in zip(ROWS, read_lines(LINES, QUESTIONS), strict=True):
        got = json.loads(line)
        if got["intent"] in {"answer", "multi", "correction", "late_answer"}:
            accepted += 1
            wrong += any(row["expect"].get(key) != got.get(key) for key in ("intent", "value", "values"))
    assert accepted > 150
    assert wrong / accepted <= 0.01


def test_other_intents_in_english_are_read(pairs):
    assert recall(pairs, bool) >= 0.98


def test_two_thousand_replies_a_second():
    list(read_lines(LINES[:5], QUESTIONS))
    begun = time.perf_counter()
    assert len(list(read_lines(LINES, QUESTIONS))) == len(LINES)
    assert len(LINES) / (time.perf_counter() - begun) >= 2000
