"""New lines: the system proposes them, a lead who knows the cause confirms them or takes them back."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.know.improvement.changes import BadSteering
from survey_app.know.improvement.rebases import ENOUGH, Confirmation, confirm, rebase_history, take_back
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.steering.forms import ReasonForm
from survey_app.show.pages.dashboard.steering.ground import Ground, ground
from survey_app.web.access import Who, who_may

MOVED_ON = "The figures have moved on since this page was opened. Look at the chart again before you confirm"


class BaselinePages:
    """From when on the lines of a chart are estimated."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str, place_id: str) -> str:
        """Show what is proposed, what holds, and the history."""
        with self._needs.database.reading() as session:
            here = ground(self._needs, session, measure_id, place_id)
            return self._shown(session, here, ReasonForm(), "")

    @who_may(Who.LEAD)
    def confirm(self, measure_id: str, place_id: str) -> Response | tuple[str, int]:
        """Let the proposal hold that the person has seen."""
        with self._needs.database.writing() as session:
            here = ground(self._needs, session, measure_id, place_id)
            here.insist_on_lead()
            form, proposal = ReasonForm(request.form), here.series.proposal
            if proposal is None or request.form.get("from") != proposal.day.isoformat():
                return self._shown(session, here, form, MOVED_ON), 409
            try:
                if form.validate():
                    asked = Confirmation(measure_id, place_id, proposal, form.reason.data, here.by)
                    confirm(session, asked, now=self._needs.clock())
                    return _back(measure_id, place_id)
            except BadSteering as bad:
                return self._shown(session, here, form, str(bad)), 422
            return self._shown(session, here, form, ""), 422

    @who_may(Who.LEAD)
    def take_back(self, measure_id: str, place_id: str, rebase_id: int) -> Response | tuple[str, int]:
        """Let the old lines hold again."""
        with self._needs.database.writing() as session:
            here = ground(self._needs, session, measure_id, place_id)
            here.insist_on_lead()
            if rebase_id not in {row.id for row in rebase_history(session, measure_id, place_id)}:
                abort(404)
            try:
                reason = request.form.get("reason", "")
                take_back(session, rebase_id, reason=reason, by=here.by, now=self._needs.clock())
            except BadSteering as bad:
                return self._shown(session, here, ReasonForm(), str(bad)), 422
        return _back(measure_id, place_id)

    def _shown(self, session: Session, here: Ground, form: ReasonForm, fault: str) -> str:
        return render_template(
            "dashboard/steering/baseline.html",
            synthetic=self._needs.synthetic(),
            here=here,
            form=form,
            fault=fault,
            proposal=here.series.proposal,
            enough=ENOUGH,
            rows=rebase_history(session, here.measure.id, here.place.id),
        )


def _back(measure_id: str, place_id: str) -> Response:
    return redirect(url_for("dashboard.baseline", measure_id=measure_id, place_id=place_id), 303)
