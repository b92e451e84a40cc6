"""The whole product on loopback: every door and the provider over real HTTP, its jobs a step at a time."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa
from click import Command
from click.testing import CliRunner
from werkzeug.serving import make_server

from survey_app.app import create_app
from survey_app.ask.sending.dispatch import Dispatcher
from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.tables import Message
from survey_app.bootstrap import Runtime
from survey_app.jobs.outgoing import dispatcher, round_of_invitations

RECEIPT_SECONDS = 10
LINK = re.compile(r"http\S+/s/[0-9A-Za-z_-]+")


@dataclass
class Live:
    """A running installation, its phones, and its clock process in the test's hand."""

    runtime: Runtime
    sender: Dispatcher
    phones: handset.Needs

    @property
    def base(self) -> str:
        return self.runtime.settings.public_base_url

    def command(self, command: Command, *words: str, fails: bool = False) -> str:
        """Run a command of the product as its command line would, and return what it said."""
        result = CliRunner().invoke(command, words, obj=lambda: self.runtime)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    def round(self) -> None:
        """Draw and queue what is due, and send it."""
        round_of_invitations(self.runtime)
        self.deliver()

    def deliver(self) -> None:
        """Send everything that may leave now, and wait for its receipts."""
        while self.sender.run_once():
            self.runtime.clock.advance(seconds=1)  # our number may send so many texts a second
        until = time.monotonic() + RECEIPT_SECONDS
        while self._awaited() and time.monotonic() < until:
            time.sleep(0.02)

    def text(self, phone: str, body: str, **more: str) -> None:
        """Text us from a phone through a signed webhook."""
        self.runtime.clock.advance(seconds=5)  # nobody answers in the second in which they are asked
        assert handset.send_from_handset(self.phones, phone=phone, body=body, **more)

    def inbox(self, phone: str) -> list[str]:
        """Return every text a phone got, the oldest first."""
        with self.runtime.database.reading() as session:
            rows = handset.texts_on(session, phone)
            return [row.body for row in rows if row.direction is handset.Direction.RECEIVED]

    def link_on(self, phone: str) -> str:
        """Return the link in a phone's first text."""
        return LINK.search(self.inbox(phone)[0])[0]

    def rows(self, table: type) -> list:
        """Return every row of a table."""
        with self.runtime.database.reading() as session:
            return list(session.scalars(sa.select(table)))

    def _awaited(self) -> bool:
        waits = sa.exists().where(
            Message.provider_id.like("SM%"), Message.delivery.is_distinct_from("delivered")
        )
        with self.runtime.database.reading() as session:
            return bool(session.scalar(sa.select(waits)))


def _not_yet(environ, start_response):
    raise RuntimeError("the address is served before its site is built")


@contextmanager
def live(runtime: Runtime) -> Iterator[Live]:
    """Serve the product on a free port of this machine until the block ends."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    settings = replace(
        runtime.settings,
        public_base_url=base,
        twilio_api_base=f"{base}/simulator/provider",
        on_call_email="on-call@example.org",
    )
    runtime = replace(runtime, settings=settings)
    server.app = create_app(runtime)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    phones = handset.Needs(runtime.database, settings, runtime.clock)
    try:
        yield Live(runtime, dispatcher(runtime), phones)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
