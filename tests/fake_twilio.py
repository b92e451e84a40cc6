"""A telephone exchange on loopback: the text doors and the simulated provider, joined by real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from werkzeug.serving import make_server

from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways import handset, simulator
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.smtp import MailFolder
from survey_app.ask.sending.gateways.twilio import TwilioAccount, TwilioGateway
from survey_app.ask.sending.tables import Medium
from survey_app.hear.channels.sms import routes as sms
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

    def text(self, phone: str, body: str, *, provider_id: str | None = None) -> list[str]:
        """Text us, let the dispatcher run dry, and return what came back to the phone."""
        before = len(self.received(phone))
        self.phones.clock.advance(seconds=10)  # nobody answers in the second in which they are asked
        assert handset.send_from_handset(self.phones, phone=phone, body=body, provider_id=provider_id)
        self.deliver()
        return self.received(phone)[before:]

    def deliver(self) -> None:
        """Send everything that is due."""
        while self.dispatcher.run_once():
            pass

    def received(self, phone: str) -> list[str]:
        """Return every text a phone got, the oldest first."""
        with self.phones.database.reading() as session:
            rows = handset.texts_on(session, phone)
            return [row.body for row in rows if row.direction is handset.Direction.RECEIVED]


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


def _not_yet(environ, start_response):
    raise RuntimeError("the exchange is served before its site is built")


@contextmanager
def exchange(runtime) -> Iterator[Exchange]:
    """Serve the doors and the provider on a free port of this machine until the block ends."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    settings = replace(runtime.settings, public_base_url=base, twilio_api_base=f"{base}/simulator/provider")
    behaviour = simulator.Behaviour()
    phones = handset.Needs(runtime.database, settings, runtime.clock)
    site = new_site(settings)
    site.register_blueprint(simulator.blueprint(phones, behaviour))
    doors = sms.Needs(
        runtime.database, runtime.clock, settings, runtime.keys, runtime.library, runtime.wording
    )
    site.register_blueprint(sms.blueprint(doors))
    gateway = TwilioGateway(account_of(settings), load_refusals(CONFIG_DIR / "twilio_errors.toml"))
    mail = settings.data_dir / "mail"
    gateways = {
        Medium.TEXT: gateway,
        Medium.EMAIL: MailFolder(mail, sender=settings.from_email, clock=runtime.clock),
    }
    hooks = Hooks(runtime.keys, settings, runtime.clock)
    dispatcher = Dispatcher(runtime.database, Carrier(gateways, runtime.keys, hooks), runtime.clock)
    server.app = site
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Exchange(phones, behaviour, gateway, dispatcher, mail)
    finally:
        for report in behaviour.reports:
            report.join(timeout=10)
        server.shutdown()
        server.server_close()
        thread.join()
