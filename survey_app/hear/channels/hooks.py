"""Twilio's two doors, for texts and WhatsApp: somebody wrote to us, and what became of a message of ours."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from survey_app.ask.instruments.loader import Library
from survey_app.ask.sending import receipts
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.signature import refuse_unsigned
from survey_app.hear.channels.sms import inbound as sms
from survey_app.hear.channels.sms.receiving import MESSAGE_ID, storable
from survey_app.hear.channels.whatsapp import inbound as whatsapp
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.hear.reading.wording import Wording
from survey_app.hear.responses.tables import Channel
from survey_app.settings import CONFIG_DIR, Settings
from survey_app.web.access import Who, who_may

log = logging.getLogger(__name__)

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Every reply goes through the outbox: an answer in TwiML has no id, no receipt and no second try."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Needs:
    """What the doors of providers use."""

    database: Database
    clock: Clock
    settings: Settings
    keys: Keys
    library: Library
    wording: Wording


def blueprint(needs: Needs) -> Blueprint:
    """Build the doors."""
    door = Blueprint("twilio", __name__, url_prefix="/hooks/twilio")
    refusals = load_refusals(CONFIG_DIR / "twilio_errors.toml")
    conversing = Conversing(needs.library, needs.keys, needs.wording, needs.settings)

    @door.post("/message")
    @who_may(Who.PROVIDER)
    def message() -> Response:
        _refuse_strangers(needs.settings)
        to = request.form.get("To", "")
        if to != needs.settings.twilio_number and not _is_our_whatsapp(needs.settings, to):
            abort(403)
        inbound = _inbound(needs, Channel.WHATSAPP if to.startswith(whatsapp.SCHEME) else Channel.SMS)
        if inbound is not None:
            with needs.database.writing() as session:
                take_turn(session, inbound, conversing)
        return Response(NOTHING_TO_SAY, mimetype="text/xml")

    @door.post("/status")
    @who_may(Who.PROVIDER)
    def status() -> Response:
        _refuse_strangers(needs.settings)
        with needs.database.writing() as session:
            receipts.record(session, _said(), now=needs.clock(), refusals=refusals)
        return Response(status=204)

    return door


def _refuse_strangers(settings: Settings) -> None:
    refuse_unsigned(settings)
    if not MESSAGE_ID.fullmatch(request.form.get("MessageSid", "")):
        abort(403)


def _is_our_whatsapp(settings: Settings, to: str) -> bool:
    return bool(settings.whatsapp_number) and to == whatsapp.SCHEME + settings.whatsapp_number


def _inbound(needs: Needs, channel: Channel) -> Inbound | None:
    by_whatsapp = channel is Channel.WHATSAPP
    read = whatsapp.sender_of if by_whatsapp else sms.sender_of
    sender = read(request.form.get("From", ""))
    if sender is None:
        log.info("a message came from something that is not a phone: nothing was done")
        return None
    settings = needs.settings
    media = request.form.get("NumMedia", "0")
    return Inbound(
        provider_id=request.form["MessageSid"],
        sender=sender,
        our_address=settings.whatsapp_number if by_whatsapp else settings.twilio_number,
        body=storable(request.form.get("Body", "")),
        received_at=needs.clock(),
        n_media=int(media) if media.isascii() and media.isdigit() and len(media) < 4 else 0,
        opt_out_type=request.form.get("OptOutType", "")[:10],
        channel=channel,
        button_payload=whatsapp.payload_of(request.form.get("ButtonPayload", "")) if by_whatsapp else "",
        replied_to=_message_id(request.form.get("OriginalRepliedMessageSid", "")) if by_whatsapp else "",
    )


def _message_id(raw: str) -> str:
    return raw if MESSAGE_ID.fullmatch(raw) else ""


def _said() -> receipts.Said:
    token = request.args.get("o", "")
    return receipts.Said(
        provider_id=request.form["MessageSid"],
        status=request.form.get("MessageStatus", ""),
        error_code=storable(request.form.get("ErrorCode", "")),
        callback_token=token if TOKEN.fullmatch(token) else "",
    )
