"""One's own account: another password, and a second factor with its recovery codes."""

from __future__ import annotations

import segno
from flask import abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts import factor, staff
from survey_app.accounts.passkeys.passkeys import of_person
from survey_app.accounts.password import WeakPassword
from survey_app.accounts.sign_in import open_session, renew
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.gate import Needs, goes_on_with, signed_in
from survey_app.show.pages.accounts.proving import Prover
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET

WRONG_CODE = "That code is not right. Wait for the next one and type its six digits"

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


class OwnPages:
    """What a member of staff may change about their own sign-in, each time with their password."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._cookie = SessionCookie(needs.settings)
        self._prover = Prover(needs)
        self._codes = needs.tries("first code", each=10)

    @who_may(Who.STAFF)
    def overview(self) -> str:
        """Say how one signs in, and offer to change it."""
        return self._page()

    @who_may(Who.STAFF)
    def change_password(self) -> Page:
        """Set another password; every session ends, and this browser gets a new one."""
        if not self._prover.by_password:
            abort(404)
        if not self._prover.proved():
            return self._page(old=self._prover.fault), 422
        with self._needs.database.writing() as session:
            try:
                wanted, product = request.form.get("new_password", ""), self._needs.settings.service_name
                staff.change_password(session, signed_in().staff_id, wanted, product=product)
            except WeakPassword as fault:
                return self._page(new_password=str(fault).capitalize()), 422
            token = open_session(
                session, signed_in().staff_id, now=self._needs.clock(), keys=self._needs.keys
            )
        response = redirect(url_for("accounts.own"), 303)
        self._cookie.write(response, token)
        return response

    @who_may(Who.STAFF)
    def enrol(self) -> Page:
        """Show a new secret, as a picture and as letters; it counts once a code of it was given."""
        if not self._prover.proved():
            return self._page(password=self._prover.fault), 422
        person = signed_in()
        with self._needs.database.writing() as session:
            new = factor.enrol(
                session,
                person.staff_id,
                email=person.email,
                issuer=self._needs.settings.service_name,
                keys=self._needs.keys,
            )
        return self._shown(new), 200, FORGET

    @who_may(Who.STAFF)
    def confirm(self) -> Page:
        """Take the first code; from now on signing in asks for one. The recovery codes are shown once."""
        person, code = signed_in(), request.form.get("code", "")[:40]
        with self._needs.database.writing() as session:
            if self._codes.is_spent(session, request.remote_addr):
                abort(429)  # who holds a stolen session must not guess the code of a secret they never saw
            codes = factor.confirm(
                session, person.staff_id, code, keys=self._needs.keys, now=self._needs.clock()
            )
            token = self._renewed(session) if codes else ""
        if codes is None:
            self._codes.failed(request.remote_addr)
            # The app keeps what was scanned: the secret is not shown twice.
            return render_template("accounts/enrol.html", fault=WRONG_CODE), 422, FORGET
        return self._codes_page(codes, token)

    @who_may(Who.STAFF)
    def recover(self) -> Page:
        """Show new recovery codes, once; those there were open nothing any more."""
        if not self._prover.proved():
            return self._page(factor_fault=self._prover.fault), 422
        with self._needs.database.writing() as session:
            codes = factor.renew_recovery(session, signed_in().staff_id, keys=self._needs.keys)
            if codes is None:
                abort(404)
            token = self._renewed(session)
        return self._codes_page(codes, token)

    def _renewed(self, session: Session) -> str:
        """End the person's other sessions and return the new token of this one."""
        held, now = self._cookie.read(request), self._needs.clock()
        # Nothing changes for a session that was ended a moment ago.
        return renew(session, held, now=now, keys=self._needs.keys) or abort(403)

    def _codes_page(self, codes: list[str], token: str) -> Response:
        goes_on_with(self._needs.keys, token)
        response = make_response(render_template("accounts/recovery.html", codes=codes))
        response.headers.update(FORGET)
        self._cookie.write(response, token)
        return response

    def _page(self, **faults: str) -> str:
        with self._needs.database.reading() as session:
            return render_template("accounts/own.html", **self._standing(session), faults=faults)

    def _standing(self, session: Session) -> dict[str, object]:
        mine = signed_in().staff_id
        return {
            "has_factor": factor.has_factor(session, mine),
            "has_app": factor.has_app(session, mine),
            "n_passkeys": len(of_person(session, mine)),
            "n_left": factor.n_recovery_left(session, mine),
            "by_password": self._prover.by_password,
        }

    def _shown(self, new: factor.Enrolment) -> str:
        picture = segno.make(new.address, error="m").svg_inline(
            scale=5, border=2, title="Code to scan", omitsize=True
        )
        letters = " ".join(new.secret[at : at + 4] for at in range(0, len(new.secret), 4))
        return render_template("accounts/enrol.html", fault="", picture=Markup(picture), letters=letters)  # noqa: S704 - drawn by us
