"""The target of a measure at a place: a lead sets or ends it; everything ever set can be read."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.know.improvement.changes import BadSteering
from survey_app.know.improvement.targets import NewTarget, current_target, set_target, target_history
from survey_app.show.charts.phrases import figure_words, scale_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.steering.forms import TargetForm, target_form
from survey_app.show.pages.dashboard.steering.ground import Ground, ground
from survey_app.web.access import Who, who_may


class TargetPages:
    """What a measure should reach at a place."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str, place_id: str) -> str:
        """Show the target, the form for another, and the history."""
        with self._needs.database.reading() as session:
            here = ground(self._needs, session, measure_id, place_id)
            now = current_target(session, measure_id, place_id)
            form = target_form(None, self._needs.today(), now.value if now else None)
            return self._shown(session, here, form, "")

    @who_may(Who.LEAD)
    def set(self, measure_id: str, place_id: str) -> Response | tuple[str, int]:
        """Set a target, or end the one there is."""
        fault = ""
        with self._needs.database.writing() as session:
            here = ground(self._needs, session, measure_id, place_id)
            here.insist_on_lead()
            form = target_form(request.form, self._needs.today(), None)
            ends = request.form.get("end") == "yes"
            if ends or form.validate():
                value, since = (None, self._needs.today()) if ends else (form.value.data, form.since.data)
                try:
                    self._set(session, here, value, since)
                    return redirect(
                        url_for("dashboard.target", measure_id=measure_id, place_id=place_id), 303
                    )
                except BadSteering as bad:
                    fault = str(bad)
            return self._shown(session, here, form, fault), 422

    def _set(self, session: Session, here: Ground, value: float | None, since: dt.date) -> None:
        new = NewTarget(value, since, here.by)
        now, today = self._needs.clock(), self._needs.today()
        set_target(session, here.measure, here.place.id, new, now=now, today=today)

    def _shown(self, session: Session, here: Ground, form: TargetForm, fault: str) -> str:
        return render_template(
            "dashboard/steering/target.html",
            synthetic=self._needs.synthetic(),
            here=here,
            form=form,
            fault=fault,
            now=current_target(session, here.measure.id, here.place.id),
            rows=target_history(session, here.measure.id, here.place.id),
            figure=lambda value: figure_words(value, here.measure.unit, decimals=0 if value % 1 == 0 else 1),
            scale=scale_words(here.measure.unit),
        )
