"""How the simulated provider behaves, at its doors for texts and for calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum

from flask import Response, jsonify, request

from survey_app.ask.sending.gateways.handset import Needs


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


def is_ours(needs: Needs, account: str) -> bool:
    """Tell whether a request carries our account and its password."""
    who = request.authorization
    settings = needs.settings
    return who is not None and (account, who.username, who.password) == (
        settings.twilio_account_sid,
        settings.twilio_account_sid,
        settings.twilio_auth_token,
    )


def fault(status: int, code: int, message: str) -> tuple[Response, int]:
    """Return a refusal as the provider words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify(code=code, message=message, more_info=more, status=status), status
