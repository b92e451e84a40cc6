"""Signing in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Flask, abort, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.audit.trail import Deed, write
from survey_app.accounts.passkeys.passkeys import LONGEST_REPLY, asked
from survey_app.accounts.password import matches
from survey_app.accounts.sign_in import (
    find_account,
    finish,
    give_code,
    give_passkey,
    sign_out,
    waiting_for_code,
    who,
)
from survey_app.accounts.staff import tidy_email
from survey_app.show.pages.accounts.cookies import KnownCookie, SessionCookie
from survey_app.show.pages.accounts.gate import Gate, Needs, page_context
from survey_app.show.pages.accounts.letting_in import let_in, ours
from survey_app.show.pages.accounts.own import OwnPages
from survey_app.show.pages.accounts.passkeys import PasskeyPages, site_of
from survey_app.show.pages.accounts.single_sign_on import hang_single_sign_on
from survey_app.show.pages.accounts.staffing.post import Post
from survey_app.show.pages.accounts.tokens import hang_tokens
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET

__all__ = ["Needs", "blueprint"]

WRONG_CODE = "That code is not right, or was used already. If it goes on, begin again with your password"
WRONG_PASSKEY = "That passkey does not open this account. Try again, or type a code"
WRONG = "E-mail address or password is not right. After 10 wrong tries an account rests for a while."


def blueprint(needs: Needs, post: Post) -> Blueprint:
    """Return the door of staff accounts; hanging it puts the gate before every staff page."""
    door = Blueprint("accounts", __name__, template_folder="templates")
    pages = AccountPages(needs)
    door.add_url_rule("/sign-in", "ask", view_func=pages.ask, methods=["GET"])
    door.add_url_rule("/sign-in", "enter", view_func=pages.enter, methods=["POST"])
    door.add_url_rule("/sign-in/code", "ask_code", view_func=pages.ask_code, methods=["GET"])
    door.add_url_rule("/sign-in/code", "give_code", view_func=pages.give_code, methods=["POST"])
    own = OwnPages(needs)
    door.add_url_rule("/account", "own", view_func=own.overview)
    door.add_url_rule("/account/password", view_func=own.change_password, methods=["POST"])
    door.add_url_rule("/account/code", "enrol", view_func=own.enrol, methods=["POST"])
    door.add_url_rule("/account/code/first", "confirm", view_func=own.confirm, methods=["POST"])
    door.add_url_rule("/account/code/recovery", "recover", view_func=own.recover, methods=["POST"])
    door.add_url_rule("/sign-in/passkey", "give_passkey", view_func=pages.give_passkey, methods=["POST"])
    PasskeyPages(needs).hang(door)
    hang_tokens(door, needs)
    door.add_url_rule("/sign-out", "leave", view_func=pages.leave, methods=["POST"])

    hang_single_sign_on(door, needs, post)

    def put_up_gate(state: BlueprintSetupState) -> None:
        state.app.before_request(Gate(cast("Flask", state.app), needs).check)

    door.record_once(put_up_gate)
    door.app_context_processor(page_context)
    return door


class AccountPages:
    """The sign-in page and what it leads to."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._cookie, self._known = SessionCookie(needs.settings), KnownCookie(needs.settings)
        # One budget for passwords and codes, and for every process.
        self._tries = needs.tries("sign-in", each=30, window=dt.timedelta(minutes=15))

    @who_may(Who.ANYONE)
    def ask(self) -> str:
        """Show the sign-in form."""
        return self._form(request.args.get("next", ""))

    @who_may(Who.ANYONE)
    def enter(self) -> Response | tuple[str, int]:
        """Check a password; every wrong try gets the same answer in the same time."""
        if self._needs.settings.sso_only:
            abort(403)
        email, password = request.form.get("email", ""), request.form.get("password", "")
        after = request.form.get("next", "")
        now, database, keys = self._needs.clock(), self._needs.database, self._needs.keys
        browser = self._known.read(request)
        with database.reading() as session:
            if self._tries.is_spent(session, request.remote_addr):
                abort(429)  # not even the right password: it may just have been guessed
            account = find_account(session, email[:254], now=now, keys=keys, browser=browser)
        fits = matches(account.password_hash, password)
        with database.writing() as session:
            token = finish(session, account, fits=fits, now=now, keys=keys, browser=browser)
            if token is not None:
                # The token a browser held before signing in dies: nobody can have planted it.
                sign_out(session, self._cookie.read(request), keys=keys)
                is_in = who(session, token, now=now, keys=keys) is not None
                did = "accounts.enter" if is_in else "accounts.password"
                write(session, Deed(tidy_email(email), did), keys=keys, now=now)
        if token is None:
            self._tries.failed(request.remote_addr)
            return self._form(after, fault=WRONG), 401
        return let_in(self._needs, after, token)

    @who_may(Who.ANYONE)
    def ask_code(self) -> str:
        """Ask for the code, or the passkey, that a session waits for."""
        return self._code_form(request.args.get("next", ""))

    @who_may(Who.ANYONE)
    def give_code(self) -> Response | tuple[str, int]:
        """Check a code; a right one gives the browser a new session."""
        code, held = request.form.get("code", "")[:40], self._cookie.read(request)
        now, keys, browser = self._needs.clock(), self._needs.keys, self._known.read(request)

        def given(session: Session) -> str | None:
            return give_code(session, held, code, now=now, keys=keys, browser=browser)

        return self._proved_again(given, "with a code", WRONG_CODE)

    @who_may(Who.ANYONE)
    def give_passkey(self) -> Response | tuple[str, int]:
        """Check what a device signed; a passkey of this person gives the browser a new session."""
        reply = request.form.get("reply", "")[:LONGEST_REPLY]
        site = site_of(self._needs, self._cookie.read(request))
        now, browser = self._needs.clock(), self._known.read(request)

        def given(session: Session) -> str | None:
            return give_passkey(session, site, reply, now=now, browser=browser)

        return self._proved_again(given, "with a passkey", WRONG_PASSKEY)

    def _proved_again(
        self, given: Callable[[Session], str | None], how: str, fault: str
    ) -> Response | tuple[str, int]:
        after, now, keys = request.form.get("next", ""), self._needs.clock(), self._needs.keys
        with self._needs.database.writing() as session:
            if self._tries.is_spent(session, request.remote_addr):
                abort(429)
            token = given(session)
            person = who(session, token, now=now, keys=keys) if token else None
            if person is not None:
                write(session, Deed(person.email, "accounts.enter", how), keys=keys, now=now)
        if token is None:
            self._tries.failed(request.remote_addr)
            return self._code_form(after, fault=fault), 401
        return let_in(self._needs, after, token)

    def _code_form(self, after: str, fault: str = "") -> str:
        token, now, keys = self._cookie.read(request), self._needs.clock(), self._needs.keys
        with self._needs.database.reading() as session:
            staff_id = waiting_for_code(session, token, now=now, keys=keys)
            told = asked(session, site_of(self._needs, token), staff_id) if staff_id else ""
        return render_template("accounts/code.html", after=ours(after), fault=fault, told=told)

    def _form(self, after: str, fault: str = "") -> str:
        settings = self._needs.settings
        return render_template(
            "accounts/sign_in.html",
            after=ours(after),
            fault=fault,
            provider=settings.sso_name if settings.sso_issuer else "",
            by_password=not settings.sso_only,
        )

    @who_may(Who.STAFF)
    def leave(self) -> Response:
        """End this session."""
        with self._needs.database.writing() as session:
            sign_out(session, self._cookie.read(request), keys=self._needs.keys)
        response = redirect("/sign-in", 303)
        self._cookie.forget(response)
        response.headers.update(FORGET)
        return response
