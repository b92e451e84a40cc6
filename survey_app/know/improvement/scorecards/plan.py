"""A scorecard's plan: answers to the planning questions, and which measures stand for which element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

MOST_MEASURES = 18
"""What one A4 page holds readably; a board that needs more is two boards."""


class Question(StrEnum):
    """What a place asks itself before it measures anything."""

    AMBITION = "ambition"
    CARE = "care"
    OUTCOMES = "outcomes"
    MEASURABLE = "measurable"
    USE = "use"


@dataclass(frozen=True, slots=True)
class Pick:
    """One element of the logic model with the measures chosen for it, and who looks after it."""

    element: str
    measures: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a place has decided about one scorecard, in the order the board shows it."""

    name: str
    owner: str
    answers: Mapping[Question, str] = field(default_factory=dict)
    picks: tuple[Pick, ...] = ()

    @property
    def n_measures(self) -> int:
        """Return how many lines the board has."""
        return sum(len(pick.measures) for pick in self.picks)

    def to_dict(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "name": self.name,
            "owner": self.owner,
            "answers": {question.value: text for question, text in self.answers.items()},
            "picks": [
                {"element": pick.element, "measures": list(pick.measures), "owner": pick.owner}
                for pick in self.picks
            ],
        }


def plan_from(stored: Mapping[str, Any]) -> Plan:
    """Read back what `to_dict` gave."""
    picks = (Pick(row["element"], tuple(row["measures"]), row["owner"]) for row in stored["picks"])
    answers = {Question(name): text for name, text in stored["answers"].items()}
    return Plan(stored["name"], stored["owner"], answers, tuple(picks))


def with_answer(plan: Plan, question: Question, text: str) -> Plan:
    """Answer one planning question."""
    return replace(plan, answers={**plan.answers, question: text})


def with_elements(plan: Plan, chosen: Sequence[str]) -> Plan:
    """Choose the elements: those chosen before keep their place and measures, new ones come behind them."""
    kept = [pick for pick in plan.picks if pick.element in set(chosen)]
    known = {pick.element for pick in kept}
    return replace(plan, picks=(*kept, *(Pick(name) for name in chosen if name not in known)))


def with_measures(plan: Plan, chosen: Mapping[str, Sequence[str]]) -> Plan:
    """Choose the measures of each element, keeping the order of those chosen before."""
    return replace(
        plan,
        picks=tuple(
            replace(pick, measures=_in_order(pick.measures, chosen.get(pick.element, ())))
            for pick in plan.picks
        ),
    )


def with_owners(plan: Plan, owners: Mapping[str, str]) -> Plan:
    """Say who looks after each element."""
    picks = (replace(pick, owner=owners.get(pick.element, pick.owner)) for pick in plan.picks)
    return replace(plan, picks=tuple(picks))


def moved(plan: Plan, element: str, measure: str | None, *, up: bool) -> Plan:
    """Move an element, or one of its measures, a step up or down; at an end it stays."""
    if measure is None:
        names = [pick.element for pick in plan.picks]
        by_name = {pick.element: pick for pick in plan.picks}
        return replace(plan, picks=tuple(by_name[name] for name in _shifted(names, element, up=up)))
    picks = (
        replace(pick, measures=tuple(_shifted(pick.measures, measure, up=up)))
        if pick.element == element
        else pick
        for pick in plan.picks
    )
    return replace(plan, picks=tuple(picks))


def faults_of(plan: Plan) -> list[str]:
    """Return what keeps a plan from becoming a version."""
    faults = []
    if not plan.name:
        faults.append("Give the scorecard a name")
    if not plan.n_measures:
        faults.append("Choose at least one measure")
    if plan.n_measures > MOST_MEASURES:
        faults.append(
            f"Choose at most {MOST_MEASURES} measures, so that the board fits on one page. "
            f"You have {plan.n_measures}: make a second scorecard of some"
        )
    return faults


def _in_order(before: Sequence[str], chosen: Iterable[str]) -> tuple[str, ...]:
    rest = list(dict.fromkeys(chosen))
    kept = [name for name in before if name in rest]
    return (*kept, *(name for name in rest if name not in kept))


def _shifted(names: Sequence[str], name: str, *, up: bool) -> list[str]:
    found = list(names)
    if name in found:
        here = found.index(name)
        there = here - 1 if up else here + 1
        if 0 <= there < len(found):
            found[here], found[there] = found[there], found[here]
    return found
