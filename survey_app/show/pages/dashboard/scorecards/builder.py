"""The builder: one question a page, saved at each, as a draft that only who leads at the place can see."""

from __future__ import annotations

import hashlib
import json

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from survey_app.know.improvement.scorecards import store
from survey_app.know.improvement.scorecards.plan import MOST_MEASURES, Plan, Question
from survey_app.know.improvement.scorecards.store import BadPlan, Saved, TwoAtOnce
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.scorecards import forms
from survey_app.show.pages.dashboard.scorecards.choices import element_choices, measure_choices
from survey_app.show.pages.dashboard.scorecards.desk import Desk, Held
from survey_app.show.pages.dashboard.scorecards.forms import BadForm
from survey_app.show.pages.dashboard.scorecards.pages import plan_words
from survey_app.show.pages.dashboard.scorecards.steps import QUESTIONS, TITLES, Step
from survey_app.web.access import Who, who_may

CHANGED = "Somebody else has saved this draft since you opened it. This page shows what they saved: try again"


class Stale(RuntimeError):
    """A form that was opened on another draft than the one that stands now."""


class BuilderPages:
    """What only who leads at a scorecard's place may do."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.LEAD)
    def begin(self) -> Response | tuple[str, int]:
        """Begin a scorecard of a place, and go on to its first question."""
        try:
            with self._needs.database.writing() as session:
                homes = {place.id for place in Desk(session, self._needs).homes()}
                place_id = request.form.get("place", "")
                if place_id not in homes:
                    abort(404)
                plan = forms.name_and_owner(request.form, Plan("", signed_in().name))
                now = self._needs.clock()
                return _to(store.create(session, place_id, plan, by=signed_in().name, now=now), Step.AMBITION)
        except BadForm as bad:
            faults = [str(bad)]
        with self._needs.database.reading() as session:
            desk = Desk(session, self._needs)
            found, homes_ = desk.all(), desk.homes()
        sent = {"owner": request.form.get("owner", ""), "name": request.form.get("name", "")}
        page = "dashboard/scorecards/list.html"
        synthetic = self._needs.synthetic()
        return render_template(
            page, synthetic=synthetic, cards=found, homes=homes_, faults=faults, day_words=day_words, **sent
        ), 422

    @who_may(Who.LEAD)
    def ask(self, scorecard_id: int, part: str) -> str:
        """Show one step."""
        with self._needs.database.reading() as session:
            held = Desk(session, self._needs).to_change(scorecard_id)
        return self._step(held, Step(part), [], MultiDict())

    @who_may(Who.LEAD)
    def keep(self, scorecard_id: int, part: str) -> Response | tuple[str, int]:
        """Save one step into the draft and go on, or show it again with what is wrong."""
        here, sent = Step(part), MultiDict(request.form)
        try:
            with self._needs.database.writing() as session:
                self._save(session, scorecard_id, here)
            return self._onward(scorecard_id, here)
        except (BadForm, BadPlan) as bad:
            faults, code = list(bad.args), 422
        except (Stale, TwoAtOnce):
            faults, code, sent = [CHANGED], 409, MultiDict()
        with self._needs.database.reading() as session:
            held = Desk(session, self._needs).to_change(scorecard_id)
        return self._step(held, here, faults, sent), code

    def _save(self, session: Session, scorecard_id: int, here: Step) -> None:
        plan = _draft(Desk(session, self._needs).to_change(scorecard_id)).plan
        if request.form.get("seal") != seal_of(plan):
            raise Stale(here.value)
        by, now = signed_in().name, self._needs.clock()
        fresh = forms.read_step(here, request.form, plan, self._needs)
        store.save_draft(session, scorecard_id, fresh, by=by, now=now)
        if here is Step.CHECK:
            store.save_version(session, scorecard_id, forms.note(request.form), by=by, now=now)

    @who_may(Who.LEAD)
    def discard(self, scorecard_id: int) -> Response:
        """Throw the draft away."""
        with self._needs.database.writing() as session:
            Desk(session, self._needs).to_change(scorecard_id)
            store.discard(session, scorecard_id)
        return redirect(url_for("dashboard.scorecards"), 303)

    def _onward(self, scorecard_id: int, here: Step) -> Response:
        if here is Step.CHECK:
            return redirect(url_for("dashboard.scorecard", scorecard_id=scorecard_id), 303)
        if request.form.get("move"):
            return _to(scorecard_id, here)
        if request.form.get("then") == "leave":
            return redirect(url_for("dashboard.scorecards"), 303)
        return _to(scorecard_id, here.after)

    def _step(self, held: Held, step: Step, faults: list[str], sent: forms.Form) -> str:
        saved = _draft(held)
        plan = saved.plan
        question = Question(step.value) if step.value in set(Question) else None
        return render_template(
            "dashboard/scorecards/step.html",
            synthetic=self._needs.synthetic(),
            held=held,
            plan=plan,
            seal=seal_of(plan),
            step=step,
            steps=[(one, TITLES[one]) for one in Step],
            title=TITLES[step],
            asked=QUESTIONS[question] if question else None,
            answer=sent.get("answer", plan.answers.get(question, "") if question else ""),
            name=sent.get("name", plan.name),
            owner=sent.get("owner", plan.owner),
            note=sent.get("note", ""),
            elements=element_choices(plan, self._needs) if step is Step.ELEMENTS else [],
            measures=measure_choices(plan, held.place, self._needs)
            if step in {Step.MEASURES, Step.ORDER}
            else [],
            faults=faults,
            most=MOST_MEASURES,
            said=plan_words(saved, self._needs),
        )


def seal_of(plan: Plan) -> str:
    """Return a short text by which a form says which draft it was opened on."""
    return hashlib.sha256(json.dumps(plan.to_dict(), sort_keys=True).encode()).hexdigest()[:16]


def _draft(held: Held) -> Saved:
    """Return the draft, or what holds now as the draft it would become."""
    return held.card.draft or held.card.newest


def _to(scorecard_id: int, step: Step) -> Response:
    return redirect(url_for("dashboard.scorecard_step", scorecard_id=scorecard_id, part=step.value), 303)
