"""Alerts: what somebody in distress wrote, for the people on call of their place, and what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.population.phones import phone_words
from survey_app.clock import LONDON
from survey_app.hear.safeguarding import alerts
from survey_app.hear.safeguarding.tables import Alert, AlertEvent, AlertStep, Outcome
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

OUTCOMES = {
    Outcome.SPOKE: "We spoke to them",
    Outcome.PASSED_ON: "We passed it on by our safeguarding rules",
    Outcome.NOT_REACHED: "We tried and could not reach them",
    Outcome.NOT_NEEDED: "They did not need help",
}
STEPS = {
    AlertStep.TOLD: "E-mail to {by}",
    AlertStep.ESCALATED: "Nobody had taken it on: e-mail to {by}",
    AlertStep.ACKNOWLEDGED: "{by} took it on",
    AlertStep.CLOSED: "{by} closed it",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One alert on the page; the words are shown to people of its place until it is closed."""

    alert: Alert
    place: str
    sender: str
    words: str
    steps: tuple[tuple[str, str], ...]

    @property
    def received(self) -> str:
        """Return when it came, by the clock on the wall."""
        return f"{self.alert.raised_at.astimezone(LONDON):%-d %B %Y, %H:%M}"


class AlertPages:
    """Seeing alerts, taking them on and closing them."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.RESPONDER)
    def overview(self) -> str:
        """Show the alerts nobody has taken on, then those somebody has, the oldest first."""
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            waiting = self._shown(session, reach, alerts.open_alerts(session))
            in_hand = self._shown(session, reach, alerts.taken_on(session))
        return render_template(
            "workspace/alerts.html",
            waiting=waiting,
            in_hand=in_hand,
            outcomes=OUTCOMES,
            phone_words=phone_words,
        )

    @who_may(Who.RESPONDER)
    def seen(self, alert_id: int) -> Response:
        """Record who has taken an alert on."""
        with self._needs.database.writing() as session:
            self._mine(session, alert_id, alerts.open_alerts(session))
            alerts.acknowledge(session, alert_id=alert_id, by=signed_in().email[:120], at=self._needs.clock())
        return redirect(url_for("workspace.alerts"), 303)

    @who_may(Who.RESPONDER)
    def closed(self, alert_id: int) -> Response:
        """Record what was done; a form without an outcome leaves the alert as it is."""
        outcome = next((kind for kind in Outcome if kind == request.form.get("outcome")), None)
        with self._needs.database.writing() as session:
            self._mine(session, alert_id, alerts.taken_on(session))
            if outcome is not None:
                by = signed_in().email[:120]
                alerts.close(session, alert_id=alert_id, outcome=outcome, by=by, at=self._needs.clock())
        return redirect(url_for("workspace.alerts"), 303)

    def _shown(self, session: Session, reach: Reach, found: Sequence[Alert]) -> list[Shown]:
        heard = [alert for alert in found if reach.hears(alert)]
        trace = alerts.trace(session, [alert.id for alert in heard])
        keys = self._needs.keys
        return [
            Shown(
                alert,
                reach.name(alert.place_id),
                alerts.sender_of(alert, keys),
                alerts.words_of(alert, keys),
                tuple(_said(event) for event in trace[alert.id]),
            )
            for alert in heard
        ]

    def _mine(self, session: Session, alert_id: int, found: Sequence[Alert]) -> None:
        reach = Reach(session, signed_in())
        if alert_id not in {alert.id for alert in found if reach.hears(alert)}:
            abort(404)


def _said(event: AlertEvent) -> tuple[str, str]:
    return f"{event.at.astimezone(LONDON):%-d %B, %H:%M}", STEPS[event.step].format(by=event.by)
