"""Texts through Twilio's official client, pointed at any base address, never waiting for ever."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.refusals import Refusals, verdict_on

LONGEST_WAIT = 36_000
"""Seconds Twilio may keep a text in its queue."""

BEFORE_WRITING = (ConnectTimeoutError, NameResolutionError, NewConnectionError)
MATCH_BEFORE = dt.timedelta(seconds=10)
MATCH_AFTER = dt.timedelta(seconds=120)

# The library logs every request with its query, and phone numbers stand in queries.
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Whose account, from which number, and where the client and the receipts go."""

    account_sid: str
    auth_token: str
    number: str
    status_url: str
    api_base: str
    timeout_seconds: int

    def __repr__(self) -> str:
        return f"TwilioAccount({self.account_sid})"


class BaseAddressClient(TwilioHttpClient):  # type: ignore[misc] # the library ships no types
    """The official client's transport, sending to our base address if one is set."""

    def __init__(self, base: str, timeout_seconds: int) -> None:
        super().__init__(timeout=timeout_seconds)
        self._base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        """Send a request to our base address, with the path the client asked for."""
        if self._base is not None:
            asked = urlsplit(url)
            path = self._base.path.rstrip("/") + asked.path
            url = urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))
        return super().request(method, url, *args, **kwargs)


class TwilioGateway:
    """Sends texts; there is no idempotency key, so a lost reply leaves us unsure."""

    def __init__(self, account: TwilioAccount, refusals: Refusals) -> None:
        self._account = account
        self._refusals = refusals
        transport = BaseAddressClient(account.api_base, account.timeout_seconds)
        self._client = Client(account.account_sid, account.auth_token, http_client=transport)

    def send(self, letter: Letter) -> str:
        """Hand a text over and return its MessageSid."""
        options: dict[str, Any] = {}
        if letter.valid_seconds is not None:
            options["validity_period"] = max(1, min(LONGEST_WAIT, letter.valid_seconds))
        try:
            message = self._client.messages.create(
                to=letter.address,
                from_=self._account.number,
                body=letter.body,
                status_callback=f"{self._account.status_url}?o={letter.callback_token}",
                **options,
            )
        except TwilioException as fault:
            raise refused(fault, self._refusals) from None
        except RequestException as fault:
            raise lost(fault) from None
        except (ValueError, KeyError, TypeError):
            raise Unsure("the provider's reply could not be read") from None
        if not message.sid:
            raise Unsure("the provider accepted a text without giving it an id")
        return str(message.sid)

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Look for this text among the latest to its address; no date filter: an unsent text has none."""
        try:
            recent = self._client.messages.list(to=letter.address, limit=20)
        except (TwilioException, RequestException, ValueError, KeyError, TypeError):
            return None
        for message in recent:
            created = message.date_created
            near = created is not None and tried_at - MATCH_BEFORE <= created <= tried_at + MATCH_AFTER
            if near and message.direction == "outbound-api" and message.body == letter.body:
                return str(message.sid)
        return None


def refused(fault: TwilioException, refusals: Refusals) -> Rejected | Unsure:
    """Return what a refusal means."""
    status = int(getattr(fault, "status", 0) or 0)
    code = str(getattr(fault, "code", None) or status or "unknown")
    verdict = verdict_on(refusals, code, http_status=status)
    if verdict is Verdict.UNSURE or not status:
        return Unsure(f"the provider answered {status} with {code}")
    return Rejected(code, verdict)


def lost(fault: RequestException) -> NotSent | Unsure:
    """Tell a request that was never written from one that may have arrived."""
    reason: Any = fault.args[0] if fault.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(fault, ConnectTimeout) or (
        isinstance(fault, NoConnection) and isinstance(reason, BEFORE_WRITING)
    ):
        return NotSent("no connection to the provider")
    return Unsure("the connection to the provider broke")
