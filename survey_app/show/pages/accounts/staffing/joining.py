"""What links sent by e-mail open: joining, and another password; every link that does not fit looks alike."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.accounts import passes
from survey_app.accounts.password import WeakPassword
from survey_app.accounts.proofs import ByPassword, ByProvider, Proof
from survey_app.accounts.scope import SignedIn
from survey_app.accounts.sign_in import opened_since, who
from survey_app.accounts.staff import BadStaff, tidy_email
from survey_app.accounts.tables import PassKind
from survey_app.accounts.tries.tries import Tries
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.proving import FRESH
from survey_app.show.pages.accounts.staffing.needs import Needs
from survey_app.show.pages.accounts.staffing.post import RESET
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

Page = str | tuple[str, int]
SAID = "If an account has that address, an e-mail with a link is on its way. The link works for an hour."


class JoinPages:
    """Doors for people who are not signed in; the link is the proof, together with the address it went to."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._cookie = SessionCookie(needs.settings)
        self._guesses = FailureLimiter(needs.clock)
        self._asking = Tries(needs.database, needs.keys, needs.clock, "reset asked", each=10)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the door."""
        for address, name, view, method in (
            ("/join/<token>", "join", self.join, "GET"),
            ("/join/<token>", "joined", self.joined, "POST"),
            ("/sign-in/reset", "forgot", self.forgot, "GET"),
            ("/sign-in/reset", "forgotten", self.forgotten, "POST"),
            ("/reset/<token>", "reset", self.reset, "GET"),
            ("/reset/<token>", "was_reset", self.was_reset, "POST"),
        ):
            door.add_url_rule(address, name, view_func=view, methods=[method])

    @who_may(Who.ANYONE)
    def join(self, token: str) -> Page:
        """Ask an invited person for their address, name and a password."""
        return self._form(token, PassKind.INVITATION)

    @who_may(Who.ANYONE)
    def joined(self, token: str) -> Page:
        """Take an invitation up."""
        self._refuse_guessing()
        form, fault, joined = request.form, "", None
        with self._needs.database.writing() as session:
            now, keys = self._needs.clock(), self._needs.keys
            link = passes.find(session, token[:100], PassKind.INVITATION, keys=keys, now=now)
            try:
                email, name = form.get("email", "")[:254], form.get("name", "")[:200]
                joined = passes.join(session, link, email, name, self._proof(session), now=now)
            except WeakPassword as bad:
                fault = _sentence(bad)
            except BadStaff:
                fault = "Enter your name, with at most 120 characters"
            if joined is not None and link is not None:
                about = f"staff_id={joined} role={link.role} at={link.place_path}"
                self._needs.note(session, link.email, "join", about)
        return self._answer(PassKind.INVITATION, fault=fault, done=joined is not None)

    @who_may(Who.ANYONE)
    def forgot(self) -> str:
        """Ask for the address whose password is forgotten."""
        return render_template("accounts/staff/forgot.html", said="")

    @who_may(Who.ANYONE)
    def forgotten(self) -> str:
        """Say the same to everybody, in the same time; what is to be done is done behind."""
        if self._asking.failed(request.remote_addr):
            abort(429)
        email = tidy_email(request.form.get("email", "")[:254])
        self._needs.post.behind(lambda: self._send_reset(email))
        return render_template("accounts/staff/forgot.html", said=SAID)

    @who_may(Who.ANYONE)
    def reset(self, token: str) -> Page:
        """Ask for another password."""
        return self._form(token, PassKind.RESET)

    @who_may(Who.ANYONE)
    def was_reset(self, token: str) -> Page:
        """Set another password; every session ends."""
        self._refuse_guessing()
        form, fault, whose = request.form, "", None
        with self._needs.database.writing() as session:
            now, keys = self._needs.clock(), self._needs.keys
            link = passes.find(session, token[:100], PassKind.RESET, keys=keys, now=now)
            try:
                email = form.get("email", "")[:254]
                whose = passes.reset(session, link, email, form.get("password", ""), now=now)
            except WeakPassword as bad:
                fault = _sentence(bad)
            if whose is not None and link is not None:
                self._needs.note(session, link.email, "password reset", f"staff_id={whose}")
        return self._answer(PassKind.RESET, fault=fault, done=whose is not None)

    def _send_reset(self, email: str) -> None:
        now, keys, settings = self._needs.clock(), self._needs.keys, self._needs.settings
        with self._needs.database.writing() as session:
            token = passes.offer_reset(session, email, keys=keys, now=now)
            if token is None:
                return
            self._needs.note(session, email, "password reset asked", "")
        link = f"{settings.public_base_url}/reset/{token}"
        words = RESET.format(service=settings.service_name, link=link)
        self._needs.post.hand_over(email, f"Another password for {settings.service_name}", words)

    def _form(self, token: str, kind: PassKind) -> Page:
        self._refuse_guessing()
        with self._needs.database.reading() as session:
            now = self._needs.clock()
            found = passes.find(session, token[:100], kind, keys=self._needs.keys, now=now)
            person = self._just_in(session)
        if not found:
            return self._dead()
        return self._shown(kind, "", mine=found.email if person and person.email == found.email else "")

    def _answer(self, kind: PassKind, *, fault: str, done: bool) -> Page:
        if done:
            return render_template("accounts/staff/done.html", joins=kind is PassKind.INVITATION)
        return (self._shown(kind, fault), 422) if fault else self._dead()

    def _shown(self, kind: PassKind, fault: str, *, mine: str = "") -> str:
        joins, settings = kind is PassKind.INVITATION, self._needs.settings
        if not (joins and settings.sso_only):
            return render_template("accounts/staff/join.html", joins=joins, fault=fault, asked=request.form)
        told = {"mine": mine, "provider": settings.sso_name, "here": request.path}
        return render_template("accounts/staff/join_sso.html", fault=fault, asked=request.form, **told)

    def _proof(self, session: Session) -> Proof:
        if not self._needs.settings.sso_only:
            return ByPassword(request.form.get("password", ""))
        person = self._just_in(session)
        return ByProvider(person.staff_id if person else None)

    def _just_in(self, session: Session) -> SignedIn | None:
        """Return who signed in here a moment ago; an older session proves nothing."""
        token, now, keys = self._cookie.read(request), self._needs.clock(), self._needs.keys
        is_fresh = opened_since(session, token, now - FRESH, keys=keys)
        return who(session, token, now=now, keys=keys) if is_fresh else None

    def _dead(self) -> tuple[str, int]:
        self._guesses.failed(request.remote_addr)
        return render_template("accounts/staff/dead.html"), 404

    def _refuse_guessing(self) -> None:
        if self._guesses.is_spent(request.remote_addr):
            abort(429)


def _sentence(fault: Exception) -> str:
    words = str(fault)
    return f"{words[:1].upper()}{words[1:]}"
