"""What Twilio's error codes mean for us: a table in config/twilio_errors.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from survey_app.ask.sending.gateways.contract import Verdict

Refusals = Mapping[str, Verdict]


class BadRefusals(ValueError):
    """The table of error codes has a row that means nothing; the message names it."""


def load_refusals(path: Path) -> Refusals:
    """Read error code -> verdict, or raise BadRefusals naming the row."""
    refusals = {}
    for code, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            refusals[code] = Verdict(row["verdict"])
        except (KeyError, TypeError, ValueError):
            raise BadRefusals(
                f"{path.name}: {code} expected a verdict out of {[str(verdict) for verdict in Verdict]}"
            ) from None
    return refusals


def verdict_on(refusals: Refusals, code: str, *, http_status: int) -> Verdict:
    """Return the verdict on a refusal; the code knows better than the HTTP status."""
    if code in refusals:
        return refusals[code]
    if http_status == 429:
        return Verdict.LATER
    return Verdict.UNSURE if http_status >= 500 else Verdict.NEVER
