"""People who ask to be called: their number, for the officers of their place, until it is done."""

from __future__ import annotations

import datetime as dt

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.population.languages import NAMES
from survey_app.ask.population.phones import phone_words
from survey_app.clock import LONDON, london_day
from survey_app.hear.safeguarding.callbacks import POSTER_CONSENT, TIMES, finish, number_of, open_calls
from survey_app.hear.safeguarding.tables import CallBack, CallOutcome
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

OUTCOMES = {
    CallOutcome.SPOKE: "We spoke",
    CallOutcome.PASSED_ON: "Passed on to someone who will call",
    CallOutcome.NO_ANSWER: "Tried, nobody answered: no more tries",
    CallOutcome.NOT_WANTED: "They no longer want a call",
}


class CallPages:
    """Seeing whom to call, and saying what came of it."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def overview(self) -> str:
        """Show whom nobody has called yet, the longest waiting first."""
        return self._page()

    def _page(self, wrong: int = 0) -> str:
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            rows = [
                (call, reach.name(call.place_id), number_of(call, self._needs.keys))
                for call in _within(session, reach)
            ]
        return render_template(
            "workspace/calls.html",
            rows=rows,
            wrong=wrong,
            phone_words=phone_words,
            times=TIMES,
            choices=[{"value": one.value, "text": said} for one, said in OUTCOMES.items()],
            languages=NAMES,
            asked=_asked,
            ago=lambda call: _ago(call.asked_at, self._needs.clock()),
        )

    @who_may(Who.OFFICER)
    def called(self, call_id: int) -> Response | tuple[str, int]:
        """Record what came of a call, and by whom."""
        person, outcome = signed_in(), request.form.get("outcome", "")
        said = next((one for one in CallOutcome if one.value == outcome), None)
        with self._needs.database.writing() as session:
            if call_id not in {call.id for call in _within(session, Reach(session, person))}:
                abort(404)
            if said is not None:
                finish(session, call_id=call_id, outcome=said, by=person.email[:120], at=self._needs.clock())
        if said is None:
            return (self._page(wrong=call_id), 422) if not outcome else abort(400)
        return redirect(url_for("workspace.calls"), 303)


def _asked(call: CallBack) -> str:
    at = call.asked_at.astimezone(LONDON)
    return f"{at:%-d %B %Y}" if call.consent == POSTER_CONSENT else f"{at:%-d %B %Y, %H:%M}"


def _ago(then: dt.datetime, now: dt.datetime) -> str:
    n_days = (london_day(now) - london_day(then)).days
    return {0: "today", 1: "yesterday"}.get(n_days, f"{n_days} days ago")


def _within(session: Session, reach: Reach) -> list[CallBack]:
    return [call for call in open_calls(session) if reach.calls(call.place_id)]
