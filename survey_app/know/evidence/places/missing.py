"""Shares of the breakdown among people, invited and answers, and who is missing among the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.know.evidence.places.documents import Answered, Part

NOT_STATED = ""
LEAST_GAP, LEAST_RATIO = 5.0, 0.8
"""A group is missing where it lacks 5 points or more, and a fifth or more of its share."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The group that is missing most; shares in per cent of those with a stated category.

    `asked_too` tells whether it is missing among the invited already; None where that is not known.
    """

    category: str
    among_people: float
    among_answers: float
    asked_too: bool | None


def shares(answered: Answered, count: Callable[[Part], int | None]) -> dict[str, float]:
    """Compute each stated category's share.

    Parameters
    ----------
    answered : Answered
        As stored.
    count : callable
        From a part to people, invited or answers.

    Returns
    -------
    dict of str to float
        Per cent, adding up to 100; empty where one is withheld or there are none.
    """
    found = {part.category: count(part) for part in answered.parts if part.category != NOT_STATED}
    known = {category: n for category, n in found.items() if n is not None}
    total = sum(known.values())
    if len(known) < len(found) or not total:
        return {}
    return {category: 100 * n / total for category, n in known.items()}


def missing(answered: Answered) -> Missing | None:
    """Find the group that is missing most among the answers.

    Parameters
    ----------
    answered : Answered
        As stored.

    Returns
    -------
    Missing or None
        None where nobody is missing by much, or where it cannot be told.

    References
    ----------
    docs/algorithms/who-answered.md.
    """
    people = shares(answered, lambda part: part.people)
    answers = shares(answered, lambda part: part.answers)
    invited = shares(answered, lambda part: part.invited)
    if not people or not answers:
        return None
    category = max(people, key=lambda one: people[one] - answers[one])
    if not _lacks(people[category], answers[category]):
        return None
    asked_too = _lacks(people[category], invited[category]) if invited else None
    return Missing(category, people[category], answers[category], asked_too)


def _lacks(among_people: float, among_others: float) -> bool:
    return among_people - among_others >= LEAST_GAP and among_others <= LEAST_RATIO * among_people
