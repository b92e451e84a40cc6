"""Settings that are still as they were shipped: an address or a number at which nobody is."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app.settings import Settings

NUMBER = "0800 000 0000"
DANGER = "SURVEY_ON_CALL_EMAIL"


def is_real(email: str) -> bool:
    """Tell whether an address can be somebody's."""
    return bool(email) and not email.endswith(("@example.org", "@example.com", ".example"))


def has_real_number(settings: Settings) -> bool:
    """Tell whether people who cannot answer by themselves are told a number that somebody has."""
    return settings.help_phone.strip() not in ("", NUMBER)


def nobody_there(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each setting at which nobody is, and what would come of it; that of danger first."""
    emails = (
        (DANGER, settings.on_call_email, "nobody would hear that somebody is in danger"),
        ("SURVEY_OPERATOR_EMAIL", settings.operator_email, "nobody would hear that messages do not arrive"),
        (
            "SURVEY_CALL_BACK_EMAIL",
            settings.call_back_email,
            "nobody would hear that somebody asks to be called",
        ),
        ("SURVEY_FROM_EMAIL", settings.from_email, "mail servers may refuse what we write"),
    )
    for name, email, harm in emails:
        if not is_real(email):
            yield name, f"{name} is {email or 'empty'}: {harm}"
    if not has_real_number(settings):
        number = settings.help_phone.strip() or "empty"
        yield (
            "SURVEY_HELP_PHONE",
            f"SURVEY_HELP_PHONE is {number}: pages, posters and calls tell people to ring it",
        )
