"""The simulated provider: speaks Twilio's wire format on our own machine; never mounted in production."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.handset import Needs
from survey_app.ask.sending.gateways.tables import Direction, HandsetMessage
from survey_app.web.access import Who, who_may

__all__ = ["Behaviour", "Mode", "Needs", "blueprint", "fault", "is_ours"]


class Mode(StrEnum):
    """How the provider answers when it is asked to send; tests change it."""

    OK = "ok"
    REFUSE = "refuse"
    BUSY = "busy"
    BREAK_AFTER_ACCEPTING = "break_after_accepting"
    HANG_AFTER_ACCEPTING = "hang_after_accepting"
    NO_ID = "no_id"
    GARBAGE = "garbage"


@dataclass(slots=True)
class Behaviour:
    """What tests may ask of the provider: a fault, and which receipts come in which order."""

    mode: Mode = Mode.OK
    error_code: int = 21211
    statuses: tuple[str, ...] = ("sent", "delivered")
    receipts_first: bool = False
    hang_seconds: float = 3.0
    reports: list[threading.Thread] = field(default_factory=list)  # under way


def blueprint(needs: Needs, behaviour: Behaviour | None = None) -> Blueprint:
    """Build the provider's door."""
    door = Blueprint("provider", __name__, url_prefix="/simulator/provider/2010-04-01/Accounts/<account>")
    acting = behaviour or Behaviour()

    @door.post("/Messages.json")
    @who_may(Who.DEVELOPMENT)
    def create(account: str) -> tuple[Response, int] | Response:
        refusal = _refusal(needs, acting, account)
        if refusal is not None:
            return refusal
        message = _accept(needs)
        _report(needs, acting, message)
        return _answer(acting, message)

    @door.get("/Messages.json")
    @who_may(Who.DEVELOPMENT)
    def messages(account: str) -> tuple[Response, int] | Response:
        if not is_ours(needs, account):
            return fault(401, 20003, "Authenticate")
        query = sa.select(HandsetMessage).where(HandsetMessage.direction == Direction.RECEIVED)
        to = request.args.get("To")
        with needs.database.reading() as session:
            mine = query.where(HandsetMessage.phone == to) if to else query
            rows = session.execute(mine.order_by(HandsetMessage.id.desc()).limit(50)).scalars().all()
        return jsonify(
            messages=[_as_json(needs, row) for row in rows], page=0, page_size=50, next_page_uri=None
        )

    return door


def _refusal(needs: Needs, acting: Behaviour, account: str) -> tuple[Response, int] | None:
    to = request.form.get("To", "")
    if not is_ours(needs, account):
        return fault(401, 20003, "Authenticate")
    if acting.mode is Mode.BUSY:
        return fault(429, 20429, "Too Many Requests")
    if acting.mode is Mode.REFUSE:
        return fault(400, acting.error_code, "Refused")
    if not to.startswith("+") or not request.form.get("Body"):
        return fault(400, 21211, "The 'To' number is not a valid phone number.")
    with needs.database.reading() as session:
        if handset.is_blocked(session, to):
            return fault(400, 21610, "Attempt to send to unsubscribed recipient")
    return None


def is_ours(needs: Needs, account: str) -> bool:
    """Tell whether a request carries our account and its password."""
    who = request.authorization
    settings = needs.settings
    return who is not None and (account, who.username, who.password) == (
        settings.twilio_account_sid,
        settings.twilio_account_sid,
        settings.twilio_auth_token,
    )


def _accept(needs: Needs) -> HandsetMessage:
    sid = handset.new_id()
    with needs.database.writing() as session:
        handset.keep(
            session,
            needs,
            sid=sid,
            direction=Direction.RECEIVED,
            phone=request.form["To"],
            body=request.form["Body"],
        )
        return session.execute(
            sa.select(HandsetMessage).where(HandsetMessage.provider_id == sid)
        ).scalar_one()


def _report(needs: Needs, acting: Behaviour, message: HandsetMessage) -> None:
    address = request.form.get("StatusCallback", "")
    if not address.startswith(f"{needs.settings.public_base_url}/"):
        return
    reporting = threading.Thread(
        target=_report_each, args=(needs, acting.statuses, message, address), daemon=True
    )
    reporting.start()
    acting.reports[:] = [*(report for report in acting.reports if report.is_alive()), reporting]
    if acting.receipts_first:
        reporting.join(timeout=10)


def _report_each(needs: Needs, statuses: tuple[str, ...], message: HandsetMessage, address: str) -> None:
    for status in statuses:
        form = {
            "MessageSid": message.provider_id,
            "SmsSid": message.provider_id,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": needs.settings.twilio_account_sid,
            "To": message.phone,
            "From": needs.settings.twilio_number,
            "ApiVersion": "2010-04-01",
        }
        if status in {"undelivered", "failed"}:
            form["ErrorCode"] = "30003"
        handset.post_signed(needs.settings, address, form)


def _answer(acting: Behaviour, message: HandsetMessage) -> tuple[Response, int] | Response:
    if acting.mode is Mode.BREAK_AFTER_ACCEPTING:
        return fault(500, 20500, "Internal Server Error")
    if acting.mode is Mode.HANG_AFTER_ACCEPTING:
        time.sleep(acting.hang_seconds)
    if acting.mode is Mode.GARBAGE:
        return Response("<html>oops", status=201, mimetype="text/html")
    body = _accepted(message)
    if acting.mode is Mode.NO_ID:
        body["sid"] = None
    return jsonify(body), 201


def _accepted(message: HandsetMessage) -> dict[str, Any]:
    now = format_datetime(message.at)
    return {
        "sid": message.provider_id,
        "account_sid": request.authorization.username if request.authorization else None,
        "api_version": "2010-04-01",
        "body": message.body,
        "to": message.phone,
        "from": request.form.get("From"),
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "error_code": None,
        "error_message": None,
    }


def _as_json(needs: Needs, message: HandsetMessage) -> dict[str, Any]:
    return _accepted(message) | {"from": needs.settings.twilio_number, "status": "delivered"}


def fault(status: int, code: int, message: str) -> tuple[Response, int]:
    """Return a refusal as the provider words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify(code=code, message=message, more_info=more, status=status), status
