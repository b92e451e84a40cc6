"""E-mail: by SMTP with a timeout, or into a folder where no server is set (development)."""

from __future__ import annotations

import datetime as dt
import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from survey_app.ask.sending.gateways.cleaning import clean
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Picture, Rejected, Unsure, Verdict
from survey_app.clock import Clock

TIMEOUT_SECONDS = 15
PORTS = {"smtp": 25, "smtps": 465, "starttls": 587}


class BadSmtpAddress(ValueError):
    """The SMTP address is not one we can use; the message says what was expected."""


class SmtpGateway:
    """Sends e-mail through the server at smtp://, starttls:// or smtps://user:password@host:port."""

    def __init__(self, url: str, *, sender: str, clock: Clock) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise BadSmtpAddress(
                "SURVEY_SMTP_URL must be smtp://, starttls:// or smtps://user:password@host:port"
            )
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._clock = clock

    def send(self, letter: Letter) -> str:
        """Hand one e-mail over and return its Message-ID."""
        message = compose(letter, sender=self._sender, at=self._clock())
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException):
            raise NotSent("no connection to the mail server") from None
        try:
            with server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as fault:
            raise _refused(max(code for code, _ in fault.recipients.values())) from None
        except smtplib.SMTPResponseException as fault:
            raise _refused(fault.smtp_code) from None
        except (OSError, smtplib.SMTPException):
            raise Unsure("the connection to the mail server broke") from None
        return str(message["Message-ID"])

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:  # noqa: ARG002 - mail servers keep no list
        """Return None: nobody can be asked whether an e-mail got out."""
        return None

    def _connect(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self._scheme == "smtps":
            server = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        if self._scheme == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._user:
            server.login(self._user, self._password)
        return server


class MailFolder:
    """Writes e-mail to files, for development: nothing leaves the machine."""

    def __init__(self, folder: Path, *, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, letter: Letter) -> str:
        """Write one e-mail to a file and return its Message-ID."""
        message = compose(letter, sender=self._sender, at=self._clock())
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:24]
        (self._folder / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))
        return str(message["Message-ID"])

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:  # noqa: ARG002 - writing a file is never unsure
        """Return None: a file is either written or not."""
        return None


def compose(letter: Letter, *, sender: str, at: dt.datetime) -> EmailMessage:
    """Build an e-mail, plain or with HTML beside it; line breaks in headers are refused by the library."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers:
        message[name] = value
    message.set_content(clean(letter.body))
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
        _add_pictures(message, letter.pictures)
    return message


def _add_pictures(message: EmailMessage, pictures: tuple[Picture, ...]) -> None:
    html = message.get_body(preferencelist=("html",))
    for picture in pictures:
        if html is not None:
            html.add_related(
                picture.content,
                maintype="image",
                subtype="png",
                cid=f"<{picture.name}>",
                filename=f"{picture.name}.png",
                disposition="inline",
            )


def _refused(code: int) -> Rejected:
    return Rejected(str(code), Verdict.LATER if 400 <= code < 500 else Verdict.NEVER)
