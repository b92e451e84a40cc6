"""Who answered at a place, against who was invited and who lives here. Only jobs load this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from survey_app.know.disclosure.dispositions import Asked, Outcome, together
from survey_app.know.evidence.places.documents import Answered, Part, Rate
from survey_app.stats.response_rates import Outcomes, response_rates

NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is released of who answered at one place.

    Attributes
    ----------
    replies : int
        People in whole weeks.
    asked : mapping of str to Asked
        The units at or below the place that had invitations.
    order : tuple of str
        Categories as declared then; empty at localities and groups.
    answers : mapping of str to mapping
        Item to category to valid answers; withheld ones are left out.
    residents : mapping of str to int
        Category to the people who live here.
    """

    replies: int
    asked: Mapping[str, Asked]
    order: tuple[str, ...]
    answers: Mapping[str, Mapping[str, int]]
    residents: Mapping[str, int]


def who_answered(crowd: Crowd) -> dict[str, Any]:
    """Set those who answered beside those invited and those who live here.

    Parameters
    ----------
    crowd : Crowd
        Released counts.

    Returns
    -------
    dict
        The finding's document.

    References
    ----------
    docs/algorithms/who-answered.md, response-rates.md.
    """
    rated = [one for one in crowd.asked.values() if one.may_be_rated]
    item = _fullest(crowd.answers) if crowd.order else ""
    return asdict(
        Answered(
            replies=crowd.replies or None,
            invited=bool(crowd.asked),
            rate=_rate(rated) if rated else None,
            partly=0 < len(rated) < len(crowd.asked),
            item=item,
            parts=tuple(_parts(crowd, rated, crowd.answers.get(item, {}))) if crowd.order else (),
        )
    )


def _rate(units: list[Asked]) -> Rate | None:
    asked = together(units)
    rates = response_rates(
        Outcomes(
            complete=asked.outcomes[Outcome.COMPLETE],
            partial=asked.outcomes[Outcome.PARTIAL],
            refusal=asked.outcomes[Outcome.REFUSAL],
            non_contact=asked.outcomes[Outcome.NON_CONTACT],
            other=asked.outcomes[Outcome.OTHER],
            unknown_other=asked.outcomes[Outcome.UNKNOWN],
        )
    )
    if rates.rr2 is None or rates.rr6 is None:
        return None
    # One unit's few would be the difference between the sum and the other units.
    reached = round(100 * rates.rr6) if all(one.tells_reach for one in units) else None
    return Rate(n_asked=asked.outcomes.total(), rr2=round(100 * rates.rr2), rr6=reached)


def _fullest(answers: Mapping[str, Mapping[str, int]]) -> str:
    # The statement with the fewest withheld groups, then with the most answers: the same for everybody.
    return min(
        answers, key=lambda item: (-len(answers[item]), -sum(answers[item].values()), item), default=""
    )


def _parts(crowd: Crowd, rated: list[Asked], answers: Mapping[str, int]) -> Iterable[Part]:
    # The same units as in the rate, or none: two sums side by side would tell what the units between are.
    invited = together(rated) if rated and all(one.may_be_split for one in rated) else None
    for category in (*crowd.order, NOT_STATED):
        yield Part(
            category=category,
            people=crowd.residents.get(category),
            invited=invited.categories[category] if invited else None,
            answers=answers.get(category),
        )
