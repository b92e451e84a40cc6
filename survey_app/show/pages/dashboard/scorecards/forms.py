"""Reading the builder's forms: each step changes its own part of the plan, and only to what can be chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from survey_app.know.improvement.scorecards.plan import (
    Plan,
    Question,
    moved,
    with_answer,
    with_elements,
    with_measures,
    with_owners,
)
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.scorecards.choices import measures_of
from survey_app.show.pages.dashboard.scorecards.steps import Step

Form = MultiDict[str, str]
LONGEST_NAME, LONGEST_OWNER, LONGEST_ANSWER, LONGEST_NOTE = 80, 40, 2000, 400
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class BadForm(ValueError):
    """What was sent cannot be kept; the message says what to do."""


def read_step(step: Step, form: Form, plan: Plan, needs: Needs) -> Plan:
    """Return the plan as one step changes it."""
    if step.value in set(Question):
        return with_answer(plan, Question(step.value), _text(form, "answer", "Answer", LONGEST_ANSWER))
    readers: dict[Step, Callable[[], Plan]] = {
        Step.NAME: lambda: name_and_owner(form, plan),
        Step.ELEMENTS: lambda: _elements(form, plan, needs),
        Step.MEASURES: lambda: _measures(form, plan, needs),
        Step.ORDER: lambda: _order(form, plan),
        Step.CHECK: lambda: plan,
    }
    return readers[step]()


def name_and_owner(form: Form, plan: Plan) -> Plan:
    """Return the plan under its name and its owner."""
    name = _line(form, "name", "Name", LONGEST_NAME)
    if not name:
        raise BadForm("Give the scorecard a name")
    return replace(plan, name=name, owner=_line(form, "owner", "Owner", LONGEST_OWNER))


def note(form: Form) -> str:
    """Return what changed and why."""
    return _line(form, "note", "What changed", LONGEST_NOTE)


def _elements(form: Form, plan: Plan, needs: Needs) -> Plan:
    sent = set(form.getlist("element"))
    chosen = [element.id for element in needs.model.elements if element.id in sent]
    if not chosen:
        raise BadForm("Choose at least one element")
    return with_elements(plan, chosen)


def _measures(form: Form, plan: Plan, needs: Needs) -> Plan:
    chosen = {}
    for pick in plan.picks:
        sent = set(form.getlist(f"measure-{pick.element}"))
        chosen[pick.element] = [m.id for m in measures_of(pick.element, needs) if m.id in sent]
    return with_measures(plan, chosen)


def _order(form: Form, plan: Plan) -> Plan:
    owners = {
        pick.element: _line(form, f"owner-{pick.element}", "Owner", LONGEST_OWNER)
        for pick in plan.picks
        if f"owner-{pick.element}" in form
    }
    plan = with_owners(plan, owners)
    # A button sends "up:element" or "down:element:measure"; ids hold no colon.
    way, _, rest = form.get("move", "").partition(":")
    element, _, measure = rest.partition(":")
    return moved(plan, element, measure or None, up=way == "up") if way in {"up", "down"} else plan


def _line(form: Form, name: str, title: str, longest: int) -> str:
    return " ".join(_text(form, name, title, longest).split())


def _text(form: Form, name: str, title: str, longest: int) -> str:
    text = form.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise BadForm(f"{title}: use at most {longest} letters. You have {len(text)}")
    if _CONTROL.search(text):
        raise BadForm(f"{title}: use plain text")
    return text
