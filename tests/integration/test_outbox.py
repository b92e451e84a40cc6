"""Two dispatchers at once, on the database itself: each message is claimed by one."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState

N_MESSAGES = 30


class Ledger:
    def __init__(self):
        self.keys, self.lock = [], threading.Lock()

    def send(self, letter):
        with self.lock:
            self.keys.append(letter.key)
            return f"SM{len(self.keys):032}"

    def find(self, _letter, **_moment):
        return None


class Hooks:
    def link(self, _session, _invitation_id):
        return "http://localhost/s/x"

    def still_wanted(self, _session, _invitation_id):
        return True

    def is_awaited(self, _session, _key, _invitation_id):
        return True

    def news_wanted(self, _session, _address_index):
        return True


def put_all(database, keys, clock):
    with database.writing() as session:
        for n in range(N_MESSAGES):
            outgoing = Outgoing(
                f"question:{n}:1", MessageKind.QUESTION, Medium.TEXT, "+447700900123", "Hi", clock()
            )
            assert queue(session, outgoing, keys=keys, now=clock())


def test_two_dispatchers_send_every_message_once(database, keys, clock):
    put_all(database, keys, clock)
    ledger = Ledger()
    carrier = Carrier({Medium.TEXT: ledger}, keys, Hooks())

    def run():
        dispatcher = Dispatcher(database, carrier, clock)
        while dispatcher.run_once():
            pass

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ledger.keys) == sorted(f"question:{n}:1" for n in range(N_MESSAGES))
    with database.reading() as session:
        assert set(session.scalars(sa.select(Message.state))) == {MessageState.ACCEPTED}


def test_a_link_and_a_number_never_stand_readable_in_the_outbox(database, keys, clock):
    put_all(database, keys, clock)
    with database.reading() as session:
        for message in session.scalars(sa.select(Message)):
            assert b"7700900123" not in message.address_sealed + message.address_index
