"""What Twilio's error codes mean for us: a table in config/twilio_errors.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from survey_app.ask.sending.gateways.contract import Verdict

Refusals = Mapping[str, Verdict]


class Action(StrEnum):
    """What somebody should do about an error."""

    INFO = "info"
    SAFE_RETRY = "safe_retry"
    RETRY_LATER = "retry_later"
    HOLD_ALL = "hold_all"
    FIX_CONFIG = "fix_config"
    FIX_CONTENT = "fix_content"
    NEVER_BLIND_RETRY = "never_blind_retry"
    STOP_NUMBER = "stop_number"
    STOP_OPTOUT = "stop_optout"
    SWITCH_CHANNEL = "switch_channel"
    USE_TEMPLATE = "use_template"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table."""

    verdict: Verdict
    kind: str
    action: Action
    meaning: str


UNKNOWN = Code(Verdict.NEVER, "unknown", Action.UNKNOWN, "the provider gave a reason we do not know")
"""Codes may change: one that is not in the table stops nothing but its message."""


class BadRefusals(ValueError):
    """The table of error codes has a row that means nothing; the message names it."""


def load_codes(path: Path) -> Mapping[str, Code]:
    """Read error code -> what it means, or raise BadRefusals naming the row."""
    codes = {}
    for code, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            codes[code] = Code(Verdict(row["verdict"]), row["kind"], Action(row["action"]), row["meaning"])
        except (KeyError, TypeError, ValueError):
            raise BadRefusals(
                f"{path.name}: {code} expected kind, meaning, a verdict out of {[*map(str, Verdict)]} and an "
                f"action out of {[*map(str, Action)]}"
            ) from None
    return codes


def load_refusals(path: Path) -> Refusals:
    """Read error code -> verdict, or raise BadRefusals naming the row."""
    return {code: row.verdict for code, row in load_codes(path).items()}


def verdict_on(refusals: Refusals, code: str, *, http_status: int) -> Verdict:
    """Return the verdict on a refusal; the code knows better than the HTTP status."""
    if code in refusals:
        return refusals[code]
    if http_status == 429:
        return Verdict.LATER
    return Verdict.UNSURE if http_status >= 500 else Verdict.NEVER
