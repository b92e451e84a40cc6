"""Loads of durable requests by eight clients: answers, signed texts, and bare inserts beside them."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from bench.servers import Server
from bench.visitors import BadReply, Load, load, request_of, together
from bench.world import World
from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.clock import utc_now
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.conversations.prompts import REACTION
from survey_app.hear.conversations.tables import Conversation, ConversationState

CLIENTS = 8
ITEMS = 6
LINKS_A_ROUND = 80
TEXTS = 7
PHONES_A_ROUND = 40
A_MINUTE = dt.timedelta(minutes=1)


def bare(server: Server, n_requests: int) -> Load:
    """Send bare inserts."""
    request = request_of("POST", "/answer", form={"answer": "1"})
    return load(server.port, [[request] * (n_requests // CLIENTS)] * CLIENTS, expect=204)


def answers(server: Server, world: World, tokens: list[str]) -> Load:
    """Send all six answers of each person, prepared beforehand, from first to last."""
    return load(server.port, _queues([forms(world, token) for token in tokens]), expect=303)


def forms(world: World, token: str, answer: str = "1") -> list[bytes]:
    """Return the posts with which one person answers everything."""
    seal = FormSeal(world.runtime.keys.session)
    shown_at = utc_now() - A_MINUTE
    return [
        request_of("POST", f"/s/{token}/{number}", form={"seal": sealed, "answer": answer})
        for number in range(1, ITEMS + 1)
        for sealed in [seal.make(token, str(number), Shown("pulse-user-6", 1, shown_at, new_nonce()))]
    ]


def webhooks(server: Server, world: World, phones: list[str]) -> Load:
    """Send all texts of each person's conversation, signed: YES to begin, then six answers.

    Everybody writes their first text, then everybody their second: in between, and outside the measured
    time, the questions leave, for nobody's answer counts before the question has been out for a while.
    """
    people = [texts(world, phone) for phone in phones]
    loads = []
    for number in range(TEXTS):
        loads.append(load(server.port, _queues([[texts[number]] for texts in people]), expect=200))
        _questions_leave(world)
    _expect_all_answered(world, phones)
    return together(loads)


def bare_texts(server: Server) -> Load:
    """Send as many bare inserts, in as many goes."""
    return together([bare(server, PHONES_A_ROUND) for _ in range(TEXTS)])


def texts(world: World, phone: str, answer: str = "1") -> list[bytes]:
    """Return the signed texts of one person's whole conversation."""
    settings = world.runtime.settings
    signer = RequestValidator(settings.twilio_auth_token)
    path = "/hooks/twilio/message"
    requests = []
    for body in ["YES"] + [answer] * ITEMS:
        form = {
            "AccountSid": settings.twilio_account_sid,
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "From": phone,
            "To": settings.twilio_number,
            "Body": body,
            "NumMedia": "0",
        }
        signature = signer.compute_signature(settings.public_base_url + path, form)
        requests.append(request_of("POST", path, form=form, headers={"X-Twilio-Signature": signature}))
    return requests


def _questions_leave(world: World) -> None:
    left = {"state": MessageState.ACCEPTED, "sent_at": utc_now() - 2 * REACTION}
    with world.runtime.database.writing() as session:
        session.execute(sa.update(Message).where(Message.state == MessageState.PENDING).values(**left))


def _expect_all_answered(world: World, phones: list[str]) -> None:
    mine = [phone_index(world.runtime.keys, phone) for phone in phones]
    with world.runtime.database.reading() as session:
        finished = session.scalar(
            sa.select(sa.func.count())
            .where(Conversation.address_index.in_(mine))
            .where(Conversation.state == ConversationState.COMPLETED)
        )
    if finished != len(phones):
        raise BadReply(f"{finished} of {len(phones)} people got through their questions by text")


def _queues(people: list[list[bytes]]) -> list[list[bytes]]:
    return [
        [request for person in people[client::CLIENTS] for request in person] for client in range(CLIENTS)
    ]
