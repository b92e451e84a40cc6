"""A telephone in the browser: it rings and takes keys and words, all through signed webhooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.sending.gateways import telephones
from survey_app.ask.sending.gateways.handset import Needs
from survey_app.ask.sending.gateways.tables import Direction, HandsetCall, RingState
from survey_app.ask.sending.tables import Medium, Message, MessageState
from survey_app.clock import LONDON
from survey_app.web.access import Who, who_may

__all__ = ["Needs", "blueprint"]

PAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
SEPARATORS = re.compile(r"[\s()\-]+")
NUMBER = re.compile(r"\+44\d{9,10}")
SID = re.compile(r"[A-Za-z0-9]{1,64}")
LONGEST_SPEECH = 400
CLEAR, UNCLEAR = 0.92, 0.4
"""How sure the pretend provider says it is of what was said."""
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "completed": "The call is over.",
        "no-answer": "Nobody picked up.",
        "busy": "The line was engaged.",
        "failed": "The call could not be placed.",
        "canceled": "The call was cancelled.",
    }
)
Act = Callable[[Needs, str], None]


def blueprint(needs: Needs) -> Blueprint:
    """Build the telephone's door."""
    door = Blueprint("calls", __name__, template_folder="templates", url_prefix="/simulator/calls")

    @door.before_request
    def keep_out_of_production() -> None:
        if needs.settings.is_production:
            abort(404)

    @door.get("")
    @who_may(Who.DEVELOPMENT)
    def telephone() -> str:
        return _page(needs)

    @door.post("/ring")
    @who_may(Who.DEVELOPMENT)
    def ring_us() -> Response:
        return _ring(needs)

    @door.post(f"/<sid>/<any({', '.join(ACTS)}):act>")
    @who_may(Who.DEVELOPMENT)
    def do(sid: str, act: str) -> Response:
        return _act(needs, sid, act)

    return door


def _ring(needs: Needs) -> Response:
    phone = _number(request.form.get("phone", ""))
    if phone is None:
        return _back(fault=True)
    try:
        return _back(call=telephones.dial(needs, phone=phone))
    except telephones.NotTaken:
        return _back(missed=True)


def _act(needs: Needs, sid: str, act: str) -> Response:
    if _call(needs, sid) is None:
        abort(404)
    try:
        ACTS[act](needs, sid)
    except telephones.NotTaken:
        return _back(call=sid, missed=True)
    return _back(call=sid)


def _back(call: str | None = None, *, missed: bool = False, fault: bool = False) -> Response:
    said_missed, said_fault = "1" if missed else None, "1" if fault else None
    return redirect(url_for("calls.telephone", call=call, missed=said_missed, fault=said_fault), 303)


def _page(needs: Needs) -> str:
    chosen = _call(needs, request.args.get("call", ""))
    with needs.database.reading() as session:
        calls = telephones.calls(session)
        n_waiting, leaves_at = _waiting(session)
    return render_template(
        "simulator/calls.html",
        calls=[_row(call) for call in calls],
        chosen=_row(chosen) if chosen is not None else None,
        lines=chosen.lines if chosen is not None else [],
        n_waiting=n_waiting,
        leaves_at=leaves_at.astimezone(LONDON) if leaves_at is not None else None,
        pad=PAD,
        ours=needs.settings.twilio_number,
        missed="missed" in request.args,
        fault="fault" in request.args,
    )


def _row(call: HandsetCall) -> dict[str, object]:
    ended = call.state is RingState.OVER
    said = (
        "Voicemail took the call." if call.answered_by.startswith("machine") else OUTCOMES.get(call.outcome)
    )
    states = {RingState.RINGING: "Ringing", RingState.TALKING: "Talking", RingState.OVER: said or "Over"}
    return {
        "sid": call.provider_id,
        "phone": f"{call.phone[:3]} {call.phone[3:7]} {call.phone[7:]}",
        "rings_us": call.direction is Direction.SENT,
        "state": call.state.value,
        "says": states[call.state],
        "over": ended,
        "at": call.at.astimezone(LONDON),
    }


def _waiting(session: Session) -> tuple[int, dt.datetime | None]:
    due = sa.select(sa.func.count(), sa.func.min(Message.not_before)).where(
        Message.medium == Medium.CALL, Message.state == MessageState.PENDING
    )
    n_waiting, first = session.execute(due).one()
    return n_waiting, first


def _call(needs: Needs, sid: str) -> HandsetCall | None:
    if not SID.fullmatch(sid):
        return None
    with needs.database.reading() as session:
        query = sa.select(HandsetCall).where(HandsetCall.provider_id == sid)
        return session.execute(query).scalar()


def _number(raw: str) -> str | None:
    digits = SEPARATORS.sub("", raw)
    international = f"+44{digits[1:]}" if digits.startswith("0") else digits
    return international if NUMBER.fullmatch(international) else None


def _press(needs: Needs, sid: str) -> None:
    key = request.form.get("key", "")
    if key in PAD:
        telephones.press(needs, sid, key)


def _speak(needs: Needs, sid: str) -> None:
    words = request.form.get("words", "").strip()[:LONGEST_SPEECH]
    if words:
        sure = CLEAR if request.form.get("heard") != "badly" else UNCLEAR
        telephones.speak(needs, sid, words, confidence=sure)


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "answer": telephones.answer,
        "voicemail": lambda needs, sid: telephones.answer(needs, sid, by="machine_start"),
        "unanswered": lambda needs, sid: telephones.hang_up(needs, sid, outcome="no-answer"),
        "engaged": lambda needs, sid: telephones.hang_up(needs, sid, outcome="busy"),
        "key": _press,
        "words": _speak,
        "silence": lambda needs, sid: telephones.press(needs, sid, ""),
        "end": telephones.hang_up,
    }
)
