"""Outcomes: what came of handing a message over is recorded, and what follows from it for those that wait."""

from __future__ import annotations

import datetime as dt
import logging
import random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.population.consent import suppress
from survey_app.ask.sending import breakers, doubts, leases
from survey_app.ask.sending.alarms import Operator, alarm, chatting
from survey_app.ask.sending.gateways.contract import Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.late import say_by_template
from survey_app.ask.sending.policy import Policy
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.clock import Clock
from survey_app.database import Database

log = logging.getLogger(__name__)

HOLD = breakers.PAUSE
MOST_ATTEMPTS = 12


class Outcomes:
    """Records what came of each message; knows which media shut during a batch."""

    def __init__(
        self, database: Database, policy: Policy, operator: Operator, clock: Clock, chance: random.Random
    ) -> None:
        self._database = database
        self._policy = policy
        self._operator = operator
        self._clock = clock
        self._chance = chance
        self._shut: set[Medium] = set()

    def begin_batch(self) -> None:
        """Forget what shut in the batch before."""
        self._shut = set()

    def is_shut(self, message: Message) -> bool:
        """Tell whether a message's medium shut in this batch, and the message can wait."""
        return message.medium in self._shut and message.kind not in leases.URGENT

    def accepted(self, message: Message, letter: Letter, provider_id: str, *, tried_at: dt.datetime) -> None:
        """The provider has it."""
        with self._database.writing() as session:
            breakers.worked(session, message.medium)
            paid = self._paid(message, letter)
            doubts.accept(session, message, provider_id, sent_at=tried_at, **paid)

    def in_doubt(self, message: Message, letter: Letter, fault: Unsure, *, tried_at: dt.datetime) -> None:
        """It may have got out."""
        self._failed(message, fault.code or "no clear answer")
        with self._database.writing() as session:
            paid = self._paid(message, letter)
            leases.doubt(session, message.id, tried_at=tried_at, **paid, error_code=fault.code or None)

    def not_sent(self, message: Message, fault: NotSent) -> None:
        """It did not get out."""
        self._failed(message, str(fault))
        self._retry(message, "not sent", pause=_longer_each_time(message, most=60))

    def refused(self, message: Message, refusal: Rejected) -> None:
        """The provider does not want it: at all, now, or to this address."""
        if refusal.verdict is Verdict.HOLD:
            log.error("the provider refuses everything with %s: sending is held for %s", refusal.code, HOLD)
            self._failed(message, refusal.code, hold=True)
            return self._retry(message, refusal.code, pause=HOLD)
        if refusal.verdict is Verdict.HOLD_ADDRESS:
            return self._rest_address(message, refusal)
        if refusal.verdict is Verdict.LATER:
            return self._retry(message, refusal.code, pause=_longer_each_time(message, most=900))
        return self._refused_for_good(message, refusal)

    def given_back(self, message: Message) -> None:
        """Nobody tried it."""
        with self._database.writing() as session:
            leases.give_back(session, message.id)

    def record(self, message_id: int, **values: object) -> None:
        """Change what is still claimed."""
        with self._database.writing() as session:
            _change(session, message_id, **values)

    def _paid(self, message: Message, letter: Letter) -> dict[str, int]:
        # Each try costs: a message that was sent once more after it was lost may have been paid twice.
        segments = measure_text(letter.body).segments if message.medium is Medium.TEXT else 1
        return {"segments": segments, "cost": message.cost + self._policy.cost(message.medium, segments)}

    def _failed(self, message: Message, code: str, *, hold: bool = False) -> None:
        with self._database.writing() as session:
            opened = breakers.failed(
                session, message.medium, code, now=self._clock(), operator=self._operator, hold=hold
            )
        if opened:
            self._shut.add(message.medium)

    def _refused_for_good(self, message: Message, refusal: Rejected) -> None:
        with self._database.writing() as session:
            breakers.worked(session, message.medium)
            if refusal.verdict is Verdict.TEMPLATE and say_by_template(
                session, message.id, now=self._clock()
            ):
                return
            if refusal.verdict is Verdict.STOP_ADDRESS and message.kind is not MessageKind.ALERT:
                suppress(
                    session,
                    phone_index=message.address_index,
                    reason=f"provider {refusal.code}",
                    at=self._clock(),
                )
            _change(session, message.id, state=MessageState.REJECTED, error_code=refusal.code)

    def _rest_address(self, message: Message, refusal: Rejected) -> None:
        now = self._clock()
        waiting = sa.and_(
            Message.address_index == message.address_index,
            Message.state == MessageState.PENDING,
            Message.kind.not_in(leases.URGENT),
        )
        with self._database.writing() as session:
            session.execute(sa.update(Message).where(waiting).values(not_before=now + HOLD))
            key = f"chat:{message.address_index.hex()[:32]}:{now:%Y%m%d}"
            alarm(session, self._operator, key, chatting(refusal.code), now)
        self._retry(message, refusal.code, pause=HOLD)

    def _retry(self, message: Message, code: str, *, pause: dt.timedelta) -> None:
        if message.attempts >= MOST_ATTEMPTS and message.kind is not MessageKind.ALERT:
            return self.record(message.id, state=MessageState.REJECTED, error_code=code)
        due = self._clock() + pause * (1 + self._chance.random() / 4)
        return self.record(message.id, state=MessageState.PENDING, not_before=due, error_code=code)


def _longer_each_time(message: Message, *, most: int) -> dt.timedelta:
    return dt.timedelta(seconds=min(most, 2 ** min(message.attempts, 10)))


def _change(session: Session, message_id: int, **values: object) -> None:
    # Only what is still claimed: a receipt may have proved meanwhile that the message got out.
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(change.values(lease_until=None, **values))
