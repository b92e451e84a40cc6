"""Every gateway keeps one contract: out once, or why not and whether it may be tried again; nothing leaks."""

from __future__ import annotations

import datetime as dt
import email
import logging
import shutil
import socket
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller

from survey_app.ask.sending.gateways.behaviour import Mode
from survey_app.ask.sending.gateways.contract import (
    Button,
    Letter,
    NotSent,
    Receiving,
    Rejected,
    Searching,
    Template,
    Unsure,
    Verdict,
)
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.gateways.smtp import SmtpGateway
from survey_app.ask.sending.gateways.templates import read_book
from survey_app.ask.sending.gateways.twilio import TwilioGateway
from survey_app.ask.sending.gateways.whatsapp import WhatsAppGateway
from survey_app.database import Database
from survey_app.hear.channels.sms.receiving import is_from_a_phone
from survey_app.settings import CONFIG_DIR
from tests.fake_twilio import account_of, exchange
from tests.fakes import MONDAY_MORNING as MORNING

OURS = "+447700900999"
PHONE, MAIL, POST = "+447700900123", "ann.person@example.org", "A Person\n1 High Street\nAB1 2CD"
TOKEN = "t" * 22
WORDS = "Question £1: äöü\x0b\x00 and \ufffe an answer"
CLEAN = "Question £1: äöü and  an answer"
REFUSALS = load_refusals(CONFIG_DIR / "twilio_errors.toml")
UNCLEAR = [Mode.BREAK_AFTER_ACCEPTING, Mode.HANG_AFTER_ACCEPTING, Mode.NO_ID, Mode.GARBAGE]


class Texts:
    """Twilio, by text."""

    letter = Letter("question:1:1", PHONE, WORDS, TOKEN)
    refused, verdict, finds, secret = "21610", Verdict.STOP_ADDRESS, True, "simulator"

    @contextmanager
    def ground(self, runtime):
        with exchange(runtime) as self.joined:
            self.prepare()
            self.settings = self.joined.phones.settings
            self.base = self.settings.twilio_api_base
            yield self.at(self.settings, self.base)

    def prepare(self):
        self.joined.behaviour.hang_seconds = 1.0
        self.joined.behaviour.error_code = 21610

    def at(self, settings, base, patience=5):
        account = replace(account_of(settings), api_base=base, timeout_seconds=patience)
        return TwilioGateway(account, REFUSALS)

    def act(self, mode):
        self.joined.behaviour.mode = mode

    def arrived(self):
        return self.joined.received(PHONE)

    def texted(self, n, words):
        """Let somebody text us, `n` minutes before the others think it is."""
        from survey_app.ask.sending.gateways import handset

        with self.joined.phones.database.writing() as session:
            row = {"direction": handset.Direction.SENT, "phone": PHONE, "body": words}
            handset.keep(session, self.joined.phones, sid=f"SM{n:032}", **row)

    @property
    def ours(self):
        return self.settings.twilio_number


class WhatsApp(Texts):
    """Twilio, by WhatsApp, to somebody who has just written."""

    letter = replace(Texts.letter, free=True, buttons=(Button(1, "No"), Button(2, "Yes")))
    # The simulated provider knows no buttons of this kind, so that the words go out as they are.

    def prepare(self):
        super().prepare()
        with self.joined.phones.database.writing() as session:
            from survey_app.ask.sending.gateways import handset

            row = {"direction": handset.Direction.SENT, "phone": PHONE, "body": "1", "whatsapp": True}
            handset.keep(session, self.joined.phones, sid=handset.new_id(), **row)

    def at(self, settings, base, patience=5):
        account = replace(
            account_of(settings), number=settings.whatsapp_number, api_base=base, timeout_seconds=patience
        )
        return WhatsAppGateway(account, REFUSALS, read_book(""), sender_name="Local Care")

    def arrived(self):
        return [message.body for message in self.joined.on_whatsapp(PHONE)]


class Notify:
    """GOV.UK Notify, by text."""

    way, letter = "sms", Texts.letter
    refused, verdict, finds, secret = "bad address", Verdict.STOP_ADDRESS, True, "00000002"

    @contextmanager
    def ground(self, _runtime):
        pytest.importorskip("notifications_python_client")
        from tests.fake_notify import fake_notify

        with fake_notify() as self.notify:
            self.settings, self.base = None, self.notify.base
            yield self.at(None, self.base)

    def at(self, _settings, base, patience=5):
        pytest.importorskip("notifications_python_client")
        from survey_app.ask.sending.gateways.notify import NotifyAccount, NotifyGateway, NotifyTexts, Way
        from tests.fake_notify import KEY

        account = NotifyAccount(KEY, base, "text-id", "mail-id", timeout_seconds=patience, number=OURS)
        return NotifyTexts(account) if self.way == "sms" else NotifyGateway(account, Way(self.way))

    def act(self, mode):
        self.notify.mode = mode

    def arrived(self):
        return [one["told"]["personalisation"]["body"] for one in self.notify.kept]

    def texted(self, n, words):
        self.notify.texted(PHONE, words, MORNING + dt.timedelta(seconds=n))

    ours = OURS


class NotifyMail(Notify):
    way, letter = "email", Letter("invite:1", MAIL, WORDS, TOKEN, subject="Six questions")


class NotifyPaper(Notify):
    way, letter = "letter", Letter("invite:1", POST, WORDS, TOKEN, document=b"%PDF-1.7")

    def arrived(self):
        return [CLEAN for _ in self.notify.kept]  # the words stand in the PDF


class Postbox:
    """A mail server that takes, refuses, is busy, or breaks off once it has a letter."""

    def __init__(self):
        self.mode, self.letters = Mode.OK, []

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - the library's name
        if self.mode is Mode.REFUSE:
            return "554 never"
        if self.mode is Mode.BUSY:
            return "451 later"
        self.letters.append(envelope)
        if self.mode is Mode.BREAK_AFTER_ACCEPTING:
            server.transport.abort()
        return "250 OK"


class Smtp:
    """E-mail by SMTP; nobody can be asked whether an e-mail got out."""

    letter = NotifyMail.letter
    refused, verdict, finds, secret = "554", Verdict.NEVER, False, "hunter2"

    @contextmanager
    def ground(self, runtime):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.postbox = Postbox()
        controller = Controller(self.postbox, hostname="127.0.0.1", port=port)
        controller.start()
        yield self.at(runtime.settings, f"http://127.0.0.1:{port}")
        controller.stop()

    def at(self, settings, base, patience=5):  # noqa: ARG002 - its own setting
        url = base.replace("http", "smtp")
        return SmtpGateway(url, sender=settings.from_email, clock=lambda: MORNING)

    def act(self, mode):
        if mode not in (Mode.OK, Mode.REFUSE, Mode.BUSY, Mode.BREAK_AFTER_ACCEPTING):
            pytest.skip("mail servers answer in one line")
        self.postbox.mode = mode

    def arrived(self):
        mails = [email.message_from_bytes(envelope.content) for envelope in self.postbox.letters]
        return [mail.get_payload(decode=True).decode().rstrip("\r\n") for mail in mails]


KINDS = [Texts, WhatsApp, Notify, NotifyMail, NotifyPaper, Smtp]


@pytest.fixture
def database(sqlite_template, tmp_path):
    """Gateways write no SQL: one engine will do."""
    shutil.copy(sqlite_template, tmp_path / "survey.db")
    database = Database(f"sqlite:///{tmp_path / 'survey.db'}")
    yield database
    database.dispose()


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param()


@pytest.fixture
def gateway(kind, runtime):
    with kind.ground(runtime) as gateway:
        yield gateway


def test_a_letter_arrives_once_without_what_cannot_be_carried(kind, gateway):
    assert gateway.send(kind.letter)
    assert kind.arrived() == [CLEAN]


def test_a_refusal_carries_its_code_and_what_it_means(kind, gateway):
    kind.act(Mode.REFUSE)
    with pytest.raises(Rejected) as refusal:
        gateway.send(kind.letter)
    assert (refusal.value.code, refusal.value.verdict) == (kind.refused, kind.verdict)
    assert kind.arrived() == []


def test_too_much_at_once_may_be_tried_later(kind, gateway):
    kind.act(Mode.BUSY)
    with pytest.raises(Rejected) as refusal:
        gateway.send(kind.letter)
    assert refusal.value.verdict is Verdict.LATER


@pytest.mark.parametrize("mode", UNCLEAR)
def test_an_unclear_answer_leaves_us_unsure_and_only_that_letter_is_found(kind, gateway, clock, mode):
    kind.act(mode)
    sender = kind.at(kind.settings, kind.base, 0.5) if mode is Mode.HANG_AFTER_ACCEPTING else gateway
    with pytest.raises(Unsure):
        sender.send(kind.letter)
    kind.act(Mode.OK)
    found = gateway.find(kind.letter, tried_at=clock())
    assert (found is not None) is kind.finds
    other = replace(kind.letter, body="something else", callback_token="o" * 22)
    assert gateway.find(other, tried_at=clock()) is None
    assert kind.arrived() == [CLEAN]


def test_no_connection_is_certainly_not_sent(kind, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        gateway = kind.at(settings, base)
        with pytest.raises(NotSent):
            gateway.send(kind.letter)
        assert gateway.find(kind.letter, tried_at=MORNING) is None
        if isinstance(gateway, Searching):  # that a list cannot be had proves nothing
            with pytest.raises(NotSent):
                gateway.matches(kind.letter, tried_at=MORNING)


def test_a_provider_that_never_answers_does_not_hold_us(kind, settings, monkeypatch):
    from survey_app.ask.sending.gateways import smtp

    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.5)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        started = time.monotonic()
        with pytest.raises((Unsure, NotSent)):  # a mail server has to greet before anything is written
            kind.at(settings, f"http://127.0.0.1:{deaf.getsockname()[1]}", 0.5).send(kind.letter)
        assert time.monotonic() - started < 5


def test_nothing_secret_or_personal_is_logged_or_shown(kind, gateway, caplog, clock):
    caplog.set_level(logging.INFO)
    said = [repr(gateway), repr(kind.letter)]
    for mode in (Mode.OK, Mode.REFUSE, Mode.BREAK_AFTER_ACCEPTING):
        kind.act(mode)
        try:
            gateway.send(kind.letter)
        except (Rejected, Unsure) as fault:
            said += [str(fault), repr(fault)]
    gateway.find(kind.letter, tried_at=clock())
    # What the server of this test writes about its own requests is not ours.
    ours = [record.getMessage() for record in caplog.records if record.name not in {"werkzeug", "mail.log"}]
    for private in (PHONE, PHONE[1:], MAIL, "High Street", "äöü", kind.secret):
        assert private not in " ".join(said + ours)


@pytest.mark.parametrize("kind", [Texts, Notify], indirect=True, ids=lambda kind: kind.__name__)
def test_what_people_texted_can_be_fetched_the_oldest_first_and_a_provider_that_is_away_says_so(
    kind, gateway, runtime
):
    words = ["1", "STOP", WORDS.partition(":")[0], "4", "five"]
    for n, said in enumerate(words):
        kind.texted(n, said)
    assert isinstance(gateway, Receiving)
    found = gateway.received(since=MORNING - dt.timedelta(hours=2))
    assert [(one.sender, one.our_address, one.body) for one in found] == [
        (PHONE, kind.ours, said) for said in words
    ]
    assert all(is_from_a_phone(one.provider_id, one.sender) for one in found)
    assert all(one.sent_at.tzinfo and PHONE not in repr(one) for one in found)
    assert gateway.received(since=runtime.clock() + dt.timedelta(hours=1)) == []
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = kind.at(kind.settings, f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(NotSent):
            away.received(since=MORNING)


def test_notify_is_asked_for_no_page_older_than_what_is_looked_for_and_odd_senders_stay_as_they_are():
    kind = Notify()
    with kind.ground(None) as gateway:
        for n in range(9):
            kind.texted(n, str(n))
        assert [one.body for one in gateway.received(since=MORNING + dt.timedelta(seconds=6))] == [
            "6",
            "7",
            "8",
        ]
        assert len(kind.notify.asked) == 2
        kind.notify.texted("Bank", "Win", MORNING + dt.timedelta(seconds=20))
        (odd,) = gateway.received(since=MORNING + dt.timedelta(seconds=20))
        assert not is_from_a_phone(odd.provider_id, odd.sender)
        kind.notify.texts[0]["created_at"] = "soon"
        with pytest.raises(NotSent):
            gateway.received(since=MORNING)
        kind.act(Mode.BUSY)
        with pytest.raises(NotSent):
            gateway.received(since=MORNING)


def invited(**changed):
    template = Template("invitation", "en", ("Local Care", "6", "http://localhost/s/abc"))
    return replace(Letter("invite:1", PHONE, "x", TOKEN), template=template, **changed)


@pytest.fixture
def joined(runtime):
    with exchange(runtime) as joined:
        yield joined


def test_whatsapp_begins_with_an_approved_template_and_free_words_wait_for_an_answer(joined, runtime):
    gateway = joined.dispatcher._carrier.gateways["whatsapp"]
    gateway.send(invited())
    (message,) = joined.on_whatsapp(PHONE)
    assert message.body.startswith("Hello from Local Care. 6 short questions")
    assert "http://localhost/s/abc" in message.body
    assert gateway.find(invited(), tried_at=runtime.clock()) == message.provider_id
    with pytest.raises(Rejected) as late:
        gateway.send(Letter("question:1:1", PHONE, "Well?", TOKEN, free=True))
    assert (late.value.code, late.value.verdict) == ("63016", Verdict.TEMPLATE)
    gateway.send(Letter("question:1:1", PHONE, "Well?\n1 No\n2 Yes", TOKEN))
    assert "This question is still open: Well? 1 No 2 Yes Reply" in joined.on_whatsapp(PHONE)[-1].body


def test_whatsapp_without_a_template_is_refused_before_anything_is_sent(settings):
    gateway = WhatsApp().at(settings, "http://127.0.0.1:9")
    with pytest.raises(Rejected) as refusal:
        gateway.send(invited())
    assert (refusal.value.code, refusal.value.verdict) == ("no template", Verdict.NEVER)


def test_a_wrong_key_holds_everything_and_a_letter_without_document_is_refused():
    pytest.importorskip("notifications_python_client")
    from survey_app.ask.sending.gateways.notify import NotifyAccount, NotifyGateway, Way
    from tests.fake_notify import KEY, fake_notify

    with fake_notify() as notify:
        wrong = NotifyGateway(NotifyAccount(KEY[:-1] + "9", notify.base), Way.SMS)
        with pytest.raises(Rejected) as refusal:
            wrong.send(Texts.letter)
        assert refusal.value.verdict is Verdict.HOLD
        paper = NotifyGateway(NotifyAccount(KEY, notify.base), Way.LETTER)
        with pytest.raises(Rejected):
            paper.send(replace(NotifyPaper.letter, document=b""))
        assert notify.kept == []
