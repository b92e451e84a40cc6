"""Lost connections: telling a request that was never written from one that may have arrived."""

from __future__ import annotations

from typing import Any

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from survey_app.ask.sending.gateways.contract import NotSent, Unsure

BEFORE_WRITING = (ConnectTimeoutError, NameResolutionError, NewConnectionError)


def lost(fault: RequestException) -> NotSent | Unsure:
    """Return what a broken connection means for the letter."""
    reason: Any = fault.args[0] if fault.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(fault, ConnectTimeout) or (
        isinstance(fault, NoConnection) and isinstance(reason, BEFORE_WRITING)
    ):
        return NotSent("no connection to the provider")
    return Unsure("the connection to the provider broke")
