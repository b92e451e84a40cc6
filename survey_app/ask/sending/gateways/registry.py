"""Which gateway carries what: a new one is a module beside this one and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_app.ask.sending.gateways.contract import Gateway
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.smtp import MailFolder, SmtpGateway
from survey_app.ask.sending.tables import Medium
from survey_app.clock import Clock
from survey_app.settings import CONFIG_DIR, BadSetting, GatewayKind, Settings

if TYPE_CHECKING:
    from survey_app.ask.sending.gateways.twilio import TwilioAccount


def gateways_of(settings: Settings, clock: Clock) -> Mapping[Medium, Gateway]:
    """Return the gateway of each medium, as the settings choose; for the dispatcher only."""
    return {
        Medium.TEXT: TEXT_GATEWAYS[settings.gateway](settings),
        Medium.EMAIL: mail_gateway(settings, clock),
        Medium.CALL: CALL_GATEWAYS[settings.gateway](settings),
    }


def _twilio(settings: Settings) -> Gateway:
    # Imported late: the client is large, and only the dispatcher's process sends.
    from survey_app.ask.sending.gateways.twilio import TwilioGateway

    return TwilioGateway(_account(settings, "status"), load_refusals(CONFIG_DIR / "twilio_errors.toml"))


def _twilio_calls(settings: Settings) -> Gateway:
    from survey_app.ask.sending.gateways.twilio_calls import TwilioCalls

    return TwilioCalls(
        _account(settings, "voice/status"),
        load_refusals(CONFIG_DIR / "twilio_errors.toml"),
        voice_url=f"{settings.public_base_url}/hooks/twilio/voice",
    )


def _account(settings: Settings, status: str) -> TwilioAccount:
    from survey_app.ask.sending.gateways.twilio import TwilioAccount

    return TwilioAccount(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        number=settings.twilio_number,
        status_url=f"{settings.public_base_url}/hooks/twilio/{status}",
        api_base=settings.twilio_api_base,
        timeout_seconds=settings.twilio_timeout_seconds,
    )


def mail_gateway(settings: Settings, clock: Clock) -> Gateway:
    """Return the way out for e-mail; for jobs only."""
    if settings.smtp_url:
        return SmtpGateway(settings.smtp_url, sender=settings.from_email, clock=clock)
    if settings.is_production:
        raise BadSetting("SURVEY_SMTP_URL is missing: without it nobody on call would hear of an alert")
    return MailFolder(settings.data_dir / "mail", sender=settings.from_email, clock=clock)


# The simulated provider speaks Twilio's format, so that trying things out goes through the real client.
TEXT_GATEWAYS: Mapping[GatewayKind, Callable[[Settings], Gateway]] = MappingProxyType(
    {GatewayKind.TWILIO: _twilio, GatewayKind.SIMULATOR: _twilio}
)
CALL_GATEWAYS: Mapping[GatewayKind, Callable[[Settings], Gateway]] = MappingProxyType(
    {GatewayKind.TWILIO: _twilio_calls, GatewayKind.SIMULATOR: _twilio_calls}
)
