"""Signing in with the organisation's own accounts: to the provider and back."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.audit.trail import Deed, was_written, write
from survey_app.accounts.keeping import administrators
from survey_app.accounts.sign_in import let_in as open_for
from survey_app.accounts.sign_in import sign_out
from survey_app.accounts.single_sign_on.admission import admitted, follow_groups, use_once
from survey_app.accounts.single_sign_on.configured import CALLBACK, single_sign_on
from survey_app.accounts.single_sign_on.faults import ProviderSilent, Refused, Why
from survey_app.accounts.single_sign_on.journey import LONGEST, Journey, begin, resumed, sealed
from survey_app.accounts.single_sign_on.provider import Provider
from survey_app.accounts.single_sign_on.statement import Stated, stated
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.gate import Needs
from survey_app.show.pages.accounts.letting_in import let_in, ours
from survey_app.show.pages.accounts.staffing.post import KEPT, Post
from survey_app.web.access import Who, who_may
from survey_app.web.limiter import FailureLimiter

log = logging.getLogger(__name__)


KEPT_ROLE = "administrator kept"
TOLD_EVERY = dt.timedelta(days=1)


def hang_single_sign_on(door: Blueprint, needs: Needs, post: Post) -> None:
    """Hang the two addresses; without a provider in the settings both are not found."""
    pages = SingleSignOnPages(needs, post)
    door.add_url_rule("/sign-in/sso", "sso", view_func=pages.go)
    door.add_url_rule(CALLBACK, "sso_back", view_func=pages.back)


class JourneyCookie:
    """The cookie that remembers a journey in the browser that began it; no row is written for it."""

    def __init__(self, needs: Needs) -> None:
        self._keys = needs.keys
        self._secure = needs.settings.public_base_url.startswith("https://")
        self.name = "__Host-sso" if self._secure else "staff_sso"

    def read(self, state: str, now: dt.datetime) -> Journey:
        """Return the journey that a browser came back from, or raise Refused."""
        return resumed(request.cookies.get(self.name, "")[:4000], state, now=now, keys=self._keys)

    def write(self, response: Response, journey: Journey) -> None:
        """Let a browser remember its journey."""
        value, secure = sealed(journey, self._keys), self._secure
        response.set_cookie(
            self.name, value, max_age=LONGEST, secure=secure, httponly=True, samesite="Lax", path="/"
        )

    def forget(self, response: Response) -> None:
        """End the journey."""
        response.delete_cookie(self.name, secure=self._secure, httponly=True, samesite="Lax", path="/")


class SingleSignOnPages:
    """To the provider and back."""

    def __init__(self, needs: Needs, post: Post) -> None:
        self._needs, self._post = needs, post
        self._cookie, self._journeys = SessionCookie(needs.settings), JourneyCookie(needs)
        self._limiter = FailureLimiter(needs.clock, each=30, window=dt.timedelta(minutes=15))
        configured = single_sign_on(needs.settings)
        self._provider = Provider(configured, needs.clock) if configured else None

    @who_may(Who.ANYONE)
    def go(self) -> Response | tuple[str, int]:
        """Send a browser to the provider with a fresh state, nonce and PKCE challenge."""
        provider = self._provider or abort(404)
        journey = begin(ours(request.args.get("next", "")), self._needs.clock())
        try:
            address = provider.address(state=journey.state, nonce=journey.nonce, verifier=journey.verifier)
        except ProviderSilent as fault:
            return self._silent(fault)
        response = redirect(address, 303)
        self._journeys.write(response, journey)
        return response

    @who_may(Who.ANYONE)
    def back(self) -> Response | tuple[str, int]:
        """Take what the provider sent a browser back with; one session for one answer."""
        provider = self._provider or abort(404)
        if self._limiter.is_spent(request.remote_addr):
            abort(429)
        try:
            journey = self._journeys.read(request.args.get("state", ""), self._needs.clock())
            if "error" in request.args or "code" not in request.args:
                return self._page("unfinished", 401)
            response = let_in(self._needs, journey.after, self._session(provider, journey))
        except ProviderSilent as fault:
            return self._silent(fault)
        except Refused as fault:
            self._limiter.failed(request.remote_addr)
            log.warning("single sign-on refused: %s", fault)
            return self._page("again" if fault.why in {Why.STATE, Why.CODE, Why.USED} else "stranger", 403)
        self._journeys.forget(response)
        return response

    def _session(self, provider: Provider, journey: Journey) -> str:
        if request.args.get("iss", provider.configured.issuer) != provider.configured.issuer:
            raise Refused(Why.ISSUER)  # another provider's answer (RFC 9207)
        spoken = provider.exchange(request.args.get("code", "")[:2000], journey.verifier)
        said = stated(provider, spoken, nonce=journey.nonce, clock=self._needs.clock)
        return self._opened(provider, said, journey)

    def _opened(self, provider: Provider, said: Stated, journey: Journey) -> str:
        now, keys, configured = self._needs.clock(), self._needs.keys, provider.configured
        with self._needs.database.writing() as session:
            use_once(session, journey.nonce, now=now, keys=keys)
            person = admitted(session, said, now=now)
            about = f"staff_id={person.id}"
            followed = follow_groups(session, person.id, said, ours=configured)
            if followed.changed:
                changes = Deed(person.email, "roles by provider", f"{about} {followed.changed}")
                write(session, changes, keys=keys, now=now)
            if followed.kept:
                self._note_kept(session, person.email, f"{about} {followed.kept}")
            # The token a browser held before signing in dies: nobody can have planted it.
            sign_out(session, self._cookie.read(request), keys=keys)
            write(session, Deed(person.email, "accounts.sso", about), keys=keys, now=now)
            return open_for(session, person.id, now=now, keys=keys, asks_code=configured.asks_our_code)

    def _note_kept(self, session: Session, email: str, about: str) -> None:
        now, settings = self._needs.clock(), self._needs.settings
        is_new = not was_written(session, email, KEPT_ROLE, since=now - TOLD_EVERY)
        write(session, Deed(email, KEPT_ROLE, about), keys=self._needs.keys, now=now)
        log.warning("%s: groups of the provider would leave nobody as administrator", KEPT_ROLE)
        if not is_new:
            return  # one letter a day, however often they sign in
        words = KEPT.format(
            email=email,
            service=settings.service_name,
            provider=settings.sso_name,
            kept=about,
            link=f"{settings.public_base_url}/workspace/staff",
        )
        for address in administrators(session):
            self._post.behind(partial(self._post.hand_over, address, "An administrator was kept", words))

    def _silent(self, fault: ProviderSilent) -> tuple[str, int]:
        log.error("single sign-on: %s", fault)
        return self._page("silent", 503)

    def _page(self, what: str, status: int) -> tuple[str, int]:
        settings = self._needs.settings
        return render_template("accounts/sso.html", what=what, provider=settings.sso_name), status
