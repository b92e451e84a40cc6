"""How the service is called, and who is told of what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contacts:
    """Names and addresses."""

    service_name: str
    sender_name: str
    help_phone: str
    on_call_email: str
    escalation_email: str
    safeguarding_email: str
    data_owner_email: str
    operator_email: str
    call_back_email: str
    from_email: str


def contact_faults(settings: Contacts) -> list[str]:
    """Return what is wrong with them, by name."""
    if len(settings.sender_name) > 11:
        return ["SURVEY_SENDER_NAME must be at most 11 characters, so that the first text fits"]
    return []
