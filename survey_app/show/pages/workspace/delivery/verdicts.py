"""One sentence on top: is anything wrong with delivery, and what is to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.ask.outreach.delivery import Counted
from survey_app.ask.sending.gateways.refusals import Code
from survey_app.ask.sending.tables import Breaker, Medium
from survey_app.show.pages.workspace.delivery.advice import meaning_of

NAMES = {
    Medium.TEXT: "Text messages",
    Medium.EMAIL: "E-mails",
    Medium.WHATSAPP: "WhatsApp messages",
    Medium.CALL: "Phone calls",
    Medium.LETTER: "Letters",
}
MANY_FAILED = 0.1
FEW = 10
"""From fewer messages no share is told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What delivery is like: breakers that are open, and whether money or filters stop it."""

    open_breakers: Sequence[Breaker]
    counted: Mapping[Medium, Counted]
    is_capped: bool
    is_filtered: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said on top of the page."""

    title: str
    next_step: str
    is_fine: bool = False


def verdict(standing: Standing, codes: Mapping[str, Code]) -> Verdict:
    """Say the worst thing that is wrong, or that nothing is."""
    if standing.open_breakers:
        return _held(standing.open_breakers, codes)
    if standing.is_capped:
        return Verdict(
            "Today's spending cap is reached: invitations and reminders wait until tomorrow.",
            "Nothing, or a higher cap. Replies to people who write to us still leave.",
        )
    if standing.is_filtered:
        return Verdict(
            "More than 2 in 100 texts of the last day were taken for advertising.",
            "Change the wording of the texts, and look at the link in them.",
        )
    return _by_failures(standing.counted)


def _held(found: Sequence[Breaker], codes: Mapping[str, Code]) -> Verdict:
    names = " and ".join(NAMES[one.medium].lower() for one in found)
    why = meaning_of(found[0].code or "", codes)
    return Verdict(
        f"{names[:1].upper()}{names[1:]} are held: {why}.",
        "Put the account with the provider right. One message tries every quarter of an hour, and all go on "
        "by themselves when it gets through. Nothing is lost.",
    )


def _by_failures(counted: Mapping[Medium, Counted]) -> Verdict:
    sent = sum(one.sent for one in counted.values())
    failed = sum(one.failed for one in counted.values())
    if sent >= FEW and failed > MANY_FAILED * sent:
        return Verdict(
            f"{failed:,} of {sent:,} messages did not arrive.",
            "See below why, and what to do about the largest group first.",
        )
    if not sent:
        return Verdict("Nothing has been sent yet.", "Nothing is to be done.", is_fine=True)
    if failed:
        return Verdict(
            f"Messages leave as they should; {failed:,} of {sent:,} did not arrive.",
            "See below why, and what can be done.",
            is_fine=True,
        )
    return Verdict("Messages leave and arrive as they should.", "Nothing is to be done.", is_fine=True)


def is_open(breaker: Breaker, now: dt.datetime) -> bool:
    """Tell whether a breaker holds a medium, trying or not."""
    return breaker.opened_at is not None and breaker.opened_at <= now
