from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from survey_app.hear.reading.batch import read_lines
from survey_app.hear.reading.words import languages

GOLDEN = Path(__file__).resolve().parents[3] / "golden"
LINES = (GOLDEN / "replies.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = [json.loads(line) for line in LINES]
QUESTIONS = json.loads((GOLDEN / "questions.json").read_text(encoding="utf-8"))
ACCEPTED = {"answer", "multi", "correction", "late_answer"}
LEAST = {"answer": 0.85, "optout": 0.97, "distress": 0.95, "deceased": 0.95, "wrong_person": 0.95}
OTHER = 0.85  # help, a language request and the like: a miss only costs one more question
ENGLISH = {"answer": 0.98, "optout": 0.97, "distress": 0.95}


@pytest.fixture(scope="module")
def pairs():
    readings = [json.loads(line) for line in read_lines(LINES, QUESTIONS)]
    return list(zip(ROWS, readings, strict=True))


def hit(expected, got):
    return all(expected.get(key) == got.get(key) for key in ("intent", "value", "values", "kind"))


def scores(pairs):
    """Share of rows read as labelled, by language and intent."""
    rows, hits = Counter(), Counter()
    for row, got in pairs:
        key = row["lang"], row["expect"]["intent"]
        rows[key] += 1
        hits[key] += hit(row["expect"], got)
    return {key: hits[key] / rows[key] for key in sorted(rows)}


def test_every_language_and_intent_reaches_its_mark(pairs):
    reached = scores(pairs)
    assert {language for language, _ in reached} == set(languages())
    wanted = {
        (language, intent): (ENGLISH if language == "en" else LEAST).get(intent, OTHER)
        for language, intent in reached
    }
    assert {key: share for key, share in reached.items() if share < wanted[key]} == {}


def test_no_crisis_or_emergency_is_missed(pairs):
    pressing = [(r, got) for r, got in pairs if r["expect"].get("kind") in {"crisis", "emergency"}]
    assert len(pressing) > 10
    assert [row["body"] for row, got in pressing if got.get("kind") != row["expect"]["kind"]] == []


def test_idioms_are_not_distress(pairs):
    assert sum("idiom" in row["tags"] and got["intent"] == "distress" for row, got in pairs) == 0


def test_stopping_something_else_is_no_optout(pairs):
    assert [
        r["body"] for r, g in pairs if r["expect"]["intent"] != "optout" and g["intent"] == "optout"
    ] == []


def test_what_is_accepted_is_right(pairs):
    accepted = [(row, got) for row, got in pairs if got["intent"] in ACCEPTED]
    wrong = [row["body"] for row, got in accepted if not hit(row["expect"], got)]
    assert len(accepted) > 240
    assert len(wrong) / len(accepted) <= 0.01, wrong


def test_english_is_read_nearly_whole(pairs):
    english = [hit(row["expect"], got) for row, got in pairs if row["lang"] == "en"]
    assert sum(english) / len(english) >= 0.98


def test_what_else_is_due_is_said_too(pairs):
    assert [r["body"] for r, g in pairs if set(r["expect"].get("also", ())) - set(g.get("also", ()))] == []
