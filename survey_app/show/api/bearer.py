"""The gate before the API: a token that works today, and not too many requests with it; never a cookie."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict

from flask import Response, g, request

from survey_app.accounts.tokens.tokens import Bearer, bearer, is_first_today, note_use
from survey_app.accounts.tries.tries import Tries
from survey_app.clock import Clock
from survey_app.show.api.needs import Needs
from survey_app.web.problems import problem

A_MINUTE = dt.timedelta(minutes=1)
EACH = 120
"""Requests of one token in a minute, counted in each process: it spares the machine, and guards nothing."""
MOST_TOKENS = 1_000
NO_TOKEN = "Send an API token that works: Authorization: Bearer lcs_..., made at /account/tokens"  # noqa: S105 - a sentence


class Budget:
    """So many requests of one token in a minute."""

    def __init__(self, clock: Clock, each: int = EACH) -> None:
        self._clock, self._each = clock, each
        self._spent: OrderedDict[int, tuple[dt.datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, token_id: int) -> int:
        """Count a request; return 0, or how many seconds to wait."""
        now = self._clock()
        with self._lock:
            since, spent = self._spent.pop(token_id, (now, 0))
            if now - since >= A_MINUTE:
                since, spent = now, 0
            self._spent[token_id] = (since, spent + 1)
            if len(self._spent) > MOST_TOKENS:
                self._spent.popitem(last=False)
        return 0 if spent < self._each else int((since + A_MINUTE - now).total_seconds()) + 1


class BearerGate:
    """Asked before every request of the API."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._budget = Budget(needs.clock)
        window = dt.timedelta(minutes=15)
        self._tries = Tries(needs.database, needs.keys, needs.clock, "api", each=30, window=window)

    def check(self) -> Response | None:
        """Let a request through, or answer it."""
        if self._is_spent():
            return _wait(900)
        found = self._bearer()
        if found is None:
            self._tries.failed(request.remote_addr)
            refused = problem(401, NO_TOKEN)
            refused.headers["WWW-Authenticate"] = 'Bearer realm="api"'
            return refused
        seconds = self._budget.spend(found.token_id)
        if seconds:
            return _wait(seconds)
        g.bearer = found
        return None

    def _is_spent(self) -> bool:
        with self._needs.database.reading() as session:
            return self._tries.is_spent(session, request.remote_addr)

    def _bearer(self) -> Bearer | None:
        sent, now = request.authorization, self._needs.clock()
        if sent is None or sent.type != "bearer" or not sent.token:
            return None
        with self._needs.database.reading() as session:
            found = bearer(session, sent.token[:200], now=now, keys=self._needs.keys)
            is_first = found is not None and is_first_today(session, found.token_id, now)
        if found is not None and is_first:
            with self._needs.database.writing() as session:
                note_use(session, found.token_id, now)
        return found


def paths() -> tuple[str, ...]:
    """Return the place paths that this request may read."""
    held: Bearer = g.bearer
    return held.paths


def _wait(seconds: int) -> Response:
    refused = problem(429, f"Wait {seconds} seconds")
    refused.headers["Retry-After"] = str(seconds)
    return refused
