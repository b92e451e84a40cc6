from __future__ import annotations

import email
import socket

import pytest
from aiosmtpd.controller import Controller

from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Verdict
from survey_app.ask.sending.gateways.smtp import BadSmtpAddress, MailFolder, SmtpGateway, compose

LETTER = Letter("alert:1", "on-call@example.org", "Please look now.\n", "t" * 22, "Someone may need help")


class Postbox:
    def __init__(self, answer="250 OK"):
        self.answer, self.letters = answer, []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.letters.append(envelope)
        return self.answer


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def serve(port):
    running = []

    def start(postbox):
        running.append(Controller(postbox, hostname="127.0.0.1", port=port))
        running[0].start()
        return postbox

    yield start
    for controller in running:
        controller.stop()


def gateway(port, clock):
    return SmtpGateway(f"smtp://127.0.0.1:{port}", sender="surveys@example.org", clock=clock)


def test_a_letter_arrives_once_with_its_id(serve, port, clock):
    postbox = serve(Postbox())
    provider_id = gateway(port, clock).send(LETTER)
    (envelope,) = postbox.letters
    message = email.message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["on-call@example.org"]
    assert (message["Subject"], message["Message-ID"]) == ("Someone may need help", provider_id)


@pytest.mark.parametrize(
    ("answer", "verdict"), [("451 try later", Verdict.LATER), ("554 never", Verdict.NEVER)]
)
def test_a_refusal_says_whether_to_try_again(serve, port, clock, answer, verdict):
    serve(Postbox(answer))
    with pytest.raises(Rejected) as refusal:
        gateway(port, clock).send(LETTER)
    assert refusal.value.verdict is verdict


def test_no_server_means_certainly_not_sent(port, clock):
    with pytest.raises(NotSent):
        gateway(port, clock).send(LETTER)


@pytest.mark.parametrize("url", ["http://host", "smtp://", "mail.example.org:25"])
def test_an_address_we_cannot_use_is_refused_at_once(url, clock):
    with pytest.raises(BadSmtpAddress):
        SmtpGateway(url, sender="surveys@example.org", clock=clock)


def test_without_a_server_letters_are_written_to_files(tmp_path, clock):
    MailFolder(tmp_path / "mail", sender="surveys@example.org", clock=clock).send(LETTER)
    (path,) = (tmp_path / "mail").glob("*.eml")
    assert "Please look now." in path.read_text()


def test_a_subject_cannot_smuggle_in_another_header(clock):
    evil = Letter("k", "a@example.org", "x", "t", "Hi\nBcc: b@example.org")
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        compose(evil, sender="surveys@example.org", at=clock())
