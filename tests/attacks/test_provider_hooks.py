"""The provider's doors and the way out: forged, replayed, shuffled and odd messages; rows A040-A058."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant, Suppression
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.tables import DeliveryReceipt, Medium, Message, MessageState
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.tables import Answer, Response, ResponseState
from survey_app.jobs.outgoing import round_of_invitations
from tests.attacks.ground import (
    MESSAGE,
    ON_SQLITE,
    SID,
    STATUS,
    all_of,
    everything,
    invited,
    seal_of,
    send_in,
    signed,
    text_in,
)
from tests.factories import make_campaign, make_participant, make_place


class Ledger:
    """A gateway that writes down what it was given."""

    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)
        return f"SM{len(self.letters):032}"

    def find(self, _letter, **_when):
        return None


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def deliver(runtime, ledger):
    hooks = Hooks(runtime.keys, runtime.settings, runtime.clock)
    carrier = Carrier(dict.fromkeys(Medium, ledger), runtime.keys, hooks)
    dispatcher = Dispatcher(runtime.database, carrier, runtime.clock)

    def run():
        while dispatcher.run_once():
            pass

    return run


@pytest.fixture
def text(client, settings, clock, deliver, ledger):
    """Text us, let the dispatcher run dry, and return what was said back."""
    numbers = itertools.count(1)

    def text(body, **more):
        before = len(ledger.letters)
        clock.advance(seconds=10)
        form = text_in(settings, body, **{"sid": f"SM{next(numbers):032x}"} | more)
        assert send_in(client, settings, MESSAGE, form).status_code == 200
        deliver()
        return [letter.body for letter in ledger.letters[before:] if letter.address.startswith("+")]

    return text


@pytest.fixture
def invite(runtime):
    token = invited(runtime, channel=ChannelChoice.TEXT)
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(channel="text"))
    return token


WRONG = (None, "", "wrong", "=" * 28, "x" * 5000, "\xe9\xe9", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")


@ON_SQLITE
@pytest.mark.parametrize("path", [MESSAGE, STATUS])
def test_a040_without_a_right_signature_nothing_happens(client, runtime, settings, path):
    form, before = text_in(settings) | {"MessageStatus": "delivered"}, everything(runtime.database)
    for signature in WRONG:
        headers = {} if signature is None else {"X-Twilio-Signature": signature}
        assert client.post(path, data=form, headers=headers).status_code == 403
        assert client.post(path, json=form, headers=headers).status_code == 403
    right = signed(settings, path, form)
    assert client.post(path, data=form | {"Body": "STOP"}, headers=right).status_code == 403
    assert client.post(f"{path}?x=1", data=form, headers=right).status_code == 403
    other = STATUS if path == MESSAGE else MESSAGE
    assert client.post(other, data=form, headers=right).status_code == 403
    for method in ("GET", "PUT", "DELETE"):
        assert client.open(path, method=method, data=form, headers=right).status_code == 405
    assert everything(runtime.database) == before


@ON_SQLITE
def test_a041_the_signature_is_checked_against_the_public_address_only(client, settings):
    form = text_in(settings)
    right = signed(settings, MESSAGE, form)
    spoofed = right | {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    assert client.post(MESSAGE, data=form, headers=spoofed).status_code == 200
    for wrong in ("https://localhost", "http://evil.example", "http://localhost:8443"):
        headers = signed(replace(settings, public_base_url=wrong), MESSAGE, form)
        assert client.post(MESSAGE, data=form, headers=headers).status_code == 403


@ON_SQLITE
def test_a042_a_receipt_replayed_is_one_step(client, runtime, settings, invite, text):
    text("1")
    sid = f"SM{1:032}"
    form = text_in(settings, sid=sid) | {"MessageStatus": "delivered"}
    assert send_in(client, settings, STATUS, form).status_code == 204
    before = everything(runtime.database)
    for _ in range(50):
        assert send_in(client, settings, STATUS, form).status_code == 204
    assert everything(runtime.database) == before


@ON_SQLITE
def test_a043_receipts_in_every_order_end_the_same(client, runtime, settings, invite, text):
    text("1")
    sid, ends = f"SM{1:032}", set()
    for order in itertools.permutations(("queued", "sent", "delivered", "failed")):
        with runtime.database.writing() as session:
            session.execute(sa.delete(DeliveryReceipt))
            session.execute(sa.update(Message).values(delivery=None, delivery_rank=0))
        for status in order:
            send_in(client, settings, STATUS, text_in(settings, sid=sid) | {"MessageStatus": status})
        ends.add(all_of(runtime.database, Message)[0].delivery)
    assert ends == {"delivered"}


def test_a044_a_receipt_that_comes_before_we_know_the_id_is_not_lost(
    client, runtime, settings, invite, ledger, deliver
):
    send_in(client, settings, MESSAGE, text_in(settings, "1"))
    (message,) = all_of(runtime.database, Message)
    form = text_in(settings, sid=f"SM{1:032}") | {"MessageStatus": "delivered"}
    path = f"{STATUS}?o={message.callback_token}"
    assert send_in(client, settings, path, form).status_code == 204
    deliver()
    (message,) = all_of(runtime.database, Message)
    assert (message.state, message.delivery, len(ledger.letters)) == (MessageState.ACCEPTED, "delivered", 1)


@ON_SQLITE
def test_a045_a_receipt_for_nothing_we_sent_tells_and_moves_nothing(client, runtime, settings, invite, text):
    text("1")
    before = all_of(runtime.database, Message)[0].delivery
    unknown = text_in(settings, sid="SM" + "9" * 32) | {"MessageStatus": "failed", "ErrorCode": "21610"}
    replies = [
        send_in(client, settings, f"{STATUS}{end}", unknown) for end in ("", "?o=" + "a" * 22, "?o=../..")
    ]
    known = send_in(
        client, settings, STATUS, text_in(settings, sid=f"SM{1:032}") | {"MessageStatus": "queued"}
    )
    assert {(reply.status_code, reply.data) for reply in [*replies, known]} == {(204, b"")}
    assert all_of(runtime.database, Suppression) == []
    assert all_of(runtime.database, Message)[0].delivery in {before, "queued"}
    elsewhere = unknown | {"AccountSid": "AC" + "9" * 32}
    assert send_in(client, settings, STATUS, elsewhere).status_code == 403


def test_a046_an_answer_delivered_again_is_one_answer(client, runtime, settings, clock, invite, text):
    text("1")
    clock.advance(seconds=10)
    form = text_in(settings, "3", sid=SID)
    for _ in range(5):
        assert send_in(client, settings, MESSAGE, form).status_code == 200
    assert [answer.code for answer in all_of(runtime.database, Answer)] == [3]
    assert send_in(client, settings, MESSAGE, form | {"Body": "1"}).status_code == 200
    assert [answer.code for answer in all_of(runtime.database, Answer)] == [3]


ODD = (
    "",
    " ",
    "9" * 1600,
    "\U0001f44d",
    "\x00\x01",
    "<script>alert(1)</script>",
    "{link}",
    "{{7*7}}",
    "%s%n",
)


def test_a047_an_odd_text_is_taken_and_is_no_answer(runtime, invite, text):
    text("1")
    for body in ODD:
        for said in text(body):
            assert body.strip() not in said or not body.strip()
            assert "{" not in said
    assert {answer.code for answer in all_of(runtime.database, Answer)} <= {None}


@ON_SQLITE
@pytest.mark.parametrize(
    "body", ["STOP", "stop please", " Stop. ", "STOP 4", "4 stop texting me", "unsubscribe"]
)
def test_a047_stop_always_wins(runtime, invite, text, body):
    text("1")
    text(body)
    assert all_of(runtime.database, Answer) == []
    assert len(all_of(runtime.database, Suppression)) == 1
    assert [row.state for row in all_of(runtime.database, Invitation)] == [InvitationState.CANCELLED]
    assert text("3") == text("hello") == []


@ON_SQLITE
def test_a047_a048_a_stranger_answers_for_nobody_and_learns_nothing(runtime, invite, text):
    text("1")
    for body in ("3", "1", "START", "HELP"):
        for said in text(body, sender="+447700900999"):
            assert runtime.settings.public_base_url not in said
    assert all_of(runtime.database, Answer) == []


@ON_SQLITE
@pytest.mark.parametrize(
    "sender", ["+8821234567890", "+19005551234", "+449012345678", "+441534123456", "+447797712345"]
)
def test_a051_a052_a_text_from_abroad_cannot_make_us_pay_for_a_reply(runtime, text, sender):
    assert text("hello", sender=sender) == []
    assert len(all_of(runtime.database, InboundMessage)) == 1


@pytest.fixture
def listed(runtime):
    """A running campaign with four people who get it by text."""
    with runtime.database.writing() as session:
        place = make_place(session)
        for _ in range(4):
            make_participant(session, runtime.keys, place=place, channel=ChannelChoice.TEXT)
        make_campaign(session, places=[place], weekly_sample=4, window_days=7, reminder_days=3)


def a_week(runtime, clock, deliver, *, rounds=1):
    for _ in range(7 * 12):
        for _ in range(rounds):
            round_of_invitations(runtime)
        deliver()
        clock.advance(hours=2)


@ON_SQLITE
def test_a053_a054_a055_everybody_hears_once_by_day_and_nothing_of_themselves(
    runtime, clock, listed, deliver, ledger
):
    hours = []
    ledger_send = ledger.send
    ledger.send = lambda letter: (hours.append(clock().hour), ledger_send(letter))[1]
    a_week(runtime, clock, deliver, rounds=2)
    keys = [letter.key for letter in ledger.letters]
    assert len(keys) == len(set(keys))
    people = [letter.address for letter in ledger.letters if letter.key.startswith("invite:")]
    assert len(people) == len(set(people)) == 4
    assert set(hours) <= set(range(8, 20))
    item_words = {item.text for item in runtime.library.get("pulse-user-6", 1).items}
    for letter in ledger.letters:
        assert re.findall(r"https?://[^/\s]+", letter.body) == [runtime.settings.public_base_url]
        assert not re.search(r"person-\d|Riverside|\+44", letter.body)
        assert not [words for words in item_words if words in letter.body]


@ON_SQLITE
@pytest.mark.parametrize("why", ["answered", "stopped", "withdrawn"])
def test_a054_nobody_is_reminded_who_answered_or_wants_no_more(
    runtime, clock, listed, deliver, ledger, client, form_of, finish, why
):
    while not ledger.letters:
        round_of_invitations(runtime)
        deliver()
        clock.advance(hours=2)
    first = ledger.letters[0]
    token = re.search(r"/s/(\w+)", first.body)[1]
    if why == "answered":
        finish(token)
    elif why == "stopped":
        client.post(f"/stop/{token}", data={"seal": seal_of(client.get(f"/stop/{token}"))})
    else:
        with runtime.database.writing() as session:
            session.execute(sa.update(Participant).values(consent=Consent.WITHDRAWN))
    a_week(runtime, clock, deliver)
    to_them = [letter.key for letter in ledger.letters if letter.address == first.address]
    assert to_them == [first.key]


@ON_SQLITE
def test_a055_no_wording_has_room_for_anything_personal(runtime):
    asked = set().union(*(re.findall(r"\{(\w+)\}", words) for words in runtime.wording.texts.values()))
    # {words} is one text for everybody of a place, written by a lead; {title} is an instrument's.
    assert asked <= {
        "sender",
        "count",
        "link",
        "n",
        "total",
        "answer",
        "options",
        "words",
        "title",
        "first",
        "last",
    }


@ON_SQLITE
def test_a056_a057_a_survey_by_text_leaves_no_number_link_or_words_in_database_or_log(
    runtime, client, settings, clock, listed, deliver, ledger, text, caplog
):
    caplog.set_level(logging.INFO)
    a_week(runtime, clock, deliver)
    clock.set(clock() - dt.timedelta(days=6))
    first = ledger.letters[0]
    for body in ("1", "the boiler is broken", "3", "3", "3", "3", "3", "3", "3"):
        text(body, sender=first.address)
    send_in(client, settings, STATUS, text_in(settings, sid="SM" + "8" * 32) | {"MessageStatus": "sent"})
    client.post(MESSAGE, data=text_in(settings, "forged"), headers={"X-Twilio-Signature": "x"})
    assert [row.state for row in all_of(runtime.database, Response)] == [ResponseState.FINISHED]
    token = re.search(r"/s/(\w+)", first.body)[1]
    dump = repr(everything(runtime.database))
    for secret in (first.address[3:], token, "boiler", settings.twilio_auth_token + "!"):
        assert secret not in caplog.text
        assert secret not in dump


@ON_SQLITE
def test_a058_no_credential_is_in_the_repository_or_a_page(client, settings, runtime):
    root = Path(__file__).parents[2]
    looks_real = re.compile(r"\b(?:AC|SK)(?!0{32}|9{32})[0-9a-f]{32}\b|-----BEGIN [A-Z ]*PRIVATE KEY")
    for path in itertools.chain(
        *(root.glob(f"{top}/**/*.*") for top in ("config", "survey_app", "deploy", "docs"))
    ):
        if path.suffix in {".py", ".toml", ".md", ".html", ".js", ".conf", ".service", ".yml", ".env"}:
            assert not looks_real.search(path.read_text(encoding="utf-8")), path
    for address in ("/privacy", "/sign-in", "/health/ready", "/health/live", "/nowhere", "/accessibility"):
        assert settings.twilio_account_sid not in client.get(address).text
