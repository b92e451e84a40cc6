"""Settings: config/settings.toml, overridden by SURVEY_* variables, read once and checked by name."""

from __future__ import annotations

import math
import os
import re
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

SIMULATED_WHATSAPP = "+447700900001"
PLACEHOLDERS = ("change", "secret", "dev", "test", "example", "password", "default", "placeholder")


NOTIFY_KEY = re.compile(r".*[0-9a-f-]{36}-[0-9a-f-]{36}")
SECURE = re.compile(r"https://.+|http://(127\.0\.0\.1|localhost)(:\d+)?(/.*)?")
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
TEMPLATES = re.compile(r"\s*[\w.-]+=HX[0-9a-f]{32}(\s*,\s*[\w.-]+=HX[0-9a-f]{32})*\s*,?\s*")


class Environment(StrEnum):
    """Where the product runs; production refuses what development allows."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    PRODUCTION = "production"


class GatewayKind(StrEnum):
    """Which provider takes our texts."""

    SIMULATOR = "simulator"
    TWILIO = "twilio"
    NOTIFY = "notify"


class SecondFactor(StrEnum):
    """Whose second factor counts after single sign-on."""

    OURS = "ours"
    THEIRS = "theirs"


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
    safeguarding_email: str
    data_owner_email: str
    operator_email: str
    call_back_email: str
    from_email: str
    smtp_url: str
    gateway: GatewayKind
    texts_a_second: int
    price_text_pence: float
    price_whatsapp_pence: float
    price_call_pence: float
    price_letter_pence: float
    price_email_pence: float
    spend_cap_day_pence: int
    spend_cap_campaign_pence: int
    retention_months: int
    poster_starts_a_day: int
    poster_calls_a_day: int
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
    private_instruments_dir: Path | None
    sso_issuer: str
    sso_discovery_url: str
    sso_name: str
    sso_client_id: str
    sso_client_secret: str
    sso_key_file: Path | None
    sso_key_id: str
    sso_key_algorithm: str
    sso_scopes: str
    sso_acr_values: str
    sso_email_claim: str
    sso_verified_claim: str
    sso_required_claim: str
    sso_second_factor: SecondFactor
    sso_only: bool
    sso_groups_claim: str
    sso_group_roles: str

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
    """Raise BadSetting for everything production must not start with, all at once."""
    faults = list(_unsafe(settings)) if settings.is_production else []
    if settings.gateway is GatewayKind.TWILIO:
        faults += [
            f"SURVEY_{name.upper()} is missing: SURVEY_GATEWAY=twilio needs it"
            for name in ("twilio_account_sid", "twilio_auth_token", "twilio_number")
            if not getattr(settings, name)
        ]
    faults += _notify_faults(settings) + _whatsapp_faults(settings)
    if settings.retention_months < 6:
        faults.append("SURVEY_RETENTION_MONTHS must be 6 or more: a quarter is counted after it is over")
    faults += _bad_spending(settings) + _sso_faults(settings)
    if not 1 <= settings.poster_starts_a_day <= 10_000:
        faults.append("SURVEY_POSTER_STARTS_A_DAY must be 1 to 10000")
    if not 0 <= settings.poster_calls_a_day <= 1_000:
        faults.append("SURVEY_POSTER_CALLS_A_DAY must be 0 to 1000")
    if len(settings.sender_name) > 11:
        faults.append("SURVEY_SENDER_NAME must be at most 11 characters, so that the first text fits")
    if faults:
        raise BadSetting("\n".join(faults))


def _notify_faults(settings: Settings) -> list[str]:
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


def _whatsapp_faults(settings: Settings) -> list[str]:
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


def _sso_faults(settings: Settings) -> list[str]:
    if not settings.sso_issuer:
        needs_it = settings.sso_only or settings.sso_client_id
        return ["SURVEY_SSO_ISSUER is missing: the other SURVEY_SSO_ settings need it"] if needs_it else []
    faults = [
        f"SURVEY_{name.upper()} is missing: SURVEY_SSO_ISSUER needs it"
        for name in ("sso_name", "sso_client_id", "sso_email_claim")
        if not getattr(settings, name)
    ]
    if bool(settings.sso_client_secret) == (settings.sso_key_file is not None):
        faults.append("SURVEY_SSO_CLIENT_SECRET or SURVEY_SSO_KEY_FILE: exactly one of them must be set")
    faults += [
        f"SURVEY_{name.upper()} must start with https:// (http:// only on this machine)"
        for name in ("sso_issuer", "sso_discovery_url")
        if not SECURE.fullmatch(getattr(settings, name) or settings.sso_issuer)
    ]
    return faults + _bad_sso_words(settings)


def _bad_sso_words(settings: Settings) -> list[str]:
    faults = []
    if "openid" not in settings.sso_scopes.split():
        faults.append("SURVEY_SSO_SCOPES must hold openid")
    if settings.sso_key_algorithm not in SIGNED_BY:
        faults.append(f"SURVEY_SSO_KEY_ALGORITHM must be one of {', '.join(SIGNED_BY)}")
    if settings.sso_required_claim and not re.fullmatch(r"[^=]+=[^=]+", settings.sso_required_claim):
        faults.append("SURVEY_SSO_REQUIRED_CLAIM must be a claim and its values, such as amr=mfa|hwk")
    if bool(settings.sso_groups_claim) != bool(settings.sso_group_roles):
        faults.append("SURVEY_SSO_GROUPS_CLAIM and SURVEY_SSO_GROUP_ROLES go together: set both or neither")
    return faults


def _bad_spending(settings: Settings) -> list[str]:
    faults = []
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if field.name.startswith(("price_", "spend_cap_")) and not 0 <= value < math.inf:
            faults.append(f"SURVEY_{field.name.upper()} must be 0 or more pence, not {value}")
    if not 1 <= settings.texts_a_second <= 1000:
        faults.append("SURVEY_TEXTS_A_SECOND must be 1 to 1000")
    return faults


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
    if any(word in settings.twilio_auth_token.lower() for word in PLACEHOLDERS):
        faults.append("SURVEY_TWILIO_AUTH_TOKEN must be the one from the Twilio console (no placeholder)")
    if not settings.smtp_url:
        faults.append("SURVEY_SMTP_URL is missing: without it nobody on call would hear of an alert")
    if settings.database_url.startswith("sqlite") and settings.web_workers > 4:
        faults.append("SURVEY_WEB_WORKERS above 4 needs SURVEY_DATABASE_URL=postgresql://...")
    return faults
