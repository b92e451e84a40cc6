"""How asking one person once ended: one final disposition (AAPOR) for every invitation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey_app.ask.population.consent import SuppressionReason

COMPLETE, PARTIAL = 0.8, 0.5
"""Shares of the statements that apply from which an answer is complete, or partial."""


class Disposition(StrEnum):
    """Where an invitation ended; OPEN: it has not ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    NON_CONTACT = "non_contact"
    OTHER = "other"
    UNKNOWN = "unknown"  # whether there was anybody to be asked
    NOT_ELIGIBLE = "not_eligible"
    OPEN = "open"


class Objection(StrEnum):
    """What was said about an address while it could be answered."""

    NONE = "none"
    REFUSED = "refused"  # opted out, or asked to be erased
    NOT_THEM = "not_them"  # somebody else's phone, or the person has died
    DEAD = "dead"  # the provider knows no such phone


class Contact(StrEnum):
    """What became of the messages of one invitation, the best of them."""

    NO_MESSAGES = "no_messages"  # handed over some other way
    REACHED = "reached"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ending:
    """All that is known of one invitation.

    `share` is that of the statements that apply which were answered; None where nothing was even skipped.
    """

    share: float | None
    is_open: bool
    is_cancelled: bool
    objection: Objection
    is_left_alone: bool  # taken out by a list of the service: a death, an illness, a worry
    contact: Contact


def disposition(ending: Ending) -> Disposition:
    """Return the one disposition of an invitation; docs/algorithms/response-rates.md has the table."""
    if ending.share is not None and ending.share >= PARTIAL:
        return Disposition.COMPLETE if ending.share >= COMPLETE else Disposition.PARTIAL
    if ending.objection is Objection.NOT_THEM:
        return Disposition.NOT_ELIGIBLE
    if ending.is_open and ending.objection is not Objection.REFUSED:
        return Disposition.OPEN
    return _without_answers(ending)


def _without_answers(ending: Ending) -> Disposition:
    if ending.share is not None or ending.objection is Objection.REFUSED:
        return Disposition.REFUSAL
    if ending.is_left_alone:
        return Disposition.OTHER
    if ending.is_cancelled and ending.objection is not Objection.DEAD:
        return Disposition.REFUSAL
    reached = ending.contact in (Contact.REACHED, Contact.NO_MESSAGES)
    return Disposition.NON_CONTACT if reached and ending.objection is Objection.NONE else Disposition.UNKNOWN


def objection_of(reason: str | None) -> Objection:
    """Return what the reason of a suppression says; a refusal by the provider says that a phone is dead."""
    if reason is None:
        return Objection.NONE
    if reason in (SuppressionReason.WRONG_PERSON, "deceased"):
        return Objection.NOT_THEM
    provider, _, code = reason.partition(" ")
    if reason == SuppressionReason.DEAD_NUMBER or (provider == "provider" and code not in OPTED_OUT_CODES):
        return Objection.DEAD
    return Objection.REFUSED


OPTED_OUT_CODES = frozenset({"21610", "63014", "63033", "30004"})
"""The person told the provider, or blocked us on the phone."""


def contact_of(n_messages: int, n_reached: int, n_in_doubt: int) -> Contact:
    """Return the best that became of an invitation's messages."""
    if n_reached:
        return Contact.REACHED
    if n_in_doubt:
        return Contact.IN_DOUBT
    return Contact.FAILED if n_messages else Contact.NO_MESSAGES
