"""What the provider's requests say of a call, once they are proved to be the provider's."""

from __future__ import annotations

import datetime as dt
import re

from flask import abort, request

from survey_app.ask.sending import receipts
from survey_app.hear.channels.signature import refuse_unsigned
from survey_app.hear.conversations.calls.ending import Hangup
from survey_app.hear.conversations.calls.hearing import Heard
from survey_app.hear.conversations.calls.opening import Ringing
from survey_app.hear.conversations.calls.tables import CallDirection, CallResult
from survey_app.settings import Settings

CALL_ID = re.compile(r"CA[A-Za-z0-9]{8,62}")
PHONE = re.compile(r"\+[0-9]{7,15}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
KEYS = re.compile(r"[0-9*#]{1,20}")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_SPEECH = 1000
DELIVERY = {
    "queued": "queued",
    "initiated": "sending",
    "ringing": "sent",
    "in-progress": "sent",
    "completed": "delivered",
    "busy": "undelivered",
    "no-answer": "undelivered",
    "failed": "failed",
    "canceled": "canceled",
}
"""What a call's status says in the words of the outbox: reached is what a person picked up."""
OVER = frozenset({"completed", "busy", "no-answer", "failed"})


def refuse_strangers(settings: Settings) -> None:
    """Answer 403 unless the provider signed the request and it is about a call of ours."""
    refuse_unsigned(settings)
    if not CALL_ID.fullmatch(request.form.get("CallSid", "")):
        abort(403)
    if settings.twilio_number not in {request.form.get("To"), request.form.get("From")}:
        abort(403)


def is_over() -> bool:
    """Return whether the provider says that a call has ended."""
    return request.form.get("CallStatus", "") in OVER


def ringing(now: dt.datetime) -> Ringing:
    """Return the call a request is about."""
    direction = _direction()
    token = request.args.get("o", "")
    return Ringing(
        provider_id=request.form["CallSid"],
        phone=_phone(direction),
        direction=direction,
        at=now,
        about=token if TOKEN.fullmatch(token) else "",
        by_machine=_by_machine(),
    )


def hangup(now: dt.datetime) -> Hangup:
    """Return the call that is over."""
    token = request.args.get("o", "")
    return Hangup(
        provider_id=request.form["CallSid"],
        phone=_phone(_direction()),
        at=now,
        reached=request.form.get("CallStatus") == "completed" and not _by_machine(),
        about=token if TOKEN.fullmatch(token) else "",
    )


def said(result: CallResult | None) -> receipts.Said:
    """Return what the provider says of a call, in the words of the outbox."""
    status = request.form.get("CallStatus", "")
    token = request.args.get("o", "")
    unreached = status == "completed" and result is CallResult.UNREACHED
    delivery = "undelivered" if unreached else DELIVERY.get(status, "unknown")
    reason = "machine" if unreached else status if delivery in {"undelivered", "failed"} else ""
    return receipts.Said(
        provider_id=request.form["CallSid"],
        status=delivery,
        error_code=reason,
        callback_token=token if TOKEN.fullmatch(token) else "",
    )


def heard() -> Heard:
    """Return the key or the words of a step."""
    keys = request.form.get("Digits", "")
    return Heard(
        keys=keys[:1] if KEYS.fullmatch(keys) else "",
        words=UNSTORABLE.sub("", request.form.get("SpeechResult", ""))[:LONGEST_SPEECH],
        confidence=_confidence(request.form.get("Confidence", "")),
    )


def _confidence(raw: str) -> float:
    try:
        sure = float(raw)
    except ValueError:
        return 0.0
    return sure if 0.0 <= sure <= 1.0 else 0.0


def _direction() -> CallDirection:
    inbound = request.form.get("Direction", "") == "inbound"
    return CallDirection.INBOUND if inbound else CallDirection.OUTBOUND


def _phone(direction: CallDirection) -> str:
    theirs = request.form.get("From" if direction is CallDirection.INBOUND else "To", "")
    return theirs if PHONE.fullmatch(theirs) else ""


def _by_machine() -> bool:
    by = request.form.get("AnsweredBy", "")
    return by.startswith("machine") or by == "fax"
