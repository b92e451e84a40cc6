"""Setting up an empty installation: a one-time address for the first account, then steps until it is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts import staff
from survey_app.accounts.audit.trail import Deed, write
from survey_app.accounts.password import WeakPassword, refuse_weak
from survey_app.accounts.setting_up import first
from survey_app.accounts.sign_in import open_session
from survey_app.accounts.tables import Role
from survey_app.ask.population.places import top
from survey_app.ask.population.tables import Place
from survey_app.ask.population.tending import BadPlace, add_place, refuse_bad
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.settings import Settings
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.set_up.steps import message_facts, steps_of, trial_of
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    clock: Clock
    keys: Keys
    settings: Settings


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the first set-up."""
    door = Blueprint("set_up", __name__, url_prefix="/set-up", template_folder="templates")
    pages = SetUpPages(needs)
    door.add_url_rule("/<token>", "ask", view_func=pages.ask, methods=["GET"])
    door.add_url_rule("/<token>", "begin", view_func=pages.begin, methods=["POST"])
    door.add_url_rule("", "steps", view_func=pages.steps, methods=["GET"])
    door.add_url_rule("/messages", "messages", view_func=pages.messages, methods=["GET"])
    door.add_url_rule("/finish", "finish", view_func=pages.finish, methods=["POST"])

    def set_up_open() -> bool:
        with needs.database.reading() as session:
            return first.is_unfinished(session)

    # Asked only by pages that have nothing to show yet, so it costs the others nothing.
    door.app_context_processor(lambda: {"set_up_open": set_up_open})
    return door


class SetUpPages:
    """From nobody to an administrator, and from there to the first survey."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._cookie = SessionCookie(needs.settings)
        self._limiter = FailureLimiter(needs.clock)

    @who_may(Who.ANYONE)
    def ask(self, token: str) -> str:
        """Ask for the organisation and the first account, at the one-time address only."""
        with self._needs.database.reading() as session:
            self._check(session, token)
            return self._first_page(session, {})

    @who_may(Who.ANYONE)
    def begin(self, token: str) -> Response | tuple[str, int]:
        """Make the system and its first administrator, and sign them in; the address is closed with it."""
        with self._needs.database.writing() as session:
            self._check(session, token)
            if faults := _place_faults(session) | _account_faults():
                return self._first_page(session, faults), 422
            if not first.begin(session, now=self._needs.clock()):
                abort(404)
            cookie = self._account(session, top(session) or _system(session))
        response = redirect(url_for("set_up.steps"), 303)
        self._cookie.write(response, cookie)
        return response

    @who_may(Who.ADMINISTRATOR)
    def steps(self) -> str:
        """Show what is done and what is next."""
        with self._needs.database.reading() as session:
            self._check_unfinished(session)
            steps = steps_of(session, self._needs.settings, signed_in().staff_id)
        return render_template("set_up/steps.html", steps=steps, trial=trial_of(self._needs.settings))

    @who_may(Who.ADMINISTRATOR)
    def messages(self) -> str:
        """Show what the settings say about texts and e-mail."""
        with self._needs.database.reading() as session:
            self._check_unfinished(session)
        return render_template("set_up/messages.html", facts=message_facts(self._needs.settings))

    @who_may(Who.ADMINISTRATOR)
    def finish(self) -> Response:
        """Close the set-up for good."""
        with self._needs.database.writing() as session:
            self._check_unfinished(session)
            first.finish(session, now=self._needs.clock())
        return redirect("/workspace", 303)

    def _check(self, session: Session, token: str) -> None:
        if self._limiter.is_spent(request.remote_addr):
            abort(429)
        if not first.fits(self._needs.keys, token):
            self._limiter.failed(request.remote_addr)
            abort(404)
        if not first.is_open(session):
            abort(404)

    def _check_unfinished(self, session: Session) -> None:
        if not first.is_unfinished(session):
            abort(404)

    def _account(self, session: Session, place: Place) -> str:
        now, keys, form = self._needs.clock(), self._needs.keys, request.form
        person = staff.create(
            session,
            email=form.get("email", ""),
            name=form.get("who", ""),
            password=form.get("password", ""),
            grants=[(Role.ADMINISTRATOR, place.path)],
            now=now,
        )
        write(session, Deed(person.email, "set-up begun", f"staff_id={person.id}"), keys=keys, now=now)
        return open_session(session, person.id, now=now, keys=keys)

    def _first_page(self, session: Session, faults: Faults) -> str:
        return render_template("set_up/first.html", faults=faults, typed=request.form, system=top(session))


def _system(session: Session) -> Place:
    form = request.form
    return add_place(session, name=form.get("name", ""), code=form.get("code", ""), parent=None)


def _place_faults(session: Session) -> Faults:
    try:
        if top(session) is None:
            refuse_bad(session, name=request.form.get("name", ""), code=request.form.get("code", ""))
    except BadPlace as bad:
        return {bad.field: str(bad)}
    return {}


def _account_faults() -> Faults:
    form, faults = request.form, {}
    email, who = staff.tidy_email(form.get("email", "")), form.get("who", "").strip()
    if not 1 <= len(who) <= 120 or not who.isprintable():
        faults["who"] = "Enter your name"
    if not staff.is_email(email):
        faults["email"] = "Enter an e-mail address"
    try:
        refuse_weak(form.get("password", ""), email=email)
    except WeakPassword as bad:
        faults["password"] = str(bad).capitalize()
    if form.get("password", "") != form.get("again", ""):
        faults["again"] = "The two passwords are not the same"
    return faults
