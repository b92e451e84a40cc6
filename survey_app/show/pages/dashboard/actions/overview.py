"""Seeing actions: all in scope, and one with its verdict, cycles and what people were told."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from survey_app.know.improvement.actions import reading
from survey_app.know.improvement.actions.reading import OPEN, Listed
from survey_app.know.improvement.actions.tables import ActionState
from survey_app.show.charts.icon import icon_svg
from survey_app.show.pages.dashboard.actions.desk import Desk
from survey_app.show.pages.dashboard.actions.needs import Needs
from survey_app.show.pages.dashboard.actions.words import STATES, Said, said
from survey_app.show.pages.dashboard.tree import Spot
from survey_app.web.access import Who, who_may


@dataclass(frozen=True, slots=True)
class Row:
    """One action in a list."""

    listed: Listed
    place: Spot
    measure: str
    state: str
    verdict: Said | None
    sign: Markup


class OverviewPages:
    """What everybody with the place in scope may see."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def overview(self) -> str:
        """List the actions in scope: overdue, due soon, later, over."""
        day = self._needs.today()
        with self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            found = [self._row(desk, one) for one in reading.listed(session, desk.person.paths)]
            may_add = bool(desk.led())
        rows = [row for row in found if row]
        now = [row for row in rows if row.listed.action.state in OPEN]
        overdue = [row for row in now if row.listed.is_overdue(day)]
        soon = [row for row in now if row.listed.is_due(day)]
        groups = [
            ("Overdue", overdue),
            ("Due within a week", soon),
            ("Later", [row for row in now if row not in overdue and row not in soon]),
            ("Done", [row for row in reversed(rows) if row.listed.action.state is ActionState.DONE]),
            ("Stopped", [row for row in reversed(rows) if row.listed.action.state is ActionState.STOPPED]),
        ]
        return render_template("actions/overview.html", groups=groups, may_add=may_add)

    @who_may(Who.READER)
    def action(self, action_id: int) -> str:
        """Show one action."""
        with self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            found = desk.action(action_id)
            return render_template(
                "actions/one.html",
                row=self._row(desk, found.listed),
                action=found.listed.action,
                may_change=found.may_change,
                measure=desk.measure(found.listed.action.measure_id),
                concept=self._needs.concepts.title(found.listed.action.concept_id),
                cycles=reading.cycles_of(session, action_id),
                notices=reading.notices_of(session, action_id),
                today=self._needs.today(),
            )

    def _row(self, desk: Desk, listed: Listed) -> Row | None:
        place = desk.tree.find(listed.action.place_id)
        if place is None:
            return None
        measure = desk.measure(listed.action.measure_id)
        verdict = said(listed, measure)
        return Row(
            listed=listed,
            place=place,
            measure=measure.title if measure else "",
            state=STATES[listed.action.state],
            verdict=verdict,
            sign=icon_svg(verdict.icon) if verdict else Markup(),
        )
