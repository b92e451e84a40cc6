"""Making and changing actions and their cycles: for those who lead the place."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_app.know.evidence import store
from survey_app.know.evidence.changes import BETTER_OR_WORSE
from survey_app.know.improvement.actions import actions, reading
from survey_app.know.improvement.actions.actions import BadStep, Origin
from survey_app.show.pages.dashboard.actions.desk import Desk
from survey_app.show.pages.dashboard.actions.forms import (
    ActionForm,
    CycleForm,
    LearntForm,
    NewActionForm,
    Sent,
    edit_form,
    filled,
    new_form,
    step_day,
)
from survey_app.show.pages.dashboard.actions.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot
from survey_app.web.access import Who, who_may

Page = str | Response | tuple[str, int]


class ChangingPages:
    """The forms of actions and cycles."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.LEAD)
    def new(self) -> Page:
        """Ask for the place, then show the form, filled with what a chart's link says."""
        with self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            if not request.args.get("place"):
                return render_template("actions/where.html", places=desk.led())
            spot = desk.place(request.args["place"])
            return self._new_page(spot, self._new_form(desk, spot, None))

    @who_may(Who.LEAD)
    def create(self) -> Page:
        """Keep a new action, or show the form again with every fault."""
        with self._needs.database.writing() as session:
            desk = Desk(self._needs, session)
            spot = desk.place(request.args.get("place", ""))
            form = self._new_form(desk, spot, request.form)
            if not form.validate():
                return self._new_page(spot, form), 422
            origin = Origin(spot.id, form.measure.data or None, form.signal_week.data)
            made = actions.create(session, origin, form.intent(), desk.change)
            return redirect(url_for("actions.action", action_id=made.id), 303)

    @who_may(Who.LEAD)
    def ask(self, action_id: int) -> str:
        """Show what can be changed of an action."""
        with self._needs.database.reading() as session:
            return self._edit(Desk(self._needs, session), action_id, None)[0]

    @who_may(Who.LEAD)
    def rewrite(self, action_id: int) -> Page:
        """Keep what was changed of an action."""
        with self._needs.database.writing() as session:
            desk = Desk(self._needs, session)
            page, form = self._edit(desk, action_id, request.form)
            if form.errors:
                return page, 422
            actions.rewrite(session, desk.action(action_id).listed.action, form.intent(), desk.change)
        return redirect(url_for("actions.action", action_id=action_id), 303)

    @who_may(Who.LEAD)
    def move(self, action_id: int, step: str) -> Response:
        """Start, finish or stop an action."""
        on = step_day(request.form, self._needs.today()) or abort(400)
        with self._needs.database.writing() as session:
            desk = Desk(self._needs, session)
            found = desk.own_action(action_id)
            try:
                actions.move(session, found.listed.action, step, on, desk.change)
            except BadStep:
                abort(409)
        return redirect(url_for("actions.action", action_id=action_id), 303)

    @who_may(Who.LEAD)
    def plan_cycle(self, action_id: int) -> Page:
        """Show the form of a new cycle, or keep it."""
        is_sent = request.method == "POST"
        with self._needs.database.writing() if is_sent else self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            found = desk.own_action(action_id)
            form = CycleForm(request.form or None, self._needs.today(), found.listed.action.started_on)
            if is_sent and form.validate():
                plan, starts_on = form.plan.data, form.starts_on.data
                actions.add_cycle(session, found.listed.action, plan, starts_on, desk.change)
                return redirect(url_for("actions.action", action_id=action_id), 303)
            page = render_template(
                "actions/cycle.html", form=form, action=found.listed.action, place=found.spot, cycle=None
            )
            return (page, 422) if is_sent else page

    @who_may(Who.LEAD)
    def close_cycle(self, action_id: int, number: int) -> Page:
        """Show the form of what a cycle taught, or keep it."""
        is_sent = request.method == "POST"
        with self._needs.database.writing() if is_sent else self._needs.database.reading() as session:
            found, cycle = Desk(self._needs, session).cycle(action_id, number)
            form = LearntForm(request.form or None, obj=cycle)
            if is_sent and form.validate():
                actions.close_cycle(session, cycle, form.learnt.data, form.decided(), self._needs.today())
                return redirect(url_for("actions.action", action_id=action_id), 303)
            page = render_template(
                "actions/cycle.html", form=form, action=found.listed.action, place=found.spot, cycle=cycle
            )
            return (page, 422) if is_sent else page

    def _new_form(self, desk: Desk, spot: Spot, sent: Sent) -> NewActionForm:
        found = [desk.measure(name) for name in store.measure_ids(desk.session, spot.id)]
        measures = sorted((one for one in found if one), key=lambda measure: measure.title)
        series = store.stored(desk.session, request.args.get("measure", ""), spot.id)
        latest = series.latest if series else None
        usual = {
            "measure": series.measure if series else "",
            "signal_week": latest.start if latest and latest.state in BETTER_OR_WORSE else None,
            "owner": str(desk.person.staff_id),
        }
        form = new_form(sent, measures, usual, self._needs.today())
        filled(form, reading.owners_at(desk.session, spot.path), self._needs.concepts)
        return form

    def _new_page(self, spot: Spot, form: NewActionForm) -> str:
        return render_template("actions/form.html", form=form, place=spot, action=None)

    def _edit(self, desk: Desk, action_id: int, sent: Sent) -> tuple[str, ActionForm]:
        found = desk.own_action(action_id)
        form = edit_form(sent, found.listed.action, self._needs.today())
        filled(form, reading.owners_at(desk.session, found.spot.path), self._needs.concepts)
        if sent is not None:
            form.validate()
        page = render_template("actions/form.html", form=form, place=found.spot, action=found.listed.action)
        return page, form
