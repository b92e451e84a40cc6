"""Who carries our messages: mail, Twilio for texts, calls and WhatsApp, GOV.UK Notify."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

NOTIFY_KEY = re.compile(r".*[0-9a-f-]{36}-[0-9a-f-]{36}")
TEMPLATES = re.compile(r"\s*[\w.-]+=HX[0-9a-f]{32}(\s*,\s*[\w.-]+=HX[0-9a-f]{32})*\s*,?\s*")


class GatewayKind(StrEnum):
    """Which provider takes our texts."""

    SIMULATOR = "simulator"
    TWILIO = "twilio"
    NOTIFY = "notify"


@dataclass(frozen=True)
class Messaging:
    """Providers, and our accounts and numbers with them."""

    smtp_url: str
    gateway: GatewayKind
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_api_base: str
    twilio_number: str
    twilio_messaging_service: str
    twilio_timeout_seconds: int
    whatsapp_number: str
    whatsapp_templates: str
    notify_api_key: str
    notify_base_url: str
    notify_number: str
    notify_text_template: str
    notify_email_template: str
    notify_letters: bool
    notify_callback_token: str


def messaging_faults(settings: Messaging) -> list[str]:
    """Return what the chosen providers lack, by name."""
    return [*_twilio_faults(settings), *_notify_faults(settings), *_whatsapp_faults(settings)]


def _twilio_faults(settings: Messaging) -> list[str]:
    if settings.gateway is not GatewayKind.TWILIO:
        return []
    return [
        f"SURVEY_{name.upper()} is missing: SURVEY_GATEWAY=twilio needs it"
        for name in ("twilio_account_sid", "twilio_auth_token", "twilio_number")
        if not getattr(settings, name)
    ]


def _notify_faults(settings: Messaging) -> list[str]:
    if settings.gateway is not GatewayKind.NOTIFY:
        return []
    needed = ("notify_api_key", "notify_base_url", "notify_text_template", "notify_number")
    faults = [
        f"SURVEY_{name.upper()} is missing: SURVEY_GATEWAY=notify needs it"
        for name in needed
        if not getattr(settings, name)
    ]
    if settings.notify_api_key and not NOTIFY_KEY.fullmatch(settings.notify_api_key):
        faults.append("SURVEY_NOTIFY_API_KEY must be a whole key: its name and two ids of 36 characters")
    if len(settings.notify_callback_token) < 16:
        faults.append(
            "SURVEY_NOTIFY_CALLBACK_TOKEN must be 16 or more random characters: it guards our doors"
        )
    return faults


def _whatsapp_faults(settings: Messaging) -> list[str]:
    if not settings.whatsapp_number or settings.gateway is GatewayKind.SIMULATOR:
        return []
    faults = [
        f"SURVEY_{name.upper()} is missing: SURVEY_WHATSAPP_NUMBER needs it"
        for name in ("twilio_account_sid", "twilio_auth_token", "whatsapp_templates")
        if not getattr(settings, name)
    ]
    if settings.whatsapp_templates and not TEMPLATES.fullmatch(settings.whatsapp_templates):
        faults.append(
            "SURVEY_WHATSAPP_TEMPLATES must be names and ids, such as invitation=HX and 32 digits, with "
            "commas between them; `python -m survey_app whatsapp templates` lists the names"
        )
    return faults
