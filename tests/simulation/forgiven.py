"""Stories the product does not get right yet: worlds forgive them, and tests that must fail tell each."""

from __future__ import annotations

from enum import StrEnum


class Forgiven(StrEnum):
    """A story the product does not get right yet; a test that must fail tells each."""

    HEELS = "a second text on the heels of the first"
    REMINDER = "the 1 that a reminder asks for"
    UNSENT = "a question that never left"
    SEEN_BEFORE = "a second text on the heels of the first, where the next question was asked once before"
    UNREACHED = "the survey of somebody whom one question did not reach is closed to their answers"
    LOOKALIKE = "a text in doubt beside another of the same words that is known"
    LATE = "a late text that takes the place of what was answered on the web meanwhile"
    ABROAD = "English words once another language was asked for, though the questions stay English"
    WITHDRAWN = "an answer by text after the stop page was used"
    OVERTAKEN = "an older question that leaves after a newer one"


FORGIVEN: frozenset[Forgiven] = frozenset()
