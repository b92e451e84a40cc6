"""Which gateway carries what: a new one is a module beside this one and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_app.ask.sending.gateways.contract import Gateway
from survey_app.ask.sending.gateways.folder import LetterFolder
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.smtp import MailFolder, SmtpGateway
from survey_app.ask.sending.gateways.templates import read_book
from survey_app.ask.sending.tables import Medium
from survey_app.clock import Clock
from survey_app.settings import CONFIG_DIR, BadSetting, GatewayKind, Settings

if TYPE_CHECKING:
    from survey_app.ask.sending.gateways.notify import NotifyAccount
    from survey_app.ask.sending.gateways.twilio import TwilioAccount


def gateways_of(settings: Settings, clock: Clock) -> Mapping[Medium, Gateway]:
    """Return the gateway of each medium, as the settings choose; for the dispatcher only."""
    gateways = {Medium.TEXT: TEXT_GATEWAYS[settings.gateway](settings), Medium.EMAIL: _mail(settings, clock)}
    carried = media_of(settings)
    if Medium.WHATSAPP in carried:
        gateways[Medium.WHATSAPP] = _whatsapp(settings)
    if Medium.LETTER in carried:
        gateways[Medium.LETTER] = _paper(settings)
    if Medium.CALL in carried:
        gateways[Medium.CALL] = _twilio_calls(settings)
    return gateways


def media_of(settings: Settings) -> frozenset[Medium]:
    """Return by what people can be asked in this installation."""
    carried = {Medium.TEXT, Medium.EMAIL}
    if settings.gateway is not GatewayKind.NOTIFY:
        carried.add(Medium.CALL)
    if settings.whatsapp_number:
        carried.add(Medium.WHATSAPP)
    if not settings.is_production or (settings.notify_letters and settings.gateway is GatewayKind.NOTIFY):
        carried.add(Medium.LETTER)
    return frozenset(carried)


def _twilio(settings: Settings) -> Gateway:
    # Imported late: the client is large, and only the dispatcher's process sends.
    from survey_app.ask.sending.gateways.twilio import TwilioGateway

    account = _account(settings, settings.twilio_number)
    return TwilioGateway(account, load_refusals(CONFIG_DIR / "twilio_errors.toml"))


def _whatsapp(settings: Settings) -> Gateway:
    from survey_app.ask.sending.gateways.whatsapp import WhatsAppGateway

    return WhatsAppGateway(
        _account(settings, settings.whatsapp_number),
        load_refusals(CONFIG_DIR / "twilio_errors.toml"),
        read_book(settings.whatsapp_templates),
        sender_name=settings.sender_name,
    )


def _twilio_calls(settings: Settings) -> Gateway:
    from survey_app.ask.sending.gateways.twilio_calls import TwilioCalls

    return TwilioCalls(
        _account(settings, settings.twilio_number, "voice/status"),
        load_refusals(CONFIG_DIR / "twilio_errors.toml"),
        voice_url=f"{settings.public_base_url}/hooks/twilio/voice",
    )


def _account(settings: Settings, number: str, status: str = "status") -> TwilioAccount:
    from survey_app.ask.sending.gateways.twilio import TwilioAccount

    return TwilioAccount(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        number=number,
        status_url=f"{settings.public_base_url}/hooks/twilio/{status}",
        api_base=settings.twilio_api_base,
        timeout_seconds=settings.twilio_timeout_seconds,
        messaging_service=settings.twilio_messaging_service,
    )


def _notify(settings: Settings) -> Gateway:
    from survey_app.ask.sending.gateways.notify import NotifyTexts

    return NotifyTexts(_notify_account(settings))


def _notify_account(settings: Settings) -> NotifyAccount:
    from survey_app.ask.sending.gateways.notify import NotifyAccount

    return NotifyAccount(
        api_key=settings.notify_api_key,
        base_url=settings.notify_base_url,
        text_template=settings.notify_text_template,
        email_template=settings.notify_email_template,
        number=settings.notify_number,
    )


def _paper(settings: Settings) -> Gateway:
    if not settings.notify_letters or settings.gateway is not GatewayKind.NOTIFY:
        return LetterFolder(settings.data_dir / "letters")
    from survey_app.ask.sending.gateways.notify import NotifyGateway, Way

    return NotifyGateway(_notify_account(settings), Way.LETTER)


def _mail(settings: Settings, clock: Clock) -> Gateway:
    if settings.gateway is not GatewayKind.NOTIFY or not settings.notify_email_template:
        return mail_gateway(settings, clock)
    from survey_app.ask.sending.gateways.notify import NotifyGateway, Way

    return NotifyGateway(_notify_account(settings), Way.EMAIL)


def mail_gateway(settings: Settings, clock: Clock) -> Gateway:
    """Return the way out for e-mail with pictures; for jobs only."""
    if settings.smtp_url:
        return SmtpGateway(settings.smtp_url, sender=settings.from_email, clock=clock)
    if settings.is_production:
        raise BadSetting("SURVEY_SMTP_URL is missing: without it nobody on call would hear of an alert")
    return MailFolder(settings.data_dir / "mail", sender=settings.from_email, clock=clock)


# The simulated provider speaks Twilio's format, so that trying things out goes through the real client.
TEXT_GATEWAYS: Mapping[GatewayKind, Callable[[Settings], Gateway]] = MappingProxyType(
    {GatewayKind.TWILIO: _twilio, GatewayKind.SIMULATOR: _twilio, GatewayKind.NOTIFY: _notify}
)
