"""GOV.UK Notify on loopback: its version 2 API as far as we use it, with every way an answer can go wrong."""

from __future__ import annotations

import base64
import datetime as dt
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import jwt
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from survey_app.ask.sending.gateways.behaviour import Mode

SERVICE, SECRET = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
KEY = f"test-{SERVICE}-{SECRET}"
A_PAGE = 2
"""Notify's own pages hold 250."""
ADDRESS = {"sms": "phone_number", "email": "email_address"}


@dataclass
class FakeNotify:
    """What arrived, and how the next request is answered."""

    base: str = ""
    mode: Mode = Mode.OK
    refusal: tuple[int, str, str] = (400, "ValidationError", "phone_number Not a UK mobile number")
    hang_seconds: float = 1.0
    kept: list[dict] = field(default_factory=list)
    texts: list[dict] = field(default_factory=list)
    """What people texted, the newest first as Notify tells it."""
    asked: list[str] = field(default_factory=list)

    def texted(self, sender: str, words: str, at: dt.datetime) -> str:
        """Keep a text as Notify does: numbers without their plus, instants in UTC."""
        told = {
            "id": str(uuid.uuid4()),
            "user_number": sender.removeprefix("+"),
            "notify_number": "447700900999",
            "service_id": SERVICE,
            "content": words,
            "created_at": f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        }
        self.texts.insert(0, told)
        return told["id"]


def _error(status: int, name: str, message: str) -> tuple[Response, int]:
    return jsonify(status_code=status, errors=[{"error": name, "message": message}]), status


def _stranger() -> tuple[Response, int] | None:
    try:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        if claims["iss"] == SERVICE and abs(time.time() - claims["iat"]) < 30:
            return None
    except (KeyError, jwt.PyJWTError):
        pass
    return _error(403, "AuthError", "Invalid token: signature, api token not found")


def _site(notify: FakeNotify) -> Flask:
    site = Flask("fake notify")
    site.before_request(_stranger)

    @site.post("/v2/notifications/<any(sms, email, letter):way>")
    def send(way):
        told = request.get_json()
        if notify.mode is Mode.BUSY:
            return _error(429, "RateLimitError", "Exceeded rate limit of 3000 requests")
        if notify.mode is Mode.REFUSE:
            return _error(*notify.refusal)
        if way == "letter" and not base64.b64decode(told["content"]).startswith(b"%PDF"):
            return _error(400, "ValidationError", "content is not a PDF")
        kept = {"id": str(uuid.uuid4()), "type": way, "reference": told["reference"], "told": told}
        notify.kept.append(kept)
        return _answer(notify, {name: kept[name] for name in ("id", "reference")})

    @site.get("/v2/notifications")
    def find():
        found = [one for one in notify.kept if one["reference"] == request.args["reference"]]
        return jsonify(notifications=found, links={})

    @site.get("/v2/received-text-messages")
    def received():
        older = request.args.get("older_than", "")
        notify.asked.append(older)
        if notify.mode is not Mode.OK:
            return _error(500, "Exception", "Internal server error")
        ids = [one["id"] for one in notify.texts]
        page = notify.texts[ids.index(older) + 1 if older else 0 :][:A_PAGE]
        here = f"{notify.base}/v2/received-text-messages"
        links = {"current": here} | ({"next": f"{here}?older_than={page[-1]['id']}"} if page else {})
        return jsonify(received_text_messages=page, links=links)

    return site


def _answer(notify: FakeNotify, body: dict) -> Response | tuple[Response, int]:
    if notify.mode is Mode.BREAK_AFTER_ACCEPTING:
        return _error(500, "Exception", "Internal server error")
    if notify.mode is Mode.HANG_AFTER_ACCEPTING:
        time.sleep(notify.hang_seconds)
    if notify.mode is Mode.GARBAGE:
        return Response("<html>oops", status=201)
    if notify.mode is Mode.NO_ID:
        body = body | {"id": None}
    return jsonify(body), 201


@contextmanager
def fake_notify() -> Iterator[FakeNotify]:
    """Serve Notify on a free port of this machine until the block ends."""
    notify = FakeNotify()
    server = make_server("127.0.0.1", 0, _site(notify), threaded=True)
    notify.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
