"""Proving again who one is, before something of one's own sign-in changes."""

from __future__ import annotations

import datetime as dt

from flask import abort, request

from survey_app.accounts.password import matches
from survey_app.accounts.sign_in import opened_since
from survey_app.accounts.tables import Staff
from survey_app.show.pages.accounts.cookies import SessionCookie
from survey_app.show.pages.accounts.gate import Needs, signed_in

FRESH = dt.timedelta(minutes=15)


class Prover:
    """By password; where nobody has one, by having signed in just now."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._tries = needs.tries("own password", each=10)

    @property
    def by_password(self) -> bool:
        """Tell which of the two is asked."""
        return not self._needs.settings.sso_only

    @property
    def fault(self) -> str:
        """Return what to say to somebody who did not prove it."""
        if self.by_password:
            return "Your password is not right"
        return "You signed in more than 15 minutes ago. Sign out, sign in again, and come back here"

    def proved(self) -> bool:
        """Tell whether this form comes from the person themselves."""
        if not self.by_password:
            return self._is_fresh()
        with self._needs.database.reading() as session:
            if self._tries.is_spent(session, request.remote_addr):
                abort(429)
            known = session.get_one(Staff, signed_in().staff_id).password_hash
        if matches(known, request.form.get("password", "")):
            return True
        self._tries.failed(request.remote_addr)
        return False

    def _is_fresh(self) -> bool:
        token, since = SessionCookie(self._needs.settings).read(request), self._needs.clock() - FRESH
        with self._needs.database.reading() as session:
            return opened_since(session, token, since, keys=self._needs.keys)
