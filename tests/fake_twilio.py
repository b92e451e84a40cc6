"""A telephone exchange on loopback: our doors and the simulated provider, joined by real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways import exchange as call_exchange
from survey_app.ask.sending.gateways import handset, simulator, telephones
from survey_app.ask.sending.gateways.catalogue import simulated
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.smtp import MailFolder
from survey_app.ask.sending.gateways.tables import HandsetMessage, RingState
from survey_app.ask.sending.gateways.templates import read_book
from survey_app.ask.sending.gateways.twilio import TwilioAccount, TwilioGateway
from survey_app.ask.sending.gateways.twilio_calls import TwilioCalls
from survey_app.ask.sending.gateways.whatsapp import WhatsAppGateway
from survey_app.ask.sending.tables import Medium
from survey_app.hear.channels import hooks
from survey_app.hear.channels.voice import routes as voice
from survey_app.settings import CONFIG_DIR
from survey_app.web.site import new_site


@dataclass
class Exchange:
    """Phones on one side, our doors and dispatcher on the other."""

    phones: handset.Needs
    behaviour: simulator.Behaviour
    gateway: TwilioGateway
    dispatcher: Dispatcher
    mail: Path
    site: Flask

    @property
    def base(self) -> str:
        """Return the address everything is served at."""
        return self.phones.settings.public_base_url

    def text(self, phone: str, body: str, *, provider_id: str | None = None) -> list[str]:
        """Text us, let the dispatcher run dry, and return what came back to the phone."""
        before = len(self.received(phone))
        self.phones.clock.advance(seconds=10)  # nobody answers in the second in which they are asked
        assert handset.send_from_handset(self.phones, phone=phone, body=body, provider_id=provider_id)
        self.deliver()
        return self.received(phone)[before:]

    def whatsapp(self, phone: str, body: str, tap: handset.Tap | None = None) -> list[HandsetMessage]:
        """Write by WhatsApp, let the dispatcher run dry, and return what came back to the phone."""
        before = len(self.on_whatsapp(phone))
        assert handset.send_by_whatsapp(self.phones, phone=phone, body=body, tap=tap)
        self.deliver()
        return self.on_whatsapp(phone)[before:]

    def on_whatsapp(self, phone: str) -> list[HandsetMessage]:
        """Return every WhatsApp message a phone got, the oldest first."""
        with self.phones.database.reading() as session:
            rows = handset.texts_on(session, phone, whatsapp=True)
            return [row for row in rows if row.direction is handset.Direction.RECEIVED]

    def ringing(self) -> list[Telephone]:
        """Let the dispatcher run dry and return the telephones that ring."""
        self.deliver()
        with self.phones.database.reading() as session:
            rows = telephones.calls(session)
        return [Telephone(self.phones, row.provider_id) for row in rows if row.state is RingState.RINGING]

    def dial(self, phone: str) -> Telephone:
        """Ring us."""
        return Telephone(self.phones, telephones.dial(self.phones, phone=phone))

    def deliver(self) -> None:
        """Send everything that is due."""
        while self.dispatcher.run_once():
            pass

    def received(self, phone: str) -> list[str]:
        """Return every text a phone got, the oldest first."""
        with self.phones.database.reading() as session:
            rows = handset.texts_on(session, phone)
            return [row.body for row in rows if row.direction is handset.Direction.RECEIVED]


@dataclass
class Telephone:
    """One call in somebody's hand; what was said last comes back from every step."""

    phones: handset.Needs
    sid: str

    def answer(self, by: str = "human") -> str:
        telephones.answer(self.phones, self.sid, by=by)
        return self.heard

    def press(self, keys: str) -> str:
        telephones.press(self.phones, self.sid, keys)
        return self.heard

    def speak(self, words: str, confidence: float = 0.9) -> str:
        telephones.speak(self.phones, self.sid, words, confidence=confidence)
        return self.heard

    def hang_up(self, outcome: str = "completed") -> None:
        telephones.hang_up(self.phones, self.sid, outcome=outcome)

    @property
    def call(self):
        return telephones.call_of(self.phones, self.sid)

    @property
    def heard(self) -> str:
        """Return everything we said since the person last did."""
        last = []
        for line in self.call.lines:
            last = [*last, line["words"]] if line["who"] == "us" else []
        return " ".join(last)

    @property
    def is_over(self) -> bool:
        return self.call.state is RingState.OVER


def account_of(settings) -> TwilioAccount:
    """Return a test's account with the provider."""
    return TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_number,
        f"{settings.public_base_url}/hooks/twilio/status",
        settings.twilio_api_base,
        timeout_seconds=2,
    )


def whatsapp_gateway(settings) -> WhatsAppGateway:
    """Return the way out for WhatsApp of a test's account."""
    account = replace(account_of(settings), number=settings.whatsapp_number)
    refusals = load_refusals(CONFIG_DIR / "twilio_errors.toml")
    return WhatsAppGateway(account, refusals, read_book("simulated"), sender_name=settings.sender_name)


def caller_of(settings, refusals=None) -> TwilioCalls:
    """Return a test's way to ring people; it keeps no pace."""
    account = replace(
        account_of(settings), status_url=f"{settings.public_base_url}/hooks/twilio/voice/status"
    )
    url = f"{settings.public_base_url}/hooks/twilio/voice"
    return TwilioCalls(account, refusals or {}, voice_url=url, pause=lambda _: None)


def _not_yet(environ, start_response):
    raise RuntimeError("the exchange is served before its site is built")


@contextmanager
def exchange(runtime) -> Iterator[Exchange]:
    """Serve the doors and the provider on a free port of this machine until the block ends."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    settings = replace(runtime.settings, public_base_url=base, twilio_api_base=f"{base}/simulator/provider")
    behaviour = simulator.Behaviour()
    contents = simulated(runtime.wording.written_by_language, runtime.library.all())
    phones = handset.Needs(runtime.database, settings, runtime.clock, contents)
    site = new_site(settings)
    site.register_blueprint(simulator.blueprint(phones, behaviour))
    site.register_blueprint(call_exchange.blueprint(phones, behaviour))
    doors = (runtime.database, runtime.clock, settings, runtime.keys, runtime.library, runtime.wording)
    site.register_blueprint(hooks.blueprint(hooks.Needs(*doors)))
    site.register_blueprint(voice.blueprint(voice.Needs(*doors)))
    refusals = load_refusals(CONFIG_DIR / "twilio_errors.toml")
    gateway = TwilioGateway(account_of(settings), refusals)
    mail = settings.data_dir / "mail"
    gateways = {
        Medium.TEXT: gateway,
        Medium.WHATSAPP: whatsapp_gateway(settings),
        Medium.CALL: caller_of(settings, refusals),
        Medium.EMAIL: MailFolder(mail, sender=settings.from_email, clock=runtime.clock),
    }
    invited = Hooks(runtime.keys, settings, runtime.clock)
    dispatcher = Dispatcher(runtime.database, Carrier(gateways, runtime.keys, invited), runtime.clock)
    server.app = site
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Exchange(phones, behaviour, gateway, dispatcher, mail, site)
    finally:
        for report in behaviour.reports:
            report.join(timeout=10)
        server.shutdown()
        server.server_close()
        thread.join()
