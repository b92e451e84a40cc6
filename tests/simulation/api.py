"""The provider's API in memory: the official client, and our gateways over it, notice no difference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from requests.exceptions import ConnectTimeout, ReadTimeout
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from survey_app.ask.sending.gateways.catalogue import simulated
from survey_app.ask.sending.gateways.contract import Gateway, Letter
from survey_app.ask.sending.gateways.refusals import Refusals
from survey_app.ask.sending.gateways.templates import Content, read_book
from survey_app.ask.sending.gateways.twilio import TwilioAccount
from survey_app.ask.sending.gateways.twilio_calls import TwilioCalls
from survey_app.ask.sending.gateways.whatsapp import WhatsAppGateway
from survey_app.ask.sending.tables import Medium
from survey_app.bootstrap import Runtime
from tests.simulation.provider import Accepted, Killed, Provider, Request
from tests.simulation.story import Fate

HTTP = {Fate.TOO_MANY: (429, "20429"), Fate.ACCOUNT: (401, "20003"), Fate.REFUSED: (400, "")}


class Api(HttpClient):
    """Takes the client's requests to the provider, and answers or breaks off as its weather says."""

    def __init__(self, provider: Provider, contents: Mapping[str, Content]) -> None:
        super().__init__(None, False)
        self.provider, self.contents = provider, contents
        self.letter: Letter | None = None

    def request(self, method: str, uri: str, params=None, data=None, **_more: object) -> Response:
        medium = Medium.CALL if uri.endswith("/Calls.json") else Medium.WHATSAPP
        if method.upper() == "GET":
            return _said(200, self._listed(medium, params["To"]))
        done = self.provider.take(self._request(medium, data))
        if done.fate is Fate.NOT_WRITTEN:
            raise ConnectTimeout
        if done.fate in {Fate.KILLED_BEFORE, Fate.KILLED_AFTER}:
            raise Killed
        if done.fate in {Fate.HANGS_AFTER, Fate.UNLISTED}:
            raise ReadTimeout
        if done.fate is Fate.ACCEPTED:
            return _said(201, _as_json(done.accepted))
        status, code = HTTP.get(done.fate, (500, "20500"))
        return _said(status, {"code": int(done.code or code), "status": status, "message": "no"})

    def _request(self, medium: Medium, data: Mapping[str, Any]) -> Request:
        content = self.contents.get(data.get("ContentSid", ""))
        values = json.loads(data.get("ContentVariables", "{}"))

        def put(text: str) -> str:
            for number, value in values.items():
                text = text.replace(f"{{{{{number}}}}}", value)
            return text

        return Request(
            replace(self.letter, valid_seconds=data.get("ValidityPeriod")),
            medium,
            words=put(content.text) if content is not None else data.get("Body", ""),
            buttons={put(payload): title for title, payload in content.buttons} if content else {},
            free=medium is Medium.WHATSAPP and (content is None or bool(content.buttons)),
            url=data.get("Url", ""),
            status_url=data.get("StatusCallback", ""),
        )

    def _listed(self, medium: Medium, to: str) -> dict[str, object]:
        mine = [
            _as_json(one)
            for one in reversed(self.provider.log)
            if one.listed and one.medium is medium and to.endswith(one.letter.address)
        ]
        name = "calls" if medium is Medium.CALL else "messages"
        return {name: mine[:20], "page": 0, "page_size": 50, "next_page_uri": None}


class WhatsApp(WhatsAppGateway):
    """The real gateway, whose letters the provider of a story knows by name."""

    def __init__(self, api: Api, *what: object, **more: object) -> None:
        super().__init__(*what, **more)
        self.api = api
        self._client = Client("AC", "token", http_client=api)

    def send(self, letter: Letter) -> str:
        self.api.letter = letter
        return super().send(letter)


class Calls(TwilioCalls):
    """The real gateway for calls, over the same provider."""

    def __init__(self, api: Api, *what: object, **more: object) -> None:
        super().__init__(*what, pause=lambda _seconds: None, **more)
        self.api = api
        self._client = Client("AC", "token", http_client=api)

    def send(self, letter: Letter) -> str:
        self.api.letter = letter
        return super().send(letter)


def ways_out(runtime: Runtime, provider: Provider, refusals: Refusals) -> dict[Medium, Gateway]:
    """Return our gateways for WhatsApp and calls, joined to a provider."""
    settings = runtime.settings
    api = Api(provider, simulated(runtime.wording.written_by_language, runtime.library.all()))
    hooks = f"{settings.public_base_url}/hooks/twilio"
    account = TwilioAccount("AC", "token", settings.twilio_number, f"{hooks}/voice/status", "", 10)
    whatsapp = replace(account, number=settings.whatsapp_number, status_url=f"{hooks}/status")
    book = read_book("simulated")
    return {
        Medium.WHATSAPP: WhatsApp(api, whatsapp, refusals, book, sender_name=settings.sender_name),
        Medium.CALL: Calls(api, account, refusals, voice_url=f"{hooks}/voice"),
    }


def _as_json(accepted: Accepted | None) -> dict[str, object]:
    if accepted is None:
        return {}
    at = format_datetime(accepted.at)
    told = {
        "sid": accepted.provider_id,
        "body": accepted.words,
        "direction": "outbound-api",
        "status": "queued",
    }
    return told | {"to": accepted.letter.address, "date_created": at, "date_updated": at}


def _said(status: int, body: object) -> Response:
    return Response(status, json.dumps(body))
