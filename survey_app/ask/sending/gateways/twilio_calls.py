"""Telephone calls through Twilio's official client: it rings, and asks our signed door what to say."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from twilio.rest import Client

from survey_app.ask.sending.gateways.contract import Letter, NotSent
from survey_app.ask.sending.gateways.refusals import Refusals
from survey_app.ask.sending.gateways.twilio import (
    CANNOT_BE_READ,
    MATCH_AFTER,
    MATCH_BEFORE,
    BaseAddressClient,
    TwilioAccount,
    handing_over,
    sid_of,
)

RING_SECONDS = 25
"""About six rings: a carrier's own voicemail seldom takes over earlier."""
LONGEST_CALL = 900
"""Seconds: no survey takes a quarter of an hour, and every second costs."""
EVENTS = ["initiated", "ringing", "answered", "completed"]
PACE_SECONDS = 1.0
"""Twilio starts one call a second for an account and lets the others wait in its queue."""


class TwilioCalls:
    """Rings people; what is said stands in no message, the door at `voice_url` says it."""

    def __init__(
        self,
        account: TwilioAccount,
        refusals: Refusals,
        *,
        voice_url: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account = account
        self._refusals = refusals
        self._voice_url = voice_url
        self._pause = pause
        self._pacing = threading.Lock()
        self._next_at = 0.0
        transport = BaseAddressClient(account.api_base, account.timeout_seconds)
        self._client = Client(account.account_sid, account.auth_token, http_client=transport)

    def send(self, letter: Letter) -> str:
        """Ring somebody and return the CallSid; the letter's token tells the door what the call is about."""
        self._keep_pace()
        with handing_over(self._refusals):
            return sid_of(
                self._client.calls.create(
                    to=letter.address,
                    from_=self._account.number,
                    url=f"{self._voice_url}?o={letter.callback_token}",
                    method="POST",
                    status_callback=f"{self._account.status_url}?o={letter.callback_token}",
                    status_callback_event=EVENTS,
                    status_callback_method="POST",
                    timeout=RING_SECONDS,
                    machine_detection="Enable",
                    time_limit=LONGEST_CALL,
                )
            )

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Look for this call among the latest to its number: two calls a minute apart are one of ours."""
        try:
            return next(iter(self.matches(letter, tried_at=tried_at)), None)
        except NotSent:
            return None

    def matches(self, letter: Letter, *, tried_at: dt.datetime) -> Sequence[str]:
        """Return every call to its number made about when it was tried."""
        return [
            str(call.sid)
            for call in self._listed(letter)
            if call.direction == "outbound-api"
            and call.date_created is not None
            and tried_at - MATCH_BEFORE <= call.date_created <= tried_at + MATCH_AFTER
        ]

    def _listed(self, letter: Letter) -> list[Any]:
        try:
            return list(self._client.calls.list(to=letter.address, limit=20))
        except CANNOT_BE_READ:
            raise NotSent("the provider's list cannot be had") from None

    def _keep_pace(self) -> None:
        with self._pacing:
            now = time.monotonic()
            wait = max(0.0, self._next_at - now)
            self._next_at = now + wait + PACE_SECONDS
        if wait:
            self._pause(wait)
