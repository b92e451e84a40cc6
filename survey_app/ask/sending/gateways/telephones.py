"""Simulated telephones: they ring, are answered or not, press keys and speak, through our signed webhooks."""

from __future__ import annotations

import secrets
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from survey_app.ask.sending.gateways.handset import WEBHOOK_SECONDS, Needs
from survey_app.ask.sending.gateways.tables import Direction, HandsetCall, RingState

CALL_STATUS = {RingState.RINGING: "ringing", RingState.TALKING: "in-progress", RingState.OVER: "completed"}
LARGEST_ANSWER = 64_000
"""Bytes of TwiML the provider takes."""


class NotTaken(RuntimeError):
    """Our own door did not answer the simulated provider as it should."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a call, by us or by whoever holds the telephone."""

    who: str
    words: str
    language: str = "en-GB"
    rate: str = ""


def ring(
    needs: Needs, *, phone: str, voice_url: str, status_url: str, direction: Direction = Direction.RECEIVED
) -> str:
    """Let a telephone ring, or ring us, and return the call's id."""
    sid = f"CA{secrets.token_hex(16)}"
    with needs.database.writing() as session:
        call = HandsetCall(
            provider_id=sid,
            direction=direction,
            phone=phone,
            state=RingState.RINGING,
            voice_url=voice_url,
            status_url=status_url,
            lines=[],
            at=needs.clock(),
        )
        session.add(call)
    return sid


def dial(needs: Needs, *, phone: str) -> str:
    """Ring our number from a telephone; our door picks up at once."""
    base = f"{needs.settings.public_base_url}/hooks/twilio/voice"
    sid = ring(needs, phone=phone, voice_url=base, status_url=f"{base}/status", direction=Direction.SENT)
    _talk(needs, sid, base, {}, ())
    return sid


def answer(needs: Needs, sid: str, *, by: str = "human") -> None:
    """Pick up a ringing telephone, as a person or as a machine."""
    call = call_of(needs, sid)
    if call.state is not RingState.RINGING:
        return
    with needs.database.writing() as session:
        session.execute(sa.update(HandsetCall).where(HandsetCall.provider_id == sid).values(answered_by=by))
    _report(needs, call, "in-progress", {})
    _talk(needs, sid, call.voice_url, {"AnsweredBy": by}, ())


def press(needs: Needs, sid: str, keys: str) -> None:
    """Press a key; an empty one is silence until the provider gives up waiting."""
    said = (Line("you", f"Pressed {keys}" if keys else "(silence)"),)
    _step(needs, sid, {"Digits": keys}, said)


def speak(needs: Needs, sid: str, words: str, *, confidence: float = 0.9) -> None:
    """Say something; the provider tells us how sure it is of the words."""
    _step(needs, sid, {"SpeechResult": words, "Confidence": f"{confidence:.4f}"}, (Line("you", words),))


def hang_up(needs: Needs, sid: str, *, outcome: str = "completed") -> None:
    """End a call, or leave it unanswered: `outcome` is completed, no-answer, busy, failed or canceled."""
    call = call_of(needs, sid)
    if call.state is RingState.OVER:
        return
    with needs.database.writing() as session:
        session.execute(
            sa.update(HandsetCall)
            .where(HandsetCall.provider_id == sid)
            .values(state=RingState.OVER, outcome=outcome, action_url="")
        )
    by = {"AnsweredBy": call.answered_by} if call.answered_by else {}
    _report(needs, call, outcome, by)


def call_of(needs: Needs, sid: str) -> HandsetCall:
    """Return one call."""
    with needs.database.reading() as session:
        return session.execute(sa.select(HandsetCall).where(HandsetCall.provider_id == sid)).scalar_one()


def calls(session: Session, *, limit: int = 40) -> Sequence[HandsetCall]:
    """Return the latest calls, those that ring or talk first."""
    over = sa.case((HandsetCall.state == RingState.OVER, 1), else_=0)
    query = sa.select(HandsetCall).order_by(over, HandsetCall.id.desc()).limit(limit)
    return session.execute(query).scalars().all()


def post(needs: Needs, url: str, form: Mapping[str, str]) -> str:
    """Call a webhook as the provider does, signed, and return what it answered."""
    signature = RequestValidator(needs.settings.twilio_auth_token).compute_signature(url, form)
    headers = {"X-Twilio-Signature": signature}
    try:
        reply = requests.post(url, data=form, headers=headers, timeout=WEBHOOK_SECONDS)
    except requests.RequestException:
        raise NotTaken("the service did not answer") from None
    if not reply.ok or len(reply.content) > LARGEST_ANSWER:
        raise NotTaken(f"the service answered with {reply.status_code}")
    return reply.text


def form_of(needs: Needs, call: HandsetCall, status: str) -> dict[str, str]:
    """Return what the provider says of a call in every request."""
    ours, theirs = needs.settings.twilio_number, call.phone
    outbound = call.direction is Direction.RECEIVED
    return {
        "CallSid": call.provider_id,
        "AccountSid": needs.settings.twilio_account_sid,
        "From": ours if outbound else theirs,
        "To": theirs if outbound else ours,
        "CallStatus": status,
        "Direction": "outbound-api" if outbound else "inbound",
        "ApiVersion": "2010-04-01",
    }


def _step(needs: Needs, sid: str, more: dict[str, str], said: tuple[Line, ...]) -> None:
    call = call_of(needs, sid)
    if call.state is RingState.TALKING and call.action_url:
        _talk(needs, sid, call.action_url, more, said)


def _talk(needs: Needs, sid: str, url: str, more: dict[str, str], said: tuple[Line, ...]) -> None:
    call = call_of(needs, sid)
    twiml = post(needs, url, form_of(needs, call, "in-progress") | more)
    heard, action = _read(twiml)
    with needs.database.writing() as session:
        row = session.execute(sa.select(HandsetCall).where(HandsetCall.provider_id == sid)).scalar_one()
        row.lines = [*row.lines, *(_plain(line) for line in (*said, *heard))]
        row.state, row.action_url = RingState.TALKING, action
    if not action:
        hang_up(needs, sid)


def _read(twiml: str) -> tuple[list[Line], str]:
    """Return what a document says, and where the keys go it waits for; nowhere: it hangs up."""
    root = ET.fromstring(twiml)  # noqa: S314 - our own document, from our own door
    lines = []
    for said in root.iter():
        if said.tag == "Say":
            prosody = said.find("prosody")
            rate = "" if prosody is None else prosody.get("rate", "")
            lines.append(Line("us", "".join(said.itertext()), said.get("language", "en-GB"), rate))
        elif said.tag == "Play":
            lines.append(Line("us", f"(recording: {said.text})"))
    gather = root.find("Gather")
    return lines, "" if gather is None else gather.get("action", "")


def _plain(line: Line) -> dict[str, str]:
    return {"who": line.who, "words": line.words, "language": line.language, "rate": line.rate}


def _report(needs: Needs, call: HandsetCall, status: str, more: dict[str, str]) -> None:
    if call.status_url:
        post(needs, call.status_url, form_of(needs, call, status) | more)
