"""GOV.UK Notify through its official client: texts, e-mail and letters, each known by a reference of ours."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests.exceptions import RequestException

from survey_app.ask.population.phones import BadPhone, parse_phone
from survey_app.ask.sending.gateways.cleaning import clean, one_line
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Received, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.losing import lost

BAD_ADDRESS = ("phone_number ", "email_address ")
MOST_RECEIVED = 1000
CANNOT_BE_READ = (APIError, InvalidResponse, RequestException, KeyError, TypeError, ValueError)

# The library logs refusals with the provider's words, and those can repeat an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class Way(StrEnum):
    """What Notify carries."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class NotifyAccount:
    """Whose account and number, where the client goes; templates of ((body)), for e-mail ((subject)) too."""

    api_key: str
    base_url: str
    text_template: str = ""
    email_template: str = ""
    timeout_seconds: int = 10
    number: str = ""

    def __repr__(self) -> str:
        return f"NotifyAccount({self.base_url})"


class NotifyGateway:
    """Sends one way; `reference` makes a message findable, so that a lost reply is no riddle."""

    def __init__(self, account: NotifyAccount, way: Way) -> None:
        self._account = account
        self._way = way
        self._threads = threading.local()

    def send(self, letter: Letter) -> str:
        """Hand a message over and return Notify's id of it."""
        send: Callable[[Letter], Any] = {
            Way.SMS: self._text,
            Way.EMAIL: self._email,
            Way.LETTER: self._paper,
        }[self._way]
        try:
            accepted = send(letter)
        except InvalidResponse:
            raise Unsure("the provider's reply could not be read") from None
        except APIError as fault:
            raise _refused(fault) from None
        provider_id = accepted.get("id") if isinstance(accepted, dict) else None
        if not provider_id:
            raise Unsure("the provider accepted a message without giving it an id")
        return str(provider_id)

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:  # noqa: ARG002 - the reference says it all
        """Return the id of the message that has this letter's reference."""
        try:
            found = self._client().get_all_notifications(reference=letter.callback_token)
            kept = found["notifications"]
            return next((str(one["id"]) for one in kept if one["reference"] == letter.callback_token), None)
        except (APIError, KeyError, TypeError):
            return None

    def _text(self, letter: Letter) -> Any:  # noqa: ANN401 - the library ships no types
        return self._client().send_sms_notification(
            phone_number=letter.address,
            template_id=self._account.text_template,
            personalisation={"body": clean(letter.body)},
            reference=letter.callback_token,
        )

    def _email(self, letter: Letter) -> Any:  # noqa: ANN401 - the library ships no types
        return self._client().send_email_notification(
            email_address=letter.address,
            template_id=self._account.email_template,
            personalisation={"subject": one_line(letter.subject), "body": clean(letter.body)},
            reference=letter.callback_token,
        )

    def _paper(self, letter: Letter) -> Any:  # noqa: ANN401 - the library ships no types
        if not letter.document:
            raise Rejected("no document", Verdict.NEVER)
        return self._client().send_precompiled_letter_notification(
            reference=letter.callback_token, pdf_file=io.BytesIO(letter.document)
        )

    def _client(self) -> Any:  # noqa: ANN401 - the library ships no types
        # The library is not safe between threads: each has its own.
        client = getattr(self._threads, "client", None)
        if client is None:
            account = self._account
            build: Any = NotificationsAPIClient  # the library ships no types
            client = build(account.api_key, base_url=account.base_url, timeout=account.timeout_seconds)
            self._threads.client = client
        return client


class NotifyTexts(NotifyGateway):
    """Sends texts, and can be asked for the answers: Notify keeps them for seven days."""

    def __init__(self, account: NotifyAccount) -> None:
        super().__init__(account, Way.SMS)

    def received(self, *, since: dt.datetime) -> Sequence[Received]:
        """Return the texts people sent us since an instant, the oldest first."""
        return list(self._since(since))[::-1]

    def _since(self, since: dt.datetime) -> Iterator[Received]:
        # Page after page, the newest first: the pages that are older than asked for are never fetched.
        try:
            told = self._client().get_received_texts_iterator()
            for one in itertools.islice(told, MOST_RECEIVED):
                text = _received(one, self._account.number)
                if text.sent_at < since:
                    return
                yield text
        except CANNOT_BE_READ:
            raise NotSent("the provider's list cannot be had") from None


def _received(told: Any, our_address: str) -> Received:  # noqa: ANN401 - the library ships no types
    sent_at = dt.datetime.fromisoformat(told["created_at"])
    return Received(
        provider_id=str(told["id"]),
        sender=_sender(str(told["user_number"])),
        our_address=our_address,
        body=str(told["content"] or ""),
        sent_at=sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=dt.UTC),
    )


def _sender(number: str) -> str:
    # Notify leaves the plus out; who is no UK mobile stays as they are and is passed over, as at our door.
    try:
        return parse_phone(number[:20])
    except BadPhone:
        return number


def _refused(fault: APIError) -> NotSent | Rejected | Unsure:
    if fault.response is None:  # the library calls every lost connection a 503
        cause = fault.__cause__
        return lost(cause) if isinstance(cause, RequestException) else Unsure("the connection broke")
    status = int(fault.status_code)
    if status >= 500 or status < 400:
        return Unsure(f"the provider answered {status}")
    words = _words(fault)
    if status == 429:
        return Rejected("429", Verdict.LATER)
    if status in {401, 403}:
        return Rejected(str(status), Verdict.HOLD)
    if status == 400 and any(mark in words for mark in BAD_ADDRESS):
        return Rejected("bad address", Verdict.STOP_ADDRESS)
    return Rejected(str(status), Verdict.NEVER)


def _words(fault: APIError) -> str:
    said = fault.message
    if not isinstance(said, list):
        return str(said)
    return " ".join(str(error.get("message", "")) for error in said if isinstance(error, dict))
