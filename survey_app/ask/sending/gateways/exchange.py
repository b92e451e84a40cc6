"""The simulated provider's door for calls: speaks Twilio's wire format; never mounted in production."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request

from survey_app.ask.sending.gateways import telephones
from survey_app.ask.sending.gateways.behaviour import Behaviour, Mode, fault, is_ours
from survey_app.ask.sending.gateways.handset import Needs
from survey_app.ask.sending.gateways.tables import Direction, HandsetCall
from survey_app.web.access import Who, who_may

__all__ = ["Needs", "blueprint"]


def blueprint(needs: Needs, behaviour: Behaviour | None = None) -> Blueprint:
    """Build the door."""
    door = Blueprint("exchange", __name__, url_prefix="/simulator/provider/2010-04-01/Accounts/<account>")
    acting = behaviour or Behaviour()

    @door.post("/Calls.json")
    @who_may(Who.DEVELOPMENT)
    def create(account: str) -> tuple[Response, int]:
        refusal = _refusal(needs, acting, account)
        if refusal is not None:
            return refusal
        form = request.form
        sid = telephones.ring(
            needs, phone=form["To"], voice_url=form["Url"], status_url=form.get("StatusCallback", "")
        )
        if acting.mode is Mode.BREAK_AFTER_ACCEPTING:
            return fault(500, 20500, "Internal Server Error")
        return jsonify(_as_json(needs, telephones.call_of(needs, sid))), 201

    @door.get("/Calls.json")
    @who_may(Who.DEVELOPMENT)
    def calls(account: str) -> tuple[Response, int] | Response:
        if not is_ours(needs, account):
            return fault(401, 20003, "Authenticate")
        query = sa.select(HandsetCall).where(
            HandsetCall.direction == Direction.RECEIVED, HandsetCall.phone == request.args.get("To", "")
        )
        with needs.database.reading() as session:
            rows = session.execute(query.order_by(HandsetCall.id.desc()).limit(50)).scalars().all()
        listed = [_as_json(needs, row) for row in rows]
        return jsonify(calls=listed, page=0, page_size=50, next_page_uri=None)

    return door


def _refusal(needs: Needs, acting: Behaviour, account: str) -> tuple[Response, int] | None:
    if not is_ours(needs, account):
        return fault(401, 20003, "Authenticate")
    if acting.mode is Mode.BUSY:
        return fault(429, 20429, "Too Many Requests")
    if acting.mode is Mode.REFUSE:
        return fault(400, acting.error_code, "Refused")
    form, ours = request.form, f"{needs.settings.public_base_url}/"
    addresses = [form.get("Url", ""), form.get("StatusCallback", ours)]
    # Only our own doors: a pretend provider must not fetch what anybody asks it to.
    if not form.get("To", "").startswith("+") or not all(one.startswith(ours) for one in addresses):
        return fault(400, 21205, "Url is not a valid URL")
    return None


def _as_json(needs: Needs, call: HandsetCall) -> dict[str, Any]:
    at = format_datetime(call.at)
    return {
        "sid": call.provider_id,
        "account_sid": needs.settings.twilio_account_sid,
        "api_version": "2010-04-01",
        "to": call.phone,
        "from": needs.settings.twilio_number,
        "status": call.outcome or telephones.CALL_STATUS[call.state],
        "direction": "outbound-api",
        "answered_by": call.answered_by or None,
        "date_created": at,
        "date_updated": at,
        "start_time": None,
        "end_time": None,
        "duration": None,
        "price": None,
    }
