"""Neighbour groups and bins are proposed for the next quarter, and confirmed by a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.population.places import LONGEST_NAME, name_fault
from survey_app.clock import london_day
from survey_app.know.disclosure.proposing import Plan, confirm, confirmed_by, propose
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may


class GroupPages:
    """Which places are counted together; it concerns the whole system, and so must the role."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Show what is proposed for the next quarter, and why."""
        with self._needs.database.reading() as session:
            return self._page(session, self._plan(session), {}, {})

    @who_may(Who.OFFICER)
    def confirm(self) -> Response | tuple[str, int]:
        """Let the proposal hold under the names the person gave the groups, or say which names cannot be."""
        person = signed_in()
        with self._needs.database.writing() as session:
            if not Reach(session, person).everywhere:
                abort(403)
            plan = self._plan(session)
            if request.form.get("seal") != seal_of(plan):
                abort(409)  # answers have come in since, and what is proposed is another thing now
            typed = _typed(plan)
            if faults := {unit: fault for unit, name in typed.items() if (fault := name_fault(name))}:
                return self._page(session, plan, typed, faults), 422
            confirm(session, _named(plan, typed), by=person.email, now=self._needs.clock())
        return redirect(url_for("workspace.groups"), 303)

    def _page(self, session: Session, plan: Plan, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
        reach = Reach(session, signed_in())
        return render_template(
            "workspace/groups.html",
            plan=plan,
            everywhere=reach.everywhere,
            name=reach.name,
            confirmed_by=confirmed_by(session, plan.quarter),
            seal=seal_of(plan),
            typed=typed,
            faults=faults,
        )

    def _plan(self, session: Session) -> Plan:
        return propose(session, london_day(self._needs.clock()))


def seal_of(plan: Plan) -> str:
    """Return a short text by which a form says which proposal it confirms."""
    units = [(unit.id, unit.places, unit.weeks) for unit in plan.units]
    return hashlib.sha256(repr((plan.quarter, units)).encode()).hexdigest()[:16]


def _typed(plan: Plan) -> dict[str, str]:
    """Return the names that were given by hand, by unit."""
    sent = {unit.id: request.form.get(f"name-{unit.id}", "").strip() for unit in plan.units if unit.is_group}
    usual = {unit.id: unit.name for unit in plan.units}
    return {unit: name for unit, name in sent.items() if name and name != usual[unit]}


def _named(plan: Plan, typed: Mapping[str, str]) -> Plan:
    units = tuple(replace(unit, name=typed.get(unit.id, unit.name)[:LONGEST_NAME]) for unit in plan.units)
    return replace(plan, units=units)
