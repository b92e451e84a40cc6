"""Settings: config/settings.toml, overridden by SURVEY_* variables, read once and checked by name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from survey_app.setting_groups.contacts import Contacts, contact_faults
from survey_app.setting_groups.messaging import GatewayKind, Messaging, messaging_faults
from survey_app.setting_groups.running import Environment, Running
from survey_app.setting_groups.single_sign_on import SecondFactor, SingleSignOn, single_sign_on_faults
from survey_app.setting_groups.spending import Spending, spending_faults
from survey_app.setting_groups.surveying import Surveying, surveying_faults

__all__ = [
    "CONFIG_DIR",
    "INSTRUMENTS_DIR",
    "ROOT",
    "BadSetting",
    "Environment",
    "GatewayKind",
    "SecondFactor",
    "Settings",
    "load_settings",
    "refuse_unsafe",
]

ROOT = Path(__file__).resolve().parent.parent
CONFIG_DIR = ROOT / "config"
INSTRUMENTS_DIR = ROOT / "instruments"

SIMULATED_WHATSAPP = "+447700900001"
PLACEHOLDERS = ("change", "secret", "dev", "test", "example", "password", "default", "placeholder")


class BadSetting(ValueError):
    """A setting is missing, unknown or unsafe; the message names it and says what was expected."""


@dataclass(frozen=True)
class Settings(SingleSignOn, Surveying, Spending, Messaging, Contacts, Running):
    """All settings of a process; config/settings.toml says what each one means."""

    def __repr__(self) -> str:
        return f"Settings(env={self.env}, gateway={self.gateway})"


def load_settings(
    environ: Mapping[str, str] = os.environ, *, path: Path = CONFIG_DIR / "settings.toml"
) -> Settings:
    """Read the file, let the environment override it, and refuse what is not safe."""
    defaults = tomllib.loads(path.read_text(encoding="utf-8"))
    values = {name: environ.get(f"SURVEY_{name.upper()}", default) for name, default in defaults.items()}
    if "PORT" in environ and "SURVEY_PORT" not in environ:
        values["port"] = environ["PORT"]
    settings = _filled(_typed(values))
    refuse_unsafe(settings)
    return settings


def _typed(values: dict[str, Any]) -> Settings:
    read: dict[str, Callable[[Any], Any]] = {
        "Environment": Environment,
        "GatewayKind": GatewayKind,
        "SecondFactor": SecondFactor,
        "Path": Path,
        "int": int,
        "float": float,
        "str": str,
        "bool": _yes_or_no,
        "Path | None": lambda text: Path(text) if text else None,
    }
    typed: dict[str, Any] = {}
    for field in fields(Settings):
        if field.name not in values:
            raise BadSetting(f"{field.name} is missing from config/settings.toml")
        try:
            typed[field.name] = read[str(field.type)](values[field.name])
        except ValueError:
            raise BadSetting(
                f"SURVEY_{field.name.upper()} must be {field.type}, not {values[field.name]!r}"
            ) from None
    return Settings(**typed)


def _yes_or_no(value: object) -> bool:
    said: dict[object, bool] = {
        True: True,
        False: False,
        "true": True,
        "1": True,
        "false": False,
        "0": False,
        "": False,
    }
    if value not in said:
        raise ValueError(value)
    return said[value]


def _filled(settings: Settings) -> Settings:
    simulated = settings.gateway is GatewayKind.SIMULATOR
    base = settings.public_base_url or f"http://127.0.0.1:{settings.port}"
    return replace(
        settings,
        data_dir=settings.data_dir.resolve(),
        database_url=settings.database_url or f"sqlite:///{settings.data_dir.resolve() / 'survey.db'}",
        public_base_url=base.rstrip("/"),
        twilio_account_sid=settings.twilio_account_sid or ("AC" + "0" * 32 if simulated else ""),
        twilio_auth_token=settings.twilio_auth_token or ("simulator" if simulated else ""),
        twilio_number=settings.twilio_number or ("" if settings.is_production else "+447700900000"),
        whatsapp_number=settings.whatsapp_number or (SIMULATED_WHATSAPP if simulated else ""),
        whatsapp_templates=settings.whatsapp_templates or ("simulated" if simulated else ""),
        twilio_api_base=settings.twilio_api_base
        or (f"{base.rstrip('/')}/simulator/provider" if simulated else ""),
    )


def refuse_unsafe(settings: Settings) -> None:
    """Raise BadSetting for everything a process must not start with, all at once."""
    faults = [
        *(_production_faults(settings) if settings.is_production else []),
        *messaging_faults(settings),
        *surveying_faults(settings),
        *spending_faults(settings),
        *single_sign_on_faults(settings),
        *contact_faults(settings),
    ]
    if faults:
        raise BadSetting("\n".join(faults))


def _production_faults(settings: Settings) -> list[str]:
    faults = []
    secret = settings.secret_key
    if len(secret) < 32 or len(set(secret)) < 10 or any(word in secret.lower() for word in PLACEHOLDERS):
        faults.append(
            "SURVEY_SECRET_KEY must be at least 32 random characters in production (no placeholder)"
        )
    if urlsplit(settings.public_base_url).scheme != "https":
        faults.append("SURVEY_PUBLIC_BASE_URL must start with https:// in production")
    if settings.gateway is GatewayKind.SIMULATOR:
        faults.append("SURVEY_GATEWAY must not be simulator in production: no text would reach anyone")
    if any(word in settings.twilio_auth_token.lower() for word in PLACEHOLDERS):
        faults.append("SURVEY_TWILIO_AUTH_TOKEN must be the one from the Twilio console (no placeholder)")
    if not settings.smtp_url:
        faults.append("SURVEY_SMTP_URL is missing: without it nobody on call would hear of an alert")
    if settings.database_url.startswith("sqlite") and settings.web_workers > 4:
        faults.append("SURVEY_WEB_WORKERS above 4 needs SURVEY_DATABASE_URL=postgresql://...")
    return faults
