"""GOV.UK Notify's two doors: somebody texted us, and what became of a message; a token opens them."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, abort, request

from survey_app.ask.population.phones import BadPhone, parse_phone
from survey_app.ask.sending import receipts
from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.hear.channels.hooks import TOKEN, Needs
from survey_app.hear.channels.sms.receiving import NOTIFY_ID, storable
from survey_app.hear.conversations.turns import Conversing, Inbound, take_turn
from survey_app.settings import GatewayKind, Settings
from survey_app.web.access import Who, who_may

log = logging.getLogger(__name__)

STATUSES = MappingProxyType(
    {
        "created": ("queued", ""),
        "sending": ("sending", ""),
        "pending": ("sent", ""),
        "sent": ("sent", ""),
        "received": ("delivered", ""),
        "delivered": ("delivered", ""),
        "permanent-failure": ("failed", "permanent"),
        "temporary-failure": ("undelivered", "temporary"),
        "technical-failure": ("failed", "technical"),
        "virus-scan-failed": ("failed", "virus scan"),
        "validation-failed": ("failed", "not valid"),
        "cancelled": ("canceled", ""),
    }
)
"""Notify's words for what became of a message, in ours, with the reason."""
REFUSALS = MappingProxyType({"permanent": Verdict.STOP_ADDRESS})


def blueprint(needs: Needs) -> Blueprint:
    """Build the doors."""
    door = Blueprint("notify", __name__, url_prefix="/hooks/notify")
    conversing = Conversing(needs.library, needs.keys, needs.wording, needs.settings)

    @door.post("")
    @who_may(Who.PROVIDER)
    def status() -> Response:
        said = _said(_checked(needs.settings))
        with needs.database.writing() as session:
            receipts.record(session, said, now=needs.clock(), refusals=REFUSALS)
        return Response(status=204)

    @door.post("/message")
    @who_may(Who.PROVIDER)
    def message() -> Response:
        inbound = _inbound(needs, _checked(needs.settings))
        if inbound is not None:
            with needs.database.writing() as session:
                take_turn(session, inbound, conversing)
        return Response(status=204)

    return door


def _checked(settings: Settings) -> Mapping[str, Any]:
    """Return what a request says, or refuse whoever does not hold the token."""
    token = settings.notify_callback_token
    sent = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if settings.gateway is not GatewayKind.NOTIFY or not token:
        abort(403)
    if not hmac.compare_digest(sent, f"Bearer {token}".encode()):
        abort(403)
    said = request.get_json(silent=True)
    if not isinstance(said, dict) or not NOTIFY_ID.fullmatch(str(said.get("id", ""))):
        abort(400)
    return said


def _said(told: Mapping[str, Any]) -> receipts.Said:
    status, code = STATUSES.get(str(told.get("status")), ("unknown", ""))
    reference = str(told.get("reference") or "")
    return receipts.Said(
        provider_id=str(told["id"]),
        status=status,
        error_code=code,
        callback_token=reference if TOKEN.fullmatch(reference) else "",
    )


def _inbound(needs: Needs, told: Mapping[str, Any]) -> Inbound | None:
    try:
        sender = parse_phone(str(told.get("source_number") or "")[:20])
    except BadPhone:
        log.info("a text came from something that is not a UK mobile: nothing was done")
        return None
    return Inbound(
        provider_id=str(told["id"]),
        sender=sender,
        our_address=needs.settings.notify_number,
        body=storable(str(told.get("message") or "")),
        received_at=needs.clock(),
    )
