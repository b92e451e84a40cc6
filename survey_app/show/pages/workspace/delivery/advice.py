"""Why messages failed and what to do next, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.ask.sending.gateways.refusals import UNKNOWN, Action, Code
from survey_app.ask.sending.policy import PENNY
from survey_app.ask.sending.spend import pounds

OUR_OWN = {
    "not sent": "the provider could not be reached",
    "wrong key": "the number cannot be read with the contact key in use",
}
NEXT = {
    Action.INFO: "Nothing: it mends itself.",
    Action.SAFE_RETRY: "Nothing: it is tried again.",
    Action.RETRY_LATER: "Nothing: it is tried again later, at most on three days.",
    Action.HOLD_ALL: "Put the account with the provider right. Sending goes on by itself then.",
    Action.FIX_CONFIG: "Ask whoever runs the service to put the account or the settings right.",
    Action.FIX_CONTENT: "Change the wording of the text, then ask people anew.",
    Action.NEVER_BLIND_RETRY: "Nothing: it may have arrived, and nobody should get it twice.",
    Action.STOP_NUMBER: "Ask the service to check these people's numbers, then take the list again.",
    Action.STOP_OPTOUT: "Nothing: these people are left alone from now on.",
    Action.SWITCH_CHANNEL: "Ask these people another way: by phone, letter or e-mail.",
    Action.USE_TEMPLATE: "Use an approved message template.",
    Action.UNKNOWN: "Look the code up with the provider.",
}
POUND = 100 * PENNY
FROM_PEOPLE = frozenset({Action.STOP_OPTOUT})
"""Told in tens: an exact number would tell when one person said stop."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why messages failed."""

    why: str
    code: str
    n: str
    next_step: str


def reasons(failed: Iterable[tuple[str, int]], codes: Mapping[str, Code]) -> list[Reason]:
    """Return why messages failed, most first; a code nobody knows is told as it is."""
    return [_reason(code, n, codes.get(code, UNKNOWN)) for code, n in failed]


def meaning_of(code: str, codes: Mapping[str, Code]) -> str:
    """Return what a code means, in words that go on a sentence."""
    return OUR_OWN.get(code) or codes.get(code, UNKNOWN).meaning


def in_tens(n: int) -> str:
    """Say a number of people in steps of ten."""
    return f"{n // 10 * 10:,} or more" if n >= 10 else "under 10"


def spent_words(spent: int, cap: int) -> str:
    """Say, in whole pounds, what a day has cost in hundredths of a penny.

    To the penny it would tell, while a team's wave is open, how many of its members got the reminder by text.
    """
    whole = spent // POUND
    said = f"\N{POUND SIGN}{whole:,} or more" if whole else "Less than \N{POUND SIGN}1"
    return f"{said} of {pounds(cap)} spent today by the whole service."


def _reason(code: str, n: int, known: Code) -> Reason:
    why = OUR_OWN.get(code, known.meaning)
    shown = code if code and code not in OUR_OWN else ""
    number = in_tens(n) if known.action in FROM_PEOPLE else f"{n:,}"
    step = "Nothing more is tried: ask whoever runs the service." if code in OUR_OWN else NEXT[known.action]
    return Reason(why[:1].upper() + why[1:], shown, number, step)
