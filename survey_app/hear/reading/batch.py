"""Reads replies from JSON lines and answers in JSON lines, for analysts and for checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from survey_app.hear.reading.model import Channel, Context, Question, Reading, ReadingOption, Session
from survey_app.hear.reading.reader import read


def read_lines(lines: Iterable[str], questions: Mapping[str, Any]) -> Iterator[str]:
    """
    Read one reply a line.

    Parameters
    ----------
    lines : iterable of str
        JSON objects with `id`, `lang`, `q`, `body`, `num_media`, `context`.
    questions : mapping
        Questions by name, with `min` and `max` or `codes`, and labels by language.

    Yields
    ------
    str
        A JSON object with `id`, `intent` and, where they apply, `value`, `values`, `kind`, `also`.
    """

    @lru_cache
    def question(name: str, language: str) -> Question | None:
        return question_from(questions[name], language) if name in questions else None

    for line in filter(str.strip, lines):
        row = json.loads(line)
        language = row.get("lang") or "en"
        asked = question(row.get("q") or "", language)
        reading = read(row.get("body") or "", asked, language=language, context=context_from(row))
        codes = questions.get(row.get("q"), {}).get("codes", {})
        yield json.dumps({"id": row.get("id"), **_said(reading, codes)}, ensure_ascii=False)


def question_from(described: Mapping[str, Any], language: str) -> Question:
    """
    Build a question from its description in a file.

    Parameters
    ----------
    described : mapping
        A scale (`min`, `max`, labels in order) or a choice (`codes`, label lists by name).
    language : str
        Language of the labels; English where it has none.

    Returns
    -------
    Question
        Options with their labels.
    """
    labels = described["labels"].get(language) or described["labels"]["en"]
    if "codes" in described:
        named = described["codes"].items()
        return Question(tuple(ReadingOption(int(code), *_label(labels[name])) for code, name in named))
    return Question(tuple(ReadingOption(code, label) for code, label in enumerate(labels, described["min"])))


def _label(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    return words[0], tuple(words[1:])


def context_from(row: Mapping[str, Any]) -> Context:
    """
    Build the moment of a reply from its line.

    Parameters
    ----------
    row : mapping
        The line's object.

    Returns
    -------
    Context
        What is not told is as in an open session.
    """
    told = row.get("context") or {}
    channel = told.get("channel") or Channel.TEXT.value
    return Context(
        opted_out=bool(told.get("opted_out")),
        session=Session(told.get("session") or Session.OPEN.value),
        prev_answered=bool(told.get("prev_answered")),
        questions_remaining=int(told.get("questions_remaining") or 1),
        channel=Channel(channel) if channel in set(Channel) else Channel.TEXT,
        n_media=int(row.get("num_media") or 0),
        button_payload=told.get("ButtonPayload") or "",
        current_question=told.get("current_question") or "",
        opt_out_type=told.get("OptOutType") or "",
    )


def _said(reading: Reading, codes: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"intent": reading.intent.value}
    if reading.value is not None:
        said["value"] = codes.get(str(reading.value), reading.value)
    if reading.values:
        said["values"] = [codes.get(str(value), value) for value in reading.values]
    if reading.kind is not None:
        said["kind"] = reading.kind.value
    if reading.also:
        said["also"] = [intent.value for intent in reading.also]
    return said
