"""How many replies a second are read, all languages in turn."""

from __future__ import annotations

import json
import time

from survey_app.hear.reading.batch import read_lines
from survey_app.settings import ROOT

GOLDEN = ROOT / "tests" / "golden"
TIMES = 10


def replies_a_second() -> float:
    """Read the labelled replies several times over; rules are compiled beforehand."""
    lines = (GOLDEN / "replies.jsonl").read_text(encoding="utf-8").splitlines()
    questions = json.loads((GOLDEN / "questions.json").read_text(encoding="utf-8"))
    list(read_lines(lines, questions))
    begun = time.perf_counter()
    n_read = sum(1 for _ in read_lines(lines * TIMES, questions))
    return n_read / (time.perf_counter() - begun)
