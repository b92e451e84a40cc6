"""Alerts: what somebody in distress wrote, for the people on call of their place."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_app.hear.safeguarding.alerts import acknowledge, open_alerts, sender_of, words_of
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may


class AlertPages:
    """Seeing and acknowledging alerts."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.STAFF)
    def overview(self) -> str:
        """Show the alerts nobody has acknowledged, the oldest first."""
        keys = self._needs.keys
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            rows = [
                (alert, reach.name(alert.place_id), sender_of(alert, keys), words_of(alert, keys))
                for alert in open_alerts(session)
                if reach.hears(alert)
            ]
        return render_template("workspace/alerts.html", rows=rows)

    @who_may(Who.STAFF)
    def seen(self, alert_id: int) -> Response:
        """Record who has taken an alert on."""
        person = signed_in()
        with self._needs.database.writing() as session:
            reach = Reach(session, person)
            if alert_id not in {alert.id for alert in open_alerts(session) if reach.hears(alert)}:
                abort(404)
            acknowledge(session, alert_id=alert_id, by=person.email[:120], at=self._needs.clock())
        return redirect(url_for("workspace.alerts"), 303)
