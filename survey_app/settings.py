"""Settings: config/settings.toml, overridden by SURVEY_* variables, read once and checked by name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
CONFIG_DIR = ROOT / "config"
INSTRUMENTS_DIR = ROOT / "instruments"

PLACEHOLDERS = ("change", "secret", "dev", "test", "example", "password", "default", "placeholder")


class Environment(StrEnum):
    """Where the product runs; production refuses what development allows."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    PRODUCTION = "production"


class GatewayKind(StrEnum):
    """Which provider takes our texts."""

    SIMULATOR = "simulator"
    TWILIO = "twilio"


class BadSetting(ValueError):
    """A setting is missing, unknown or unsafe; the message names it and says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a process; config/settings.toml says what each one means."""

    env: Environment
    data_dir: Path
    database_url: str
    secret_key: str
    public_base_url: str
    port: int
    host: str
    web_workers: int
    web_threads: int
    trusted_proxies: int
    service_name: str
    sender_name: str
    help_phone: str
    on_call_email: str
    escalation_email: str
    data_owner_email: str
    from_email: str
    smtp_url: str
    gateway: GatewayKind
    retention_months: int
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_api_base: str
    twilio_number: str
    twilio_timeout_seconds: int
    private_instruments_dir: Path | None

    def __repr__(self) -> str:
        return f"Settings(env={self.env}, gateway={self.gateway})"

    @property
    def is_production(self) -> bool:
        """Return whether safety may not be traded for convenience."""
        return self.env is Environment.PRODUCTION

    @property
    def public_host(self) -> str:
        """Return the host name that links carry and requests must ask for."""
        return urlsplit(self.public_base_url).hostname or ""


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
        "Path": Path,
        "int": int,
        "str": str,
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
        twilio_api_base=settings.twilio_api_base
        or (f"{base.rstrip('/')}/simulator/provider" if simulated else ""),
    )


def refuse_unsafe(settings: Settings) -> None:
    """Raise BadSetting for everything production must not start with, all at once."""
    faults = list(_unsafe(settings)) if settings.is_production else []
    if settings.gateway is GatewayKind.TWILIO:
        faults += [
            f"SURVEY_{name.upper()} is missing: SURVEY_GATEWAY=twilio needs it"
            for name in ("twilio_account_sid", "twilio_auth_token", "twilio_number")
            if not getattr(settings, name)
        ]
    if settings.retention_months < 6:
        faults.append("SURVEY_RETENTION_MONTHS must be 6 or more: a quarter is counted after it is over")
    if len(settings.sender_name) > 11:
        faults.append("SURVEY_SENDER_NAME must be at most 11 characters, so that the first text fits")
    if faults:
        raise BadSetting("\n".join(faults))


def _unsafe(settings: Settings) -> list[str]:
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
    if not settings.smtp_url:
        faults.append("SURVEY_SMTP_URL is missing: without it nobody on call would hear of an alert")
    if settings.database_url.startswith("sqlite") and settings.web_workers > 4:
        faults.append("SURVEY_WEB_WORKERS above 4 needs SURVEY_DATABASE_URL=postgresql://...")
    return faults
