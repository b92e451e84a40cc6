"""Simulated phones: what they received and sent, and the provider's signed webhooks that come of it."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from survey_app.ask.sending.gateways.tables import Direction, HandsetMessage
from survey_app.ask.sending.gateways.templates import Content
from survey_app.clock import Clock
from survey_app.database import Database
from survey_app.settings import Settings

log = logging.getLogger(__name__)

STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
STARTS = frozenset({"START", "UNSTOP", "YES"})
STOPPED = "You have successfully been unsubscribed. No more messages will come. Reply START to resubscribe."
STARTED = "You have successfully been re-subscribed to messages from this number. Reply STOP to unsubscribe."
WEBHOOK_SECONDS = 15
SCHEME = "whatsapp:"


@dataclass(frozen=True, slots=True)
class Needs:
    """What the simulated provider uses."""

    database: Database
    settings: Settings
    clock: Clock
    contents: Mapping[str, Content] = field(default_factory=dict)  # WhatsApp templates by id


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that was tapped under a WhatsApp message."""

    payload: str
    replied_to: str


def send_from_handset(needs: Needs, *, phone: str, body: str, provider_id: str | None = None) -> bool:
    """Text us from a simulated phone, through a signed webhook; tell whether the webhook was taken."""
    # Texts only: WhatsApp has no keywords of the provider's own.
    sid = provider_id or new_id()
    word = body.strip().upper()
    with needs.database.writing() as session:
        was_blocked = is_blocked(session, phone)
        keep(session, needs, sid=sid, direction=Direction.SENT, phone=phone, body=body)
        if word in STOPS and not was_blocked:
            keep(session, needs, sid=new_id(), direction=Direction.RECEIVED, phone=phone, body=STOPPED)
        elif word in STARTS and was_blocked:
            keep(session, needs, sid=new_id(), direction=Direction.RECEIVED, phone=phone, body=STARTED)
    return _deliver(
        needs, {"MessageSid": sid, "From": phone, "To": needs.settings.twilio_number, "Body": body}
    )


def send_by_whatsapp(needs: Needs, *, phone: str, body: str, tap: Tap | None = None) -> bool:
    """Write to us from a simulated WhatsApp, or tap a button; tell whether the webhook was taken."""
    sid = new_id()
    with needs.database.writing() as session:
        keep(session, needs, sid=sid, direction=Direction.SENT, phone=phone, body=body, whatsapp=True)
    ours = SCHEME + needs.settings.whatsapp_number
    form = {"MessageSid": sid, "From": SCHEME + phone, "To": ours, "Body": body, "WaId": phone.lstrip("+")}
    if tap is not None:
        form |= {
            "MessageType": "button",
            "ButtonText": body,
            "ButtonPayload": tap.payload,
            "OriginalRepliedMessageSid": tap.replied_to,
        }
    return _deliver(needs, form)


def _deliver(needs: Needs, form: dict[str, str]) -> bool:
    usual = {
        "SmsMessageSid": form["MessageSid"],
        "SmsSid": form["MessageSid"],
        "AccountSid": needs.settings.twilio_account_sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    return post_signed(needs.settings, f"{needs.settings.public_base_url}/hooks/twilio/message", usual | form)


def post_signed(settings: Settings, url: str, form: Mapping[str, str]) -> bool:
    """Call a webhook as the provider does, signed; tell whether it was taken."""
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(url, form)
    try:
        reply = requests.post(
            url, data=form, headers={"X-Twilio-Signature": signature}, timeout=WEBHOOK_SECONDS
        )
    except requests.RequestException:
        log.warning("the simulated provider could not reach %s", url.partition("?")[0])
        return False
    return reply.ok


def keep(session: Session, needs: Needs, *, sid: str, **told: object) -> None:
    """Put a message on a simulated phone."""
    session.add(HandsetMessage(provider_id=sid, at=needs.clock(), **{"whatsapp": False} | told))
    session.flush()


def may_be_free(session: Session, phone: str, now: dt.datetime) -> bool:
    """Tell whether a phone wrote to us by WhatsApp within a day."""
    wrote = sa.select(HandsetMessage.id).where(
        HandsetMessage.phone == phone,
        HandsetMessage.whatsapp.is_(True),
        HandsetMessage.direction == Direction.SENT,
        HandsetMessage.at > now - dt.timedelta(days=1),
    )
    return session.execute(wrote.limit(1)).first() is not None


def is_blocked(session: Session, phone: str) -> bool:
    """Tell whether a phone's last keyword was a stop: then the provider refuses texts to it."""
    query = sa.select(HandsetMessage.body).where(
        HandsetMessage.phone == phone,
        HandsetMessage.direction == Direction.SENT,
        HandsetMessage.whatsapp.is_(False),
    )
    for body in session.execute(query.order_by(HandsetMessage.id.desc())).scalars():
        if body.strip().upper() in STOPS | STARTS:
            return body.strip().upper() in STOPS
    return False


def texts_on(session: Session, phone: str, *, whatsapp: bool = False) -> Sequence[HandsetMessage]:
    """Return what one phone sent and received by text or by WhatsApp, the oldest first."""
    query = sa.select(HandsetMessage).where(
        HandsetMessage.phone == phone, HandsetMessage.whatsapp.is_(whatsapp)
    )
    return session.execute(query.order_by(HandsetMessage.id)).scalars().all()


def buttons_of(session: Session, provider_id: str) -> list[list[str]]:
    """Return the buttons under a message: title and what a tap sends."""
    query = sa.select(HandsetMessage.buttons).where(HandsetMessage.provider_id == provider_id)
    return session.scalar(query) or []


def phones_in_use(session: Session, *, whatsapp: bool = False, limit: int = 50) -> Sequence[str]:
    """Return the phones with texts, or with WhatsApp messages, the latest first."""
    latest = sa.func.max(HandsetMessage.id)
    query = sa.select(HandsetMessage.phone).where(HandsetMessage.whatsapp.is_(whatsapp))
    query = query.group_by(HandsetMessage.phone).order_by(latest.desc())
    return session.execute(query.limit(limit)).scalars().all()


def new_id() -> str:
    """Return a message id as the provider makes them."""
    return f"SM{secrets.token_hex(16)}"
