"""WhatsApp through Twilio's client: templates for whoever did not write within a day, and buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from twilio.rest import Client

from survey_app.ask.sending.gateways.cleaning import clean, one_line
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Template, Verdict
from survey_app.ask.sending.gateways.refusals import Refusals
from survey_app.ask.sending.gateways.templates import TemplateBook, buttons_name, variables_of
from survey_app.ask.sending.gateways.twilio import (
    CANNOT_BE_READ,
    LONGEST_WAIT,
    MATCH_AFTER,
    MATCH_BEFORE,
    BaseAddressClient,
    TwilioAccount,
    handing_over,
    sid_of,
)

SCHEME = "whatsapp:"
NO_TEMPLATE = "no template"


class WhatsAppGateway:
    """Sends WhatsApp messages; a message that may not be free goes as a template or not at all."""

    def __init__(
        self, account: TwilioAccount, refusals: Refusals, book: TemplateBook, *, sender_name: str
    ) -> None:
        self._account = account
        self._refusals = refusals
        self._book = book
        self._sender_name = sender_name
        transport = BaseAddressClient(account.api_base, account.timeout_seconds)
        self._client = Client(account.account_sid, account.auth_token, http_client=transport)

    def send(self, letter: Letter) -> str:
        """Hand a message over and return its MessageSid."""
        options = self._words(letter)
        if letter.valid_seconds is not None:
            options["validity_period"] = max(1, min(LONGEST_WAIT, letter.valid_seconds))
        with handing_over(self._refusals):
            return sid_of(
                self._client.messages.create(
                    to=SCHEME + letter.address,
                    from_=SCHEME + self._account.number,
                    status_callback=f"{self._account.status_url}?o={letter.callback_token}",
                    **options,
                )
            )

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:
        """Look for this message among the latest to its address; templates are listed filled."""
        try:
            return next(iter(self.matches(letter, tried_at=tried_at)), None)
        except NotSent:
            return None

    def matches(self, letter: Letter, *, tried_at: dt.datetime) -> Sequence[str]:
        """Return every message to its address with its words, made about when it was tried."""
        marks = self._marks(letter)
        return [
            str(message.sid)
            for message in self._listed(letter)
            if message.direction == "outbound-api"
            and message.date_created is not None
            and tried_at - MATCH_BEFORE <= message.date_created <= tried_at + MATCH_AFTER
            and all(mark in one_line(str(message.body or "")) for mark in marks)
        ]

    def _listed(self, letter: Letter) -> list[Any]:
        try:
            return list(self._client.messages.list(to=SCHEME + letter.address, limit=20))
        except CANNOT_BE_READ:
            raise NotSent("the provider's list cannot be had") from None

    def _words(self, letter: Letter) -> dict[str, Any]:
        template = letter.template if letter.template is not None else self._late(letter)
        if template is not None:
            sid = self._book.sid(template.name, template.language)
            if sid is None:
                raise Rejected(NO_TEMPLATE, Verdict.NEVER)
            return {"content_sid": sid, "content_variables": variables_of(template.values)}
        sid = self._book.sid(buttons_name(letter.buttons)) if letter.buttons else None
        if sid is not None:
            values = (letter.body, letter.callback_token)
            return {"content_sid": sid, "content_variables": variables_of(values)}
        return {"body": clean(letter.body)}

    def _late(self, letter: Letter) -> Template | None:
        """Return the template that carries a message whose day of free words is over."""
        if letter.free:
            return None
        return Template("carry_on", letter.language, (self._sender_name, letter.body))

    def _marks(self, letter: Letter) -> tuple[str, ...]:
        if letter.template is not None:
            return tuple(one_line(value) for value in letter.template.values)
        return (one_line(letter.body),)
