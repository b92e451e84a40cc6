"""The dispatcher: claims what is due and hands it over with no transaction open."""

from __future__ import annotations

import datetime as dt
import logging
import random

from sqlalchemy.orm import Session

from survey_app.ask.sending import breakers, leases, spend, tending
from survey_app.ask.sending.alarms import Operator
from survey_app.ask.sending.carrier import Carrier
from survey_app.ask.sending.departure import Postponed, Withdrawn, prepare, with_document
from survey_app.ask.sending.gateways.contract import Gateway, Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.outcomes import Outcomes
from survey_app.ask.sending.pace import Pace
from survey_app.ask.sending.policy import PENNY
from survey_app.ask.sending.second_looks import look_again
from survey_app.ask.sending.tables import Medium, Message, MessageState
from survey_app.clock import Clock
from survey_app.crypto import WrongKey
from survey_app.database import Database

__all__ = ["Carrier", "Dispatcher"]

log = logging.getLogger(__name__)

TENDING = dt.timedelta(minutes=1)


class Dispatcher:
    """Sends what is due; one runs in the clock process, and a second one would do no harm."""

    def __init__(
        self, database: Database, carrier: Carrier, clock: Clock, *, chance: random.Random | None = None
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._clock = clock
        self._operator = Operator(carrier.policy.operator_email, carrier.keys)
        self._pace = Pace(carrier.policy.texts_a_second)
        self._tended_at: dt.datetime | None = None
        chance = chance or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._outcomes = Outcomes(database, carrier.policy, self._operator, clock, chance)

    def run_once(self) -> int:
        """Send one batch and return how many messages were looked at."""
        now = self._clock()
        look_again(self._database, self._carrier, now)
        self._tend(now)
        with self._database.reading() as session:
            if not leases.is_work_due(session, now=now):
                return 0
            room = self._room(session, now)
            if not leases.is_work_possible(session, now=now, room=room):
                return 0
        with self._database.writing() as session:
            leases.expire(session, now=now)
            claimed = leases.claim(session, now=now, room=room)
        self._outcomes.begin_batch()
        for message_id in claimed:
            self._deliver(message_id)
        return len(claimed)

    def _room(self, session: Session, now: dt.datetime) -> leases.Room:
        policy, limits = self._carrier.policy, {}
        for medium in self._carrier.gateways:
            passing = breakers.allowed(session, medium, now)
            limits[medium] = leases.BATCH if passing is None else passing
        if Medium.TEXT in limits:
            limits[Medium.TEXT] = min(limits[Medium.TEXT], self._pace.free(now))
        prices = {medium: round(price * PENNY) for medium, price in policy.prices.items()}
        return leases.Room(limits, spend.left_today(session, policy, now), prices)

    def _deliver(self, message_id: int) -> None:
        now = self._clock()
        with self._database.reading() as session:
            message = session.get_one(Message, message_id)
            if self._outcomes.is_shut(message):
                return self._outcomes.given_back(message)
            try:
                ready = prepare(
                    session,
                    message,
                    keys=self._carrier.keys,
                    hooks=self._carrier.hooks,
                    now=now,
                    most_in_a_breath=self._carrier.policy.texts_in_half_a_minute,
                )
            except WrongKey:
                log.error("a message's address cannot be opened with the contact key in use")  # noqa: TRY400 - no contact details in tracebacks
                return self._outcomes.record(message_id, state=MessageState.REJECTED, error_code="wrong key")
        if isinstance(ready, Withdrawn):
            return self._outcomes.record(message_id, state=MessageState.WITHDRAWN)
        if isinstance(ready, Postponed):
            waits = {"state": MessageState.PENDING, "not_before": ready.until}
            return self._outcomes.record(message_id, **waits, attempts=Message.attempts - 1)
        return self._hand_over(message, ready)

    def _hand_over(self, message: Message, letter: Letter) -> None:
        tried_at = self._clock()
        if message.medium is Medium.TEXT:
            self._pace.took(tried_at)
        try:
            provider_id = self._gateway(message.medium).send(
                with_document(letter, message, self._carrier.hooks)
            )
        except NotSent as fault:
            self._outcomes.not_sent(message, fault)
        except Rejected as refusal:
            self._outcomes.refused(message, refusal)
        except Unsure as fault:
            self._outcomes.in_doubt(message, letter, fault, tried_at=tried_at)
        else:
            self._outcomes.accepted(message, letter, provider_id, tried_at=tried_at)

    def _gateway(self, medium: Medium) -> Gateway:
        try:
            return self._carrier.gateways[medium]
        except KeyError:
            raise Rejected("no gateway", Verdict.NEVER) from None

    def _tend(self, now: dt.datetime) -> None:
        if self._tended_at is not None and now < self._tended_at + TENDING:
            return
        self._tended_at = now
        with self._database.reading() as session:
            if not tending.is_any_due(session, self._carrier.policy, now):
                return
        with self._database.writing() as session:
            tending.tend(session, self._carrier.policy, self._operator, now)
