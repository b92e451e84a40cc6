"""Texts through Twilio's official client, pointed at any base address, never waiting for ever."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from survey_app.ask.sending.gateways.cleaning import clean
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Received, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.losing import lost
from survey_app.ask.sending.gateways.refusals import Refusals, verdict_on

LONGEST_WAIT = 36_000
"""Seconds Twilio may keep a text in its queue."""

MATCH_BEFORE = dt.timedelta(seconds=10)
MATCH_AFTER = dt.timedelta(seconds=120)
MOST_RECEIVED = 1000
CANNOT_BE_READ = (TwilioException, RequestException, ValueError, KeyError, TypeError)

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
    messaging_service: str = ""

    def __repr__(self) -> str:
        return f"TwilioAccount({self.account_sid})"


class BaseAddressClient(TwilioHttpClient):  # type: ignore[misc] # the library ships no types
    """The official client's transport, sending to our base address if one is set."""

    def __init__(self, base: str, timeout_seconds: int) -> None:
        super().__init__(timeout=timeout_seconds)
        self._base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        """Send a request to our base address instead of Twilio's."""
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
        options = self._sender()
        if letter.valid_seconds is not None:
            options["validity_period"] = max(1, min(LONGEST_WAIT, letter.valid_seconds))
        with handing_over(self._refusals):
            return sid_of(
                self._client.messages.create(
                    to=letter.address,
                    body=clean(letter.body),
                    status_callback=f"{self._account.status_url}?o={letter.callback_token}",
                    **options,
                )
            )

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Look for this text among the latest to its address; no date filter: an unsent text has none."""
        try:
            return next(iter(self.matches(letter, tried_at=tried_at)), None)
        except NotSent:
            return None

    def matches(self, letter: Letter, *, tried_at: dt.datetime) -> Sequence[str]:
        """Return every text to its address with its words, made about when it was tried."""
        return [
            str(message.sid)
            for message in self._listed(to=letter.address, limit=20)
            if message.direction == "outbound-api"
            and message.body == clean(letter.body)
            and message.date_created is not None
            and tried_at - MATCH_BEFORE <= message.date_created <= tried_at + MATCH_AFTER
        ]

    def received(self, *, since: dt.datetime) -> Sequence[Received]:
        """Return the texts our number received since an instant, the oldest first."""
        found = self._listed(to=self._account.number, date_sent_after=since, limit=MOST_RECEIVED)
        # The provider may go by whole days: what is older than asked for was seen long ago.
        texts = [_received(message) for message in reversed(found) if message.direction == "inbound"]
        return sorted((text for text in texts if text.sent_at >= since), key=lambda text: text.sent_at)

    def alphanumeric_senders(self) -> Sequence[str]:
        """Return the senders of our Messaging Service that cannot receive replies; NotSent if unknown."""
        if not self._account.messaging_service:
            return []
        try:
            service = self._client.messaging.v1.services(self._account.messaging_service)
            return [str(sender.alpha_sender) for sender in service.alpha_senders.list(limit=20)]
        except CANNOT_BE_READ:
            raise NotSent("the provider's list of senders cannot be had") from None

    def _listed(self, **asked: Any) -> list[Any]:  # noqa: ANN401 - the library ships no types
        try:
            return list(self._client.messages.list(**asked))
        except CANNOT_BE_READ:
            raise NotSent("the provider's list cannot be had") from None

    def _sender(self) -> dict[str, Any]:
        if self._account.messaging_service:
            return {"messaging_service_sid": self._account.messaging_service}
        return {"from_": self._account.number}


@contextmanager
def handing_over(refusals: Refusals) -> Iterator[None]:
    """Say of whatever goes wrong while something is handed over whether it may have got out."""
    try:
        yield
    except TwilioException as fault:
        raise refused(fault, refusals) from None
    except RequestException as fault:
        raise lost(fault) from None
    except (ValueError, KeyError, TypeError):
        raise Unsure("the provider's reply could not be read") from None


def sid_of(made: Any) -> str:  # noqa: ANN401 - the library ships no types
    """Return the provider's id of what it took; without one nobody knows whether it did."""
    if not made.sid:
        raise Unsure("the provider took it without giving it an id")
    return str(made.sid)


def refused(fault: TwilioException, refusals: Refusals) -> Rejected | Unsure:
    """Return what a refusal means."""
    status = int(getattr(fault, "status", 0) or 0)
    code = str(getattr(fault, "code", None) or status or "unknown")
    verdict = verdict_on(refusals, code, http_status=status)
    if verdict is Verdict.UNSURE or not status:
        return Unsure(f"the provider answered {status} with {code}", code)
    return Rejected(code, verdict)


def _received(message: Any) -> Received:  # noqa: ANN401 - the library ships no types
    return Received(
        provider_id=str(message.sid),
        sender=str(message.from_),
        our_address=str(message.to),
        body=str(message.body or ""),
        sent_at=message.date_sent or message.date_created,
        n_media=int(message.num_media or 0),
    )
