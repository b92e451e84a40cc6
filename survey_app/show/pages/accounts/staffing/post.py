"""E-mail about accounts: handed over at once, never queued, for what it carries must stand in no table."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure
from survey_app.ask.sending.gateways.registry import mail_gateway
from survey_app.clock import Clock
from survey_app.settings import BadSetting, Settings

INVITED = """{name} invites you to {service}.

Your role: {role}, {place}

Open this page within 48 hours to join:
{link}

It works once, and only with the address this e-mail was sent to. If you did not expect it, do nothing.
"""
RESET = """Somebody, probably you, wants another password for {service}.

Open this page within an hour:
{link}

It works once. Your present password stays until then. If it was not you, do nothing.
"""
KEPT = """{email} signed in to {service} with {provider}. Their groups there no longer make them an
administrator, but without them nobody would be: no place loses its last administrator. They keep

{kept}

until somebody else is administrator there. Put them back into their group at {provider}, or make somebody
else administrator: {link}
"""

log = logging.getLogger(__name__)


class Post:
    """The way out for account e-mails."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._behind = ThreadPoolExecutor(max_workers=1, thread_name_prefix="account-mail")

    def hand_over(self, address: str, subject: str, body: str) -> bool:
        """Send one e-mail, and tell whether it left."""
        key = f"account:{secrets.token_hex(12)}"
        letter = Letter(key=key, address=address, body=body, callback_token="", subject=subject)
        try:
            mail_gateway(self._settings, self._clock).send(letter)
        except (NotSent, Rejected, Unsure, BadSetting, ValueError) as fault:
            log.error("an e-mail about an account did not leave: %s", type(fault).__name__)  # noqa: TRY400 - no address in tracebacks
            return False
        return True

    def behind(self, job: Callable[[], object]) -> None:
        """Do something once the page has been answered, so that its time tells nothing."""
        self._behind.submit(_logged, job)

    def wait(self) -> None:
        """Wait until everything asked for so far is done."""
        self._behind.submit(lambda: None).result()


def _logged(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:
        log.exception("something about an account was not done")
