"""The simulated provider: speaks Twilio's wire format on our own machine; never mounted in production."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.behaviour import Behaviour, Mode, fault, is_ours
from survey_app.ask.sending.gateways.handset import Needs
from survey_app.ask.sending.gateways.reporting import report
from survey_app.ask.sending.gateways.tables import Direction, HandsetMessage
from survey_app.ask.sending.gateways.templates import Content
from survey_app.web.access import Who, who_may

__all__ = ["Behaviour", "Needs", "blueprint"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the provider is asked to send."""

    phone: str
    whatsapp: bool
    body: str
    content_sid: str
    content_variables: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Asked:
        """Read a request."""
        phone, whatsapp = plain(form.get("To", ""))
        words = (form.get(name, "") for name in ("Body", "ContentSid", "ContentVariables"))
        return cls(phone, whatsapp, *words)


def plain(address: str) -> tuple[str, bool]:
    """Return a number without its scheme, and whether it is a WhatsApp address."""
    return address.removeprefix(handset.SCHEME), address.startswith(handset.SCHEME)


def blueprint(needs: Needs, behaviour: Behaviour | None = None) -> Blueprint:
    """Build the provider's door."""
    door = Blueprint("provider", __name__, url_prefix="/simulator/provider/2010-04-01/Accounts/<account>")
    acting = behaviour or Behaviour()

    @door.post("/Messages.json")
    @who_may(Who.DEVELOPMENT)
    def create(account: str) -> tuple[Response, int] | Response:
        asked = Asked.of(request.form)
        refusal = _refusal(needs, acting, account, asked)
        if refusal is not None:
            return refusal
        message = _accept(needs, asked)
        report(needs, acting, message)
        return _answer(acting, message)

    @door.get("/Messages.json")
    @who_may(Who.DEVELOPMENT)
    def messages(account: str) -> tuple[Response, int] | Response:
        if not is_ours(needs, account):
            return fault(401, 20003, "Authenticate")
        to, whatsapp = plain(request.args.get("To", ""))
        if to == needs.settings.twilio_number and not whatsapp:
            return jsonify(messages=_sent_to_us(needs), page=0, page_size=50, next_page_uri=None)
        query = sa.select(HandsetMessage).where(HandsetMessage.direction == Direction.RECEIVED)
        with needs.database.reading() as session:
            mine = (
                query.where(HandsetMessage.phone == to, HandsetMessage.whatsapp.is_(whatsapp))
                if to
                else query
            )
            rows = session.execute(mine.order_by(HandsetMessage.id.desc()).limit(50)).scalars().all()
        return jsonify(
            messages=[_as_json(needs, row) for row in rows], page=0, page_size=50, next_page_uri=None
        )

    return door


def _refusal(needs: Needs, acting: Behaviour, account: str, asked: Asked) -> tuple[Response, int] | None:
    if not is_ours(needs, account):
        return fault(401, 20003, "Authenticate")
    if acting.mode is Mode.BUSY:
        return fault(429, 20429, "Too Many Requests")
    if acting.mode is Mode.REFUSE:
        return fault(400, acting.error_code, "Refused")
    if not asked.phone.startswith("+") or not (asked.body or asked.content_sid):
        return fault(400, 21211, "The 'To' number is not a valid phone number.")
    return _misaddressed(needs, asked)


def _misaddressed(needs: Needs, asked: Asked) -> tuple[Response, int] | None:
    if asked.content_sid and (not asked.whatsapp or asked.content_sid not in needs.contents):
        return fault(400, 21655, "The ContentSid is invalid")
    with needs.database.reading() as session:
        if not asked.whatsapp and handset.is_blocked(session, asked.phone):
            return fault(400, 21610, "Attempt to send to unsubscribed recipient")
        if asked.whatsapp and not _may_go(session, needs, asked):
            return fault(400, 63016, "Outside the allowed window: use a template")
    return None


def _may_go(session: Session, needs: Needs, asked: Asked) -> bool:
    # Buttons that nobody approved count as free words, as far as there are three.
    content = needs.contents.get(asked.content_sid)
    approved = content is not None and not content.buttons
    return approved or handset.may_be_free(session, asked.phone, needs.clock())


def _accept(needs: Needs, asked: Asked) -> HandsetMessage:
    sid = handset.new_id()
    body, buttons = _rendered(needs.contents.get(asked.content_sid), asked)
    with needs.database.writing() as session:
        handset.keep(
            session,
            needs,
            sid=sid,
            direction=Direction.RECEIVED,
            phone=asked.phone,
            body=body,
            whatsapp=asked.whatsapp,
            buttons=buttons or None,
        )
        return session.execute(
            sa.select(HandsetMessage).where(HandsetMessage.provider_id == sid)
        ).scalar_one()


def _rendered(content: Content | None, asked: Asked) -> tuple[str, list[list[str]]]:
    if content is None:
        return asked.body, []
    values = json.loads(asked.content_variables or "{}")

    def put(text: str) -> str:
        for number, value in values.items():
            text = text.replace(f"{{{{{number}}}}}", value)
        return text

    return put(content.text), [[title, put(payload)] for title, payload in content.buttons]


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


def _sent_to_us(needs: Needs) -> list[dict[str, Any]]:
    day = request.args.get("DateSent>", "")[:10]
    query = sa.select(HandsetMessage).where(HandsetMessage.direction == Direction.SENT)
    with needs.database.reading() as session:
        rows = session.scalars(query.order_by(HandsetMessage.id.desc()).limit(50)).all()
    number = needs.settings.twilio_number
    told = {"to": number, "direction": "inbound", "status": "received"}
    return [
        _accepted(row) | told | {"from": row.phone, "date_sent": format_datetime(row.at)}
        for row in rows
        if row.at.date().isoformat() >= day
    ]
