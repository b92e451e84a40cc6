"""One's own passkeys: making one, removing one; and signing in with one in place of a code."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts import factor
from survey_app.accounts.passkeys import passkeys
from survey_app.accounts.passkeys.passkeys import LONGEST_NAME, LONGEST_REPLY, BadPasskey, Site
from survey_app.accounts.sign_in import renew
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.gate import Needs, goes_on_with, signed_in
from survey_app.show.pages.accounts.proving import Prover
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


def site_of(needs: Needs, token: str) -> Site:
    """Return what a passkey of this browser's session is bound to."""
    return Site(needs.settings.public_base_url, needs.settings.service_name, token, needs.keys)


class PasskeyPages:
    """Passkeys beside the password; each change is proved first, and renews the session."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._cookie = SessionCookie(needs.settings)
        self._prover = Prover(needs)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the door."""
        one = "/account/passkeys/<int(max=2147483647):passkey_id>/remove"
        for address, name, view, method in (
            ("/account/passkeys", "passkeys", self.overview, "GET"),
            ("/account/passkeys/new", "offer_passkey", self.offer, "POST"),
            ("/account/passkeys/made", "keep_passkey", self.keep, "POST"),
            (one, "remove_passkey", self.remove, "POST"),
        ):
            door.add_url_rule(address, name, view_func=view, methods=[method])

    @who_may(Who.STAFF)
    def overview(self) -> str:
        """List one's passkeys, and offer to make one."""
        return self._page()

    @who_may(Who.STAFF)
    def offer(self) -> Page:
        """Let the browser ask a phone or a security key for a new passkey."""
        if not self._prover.proved():
            return self._page(self._prover.fault), 422
        return self._offer(), 200, FORGET

    @who_may(Who.STAFF)
    def keep(self) -> Page:
        """Keep what the device made; with the first proof beside a password come recovery codes."""
        person, now, form = signed_in(), self._needs.clock(), request.form
        name, reply = form.get("name", "")[:200], form.get("reply", "")[:LONGEST_REPLY]
        with self._needs.database.writing() as session:
            is_first = not factor.has_factor(session, person.staff_id)
            try:
                passkeys.keep(session, self._site(), person.staff_id, name, reply, now=now)
            except BadPasskey as bad:
                return self._page(str(bad)), 422
            keys = self._needs.keys
            codes = factor.renew_recovery(session, person.staff_id, keys=keys) if is_first else None
            token = self._renewed(session)
        return self._answer(token, codes)

    @who_may(Who.STAFF)
    def remove(self, passkey_id: int) -> Page:
        """Forget one of one's own passkeys."""
        if not self._prover.proved():
            return self._page(self._prover.fault), 422
        with self._needs.database.writing() as session:
            if not passkeys.remove(session, signed_in().staff_id, passkey_id):
                abort(404)
            token = self._renewed(session)
        return self._answer(token, None)

    def _renewed(self, session: Session) -> str:
        held, now = self._cookie.read(request), self._needs.clock()
        return renew(session, held, now=now, keys=self._needs.keys) or abort(403)

    def _answer(self, token: str, codes: list[str] | None) -> Response:
        goes_on_with(self._needs.keys, token)
        response = (
            make_response(render_template("accounts/recovery.html", codes=codes))
            if codes
            else make_response(redirect(url_for("accounts.passkeys"), 303))
        )
        response.headers.update(FORGET)
        self._cookie.write(response, token)
        return response

    def _site(self) -> Site:
        return site_of(self._needs, self._cookie.read(request))

    def _offer(self) -> str:
        person, site = signed_in(), self._site()
        if not site.host:
            abort(404)
        with self._needs.database.reading() as session:
            told = passkeys.offer(session, site, person.staff_id, person.email)
        return render_template("accounts/passkey_new.html", told=told, most=LONGEST_NAME)

    def _page(self, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            kept = passkeys.of_person(session, signed_in().staff_id)
        return render_template(
            "accounts/passkeys.html",
            kept=kept,
            fault=fault,
            day_words=day_words,
            by_password=self._prover.by_password,
            works_here=bool(self._site().host),
        )
