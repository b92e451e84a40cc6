"""The dispatcher: claims what is due, hands it over with no transaction open, and records what came of it."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.texts import measure_text
from survey_app.ask.population.consent import suppress
from survey_app.ask.sending import breakers, doubts, leases, spend, tending
from survey_app.ask.sending.alarms import Operator, alarm, chatting
from survey_app.ask.sending.departure import Hooks, Postponed, Withdrawn, letter_of, prepare, with_document
from survey_app.ask.sending.gateways.contract import Gateway, Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.late import say_by_template
from survey_app.ask.sending.pace import Pace
from survey_app.ask.sending.policy import PENNY, Policy
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.clock import Clock
from survey_app.crypto import Keys, WrongKey
from survey_app.database import Database

log = logging.getLogger(__name__)

HOLD = breakers.PAUSE
MOST_ATTEMPTS = 12
TENDING = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries messages: a gateway for each medium, the keys that open addresses, the rules that hold."""

    gateways: Mapping[Medium, Gateway]
    keys: Keys
    hooks: Hooks
    policy: Policy = field(default_factory=Policy)


class Dispatcher:
    """Sends what is due; one runs in the clock process, and a second one would do no harm."""

    def __init__(self, database: Database, carrier: Carrier, clock: Clock) -> None:
        self._database = database
        self._carrier = carrier
        self._clock = clock
        self._operator = Operator(carrier.policy.operator_email, carrier.keys)
        self._pace = Pace(carrier.policy.texts_a_second)
        self._shut: set[Medium] = set()  # in this batch
        self._tended_at: dt.datetime | None = None
        self._jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing

    def run_once(self) -> int:
        """Send one batch and return how many messages were looked at."""
        now = self._clock()
        self._look_again(now)
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
        self._shut = set()
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
            if message.medium in self._shut and message.kind not in leases.URGENT:
                return self._give_back(message)
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
                return self._record(message_id, state=MessageState.REJECTED, error_code="wrong key")
        if isinstance(ready, Withdrawn):
            return self._record(message_id, state=MessageState.WITHDRAWN)
        if isinstance(ready, Postponed):
            waits = {"state": MessageState.PENDING, "not_before": ready.until}
            return self._record(message_id, **waits, attempts=Message.attempts - 1)
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
            self._failed(message, str(fault))
            self._retry(
                message, "not sent", pause=dt.timedelta(seconds=min(60, 2 ** min(message.attempts, 6)))
            )
        except Rejected as refusal:
            self._refused(message, refusal)
        except Unsure as fault:
            self._failed(message, fault.code or "no clear answer")
            with self._database.writing() as session:
                paid = self._paid(message, letter)
                leases.doubt(session, message.id, tried_at=tried_at, **paid, error_code=fault.code or None)
        else:
            with self._database.writing() as session:
                breakers.worked(session, message.medium)
                paid = self._paid(message, letter)
                doubts.accept(session, message, provider_id, sent_at=tried_at, **paid)

    def _paid(self, message: Message, letter: Letter) -> dict[str, int]:
        # Each try costs: a message that was sent once more after it was lost may have been paid twice.
        segments = measure_text(letter.body).segments if message.medium is Medium.TEXT else 1
        return {
            "segments": segments,
            "cost": message.cost + self._carrier.policy.cost(message.medium, segments),
        }

    def _failed(self, message: Message, code: str, *, hold: bool = False) -> None:
        with self._database.writing() as session:
            opened = breakers.failed(
                session, message.medium, code, now=self._clock(), operator=self._operator, hold=hold
            )
        if opened:
            self._shut.add(message.medium)

    def _gateway(self, medium: Medium) -> Gateway:
        try:
            return self._carrier.gateways[medium]
        except KeyError:
            raise Rejected("no gateway", Verdict.NEVER) from None

    def _refused(self, message: Message, refusal: Rejected) -> None:
        if refusal.verdict is Verdict.HOLD:
            log.error("the provider refuses everything with %s: sending is held for %s", refusal.code, HOLD)
            self._failed(message, refusal.code, hold=True)
            return self._retry(message, refusal.code, pause=HOLD)
        if refusal.verdict is Verdict.HOLD_ADDRESS:
            return self._rest_address(message, refusal)
        if refusal.verdict is Verdict.LATER:
            return self._retry(
                message, refusal.code, pause=dt.timedelta(seconds=min(900, 2 ** min(message.attempts, 10)))
            )
        with self._database.writing() as session:
            breakers.worked(session, message.medium)
            if refusal.verdict is Verdict.TEMPLATE and say_by_template(
                session, message.id, now=self._clock()
            ):
                return None
            if refusal.verdict is Verdict.STOP_ADDRESS and message.kind is not MessageKind.ALERT:
                suppress(
                    session,
                    phone_index=message.address_index,
                    reason=f"provider {refusal.code}",
                    at=self._clock(),
                )
            _change(session, message.id, state=MessageState.REJECTED, error_code=refusal.code)
        return None

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
            return self._record(message.id, state=MessageState.REJECTED, error_code=code)
        due = self._clock() + pause * (1 + self._jitter.random() / 4)
        return self._record(message.id, state=MessageState.PENDING, not_before=due, error_code=code)

    def _give_back(self, message: Message) -> None:
        with self._database.writing() as session:
            leases.give_back(session, message.id)

    def _record(self, message_id: int, **values: object) -> None:
        with self._database.writing() as session:
            _change(session, message_id, **values)

    def _tend(self, now: dt.datetime) -> None:
        if self._tended_at is not None and now < self._tended_at + TENDING:
            return
        self._tended_at = now
        with self._database.reading() as session:
            if not tending.is_any_due(session, self._carrier.policy, now):
                return
        with self._database.writing() as session:
            tending.tend(session, self._carrier.policy, self._operator, now)

    def _look_again(self, now: dt.datetime) -> None:
        with self._database.reading() as session:
            in_doubt = leases.doubtful(session, now=now)
        for message in in_doubt:
            self._settle(message, now)

    def _settle(self, message: Message, now: dt.datetime) -> None:
        gateway = self._carrier.gateways.get(message.medium)
        try:
            letter = self._letter(message)
            ids = self._found(gateway, message, letter, now) if gateway else ()
        except WrongKey:
            with self._database.writing() as session:
                return doubts.give_up(session, message)
        except NotSent:
            with self._database.writing() as session:
                return doubts.postpone(session, message, now=now)
        with self._database.writing() as session:
            return doubts.settle(session, message, ids, now=now)

    def _found(self, gateway: Gateway, message: Message, letter: Letter, now: dt.datetime) -> Sequence[str]:
        ids = doubts.looked_for(gateway, letter, tried_at=message.sent_at or now)
        with self._database.reading() as session:
            later = doubts.tried_after(session, message) if ids else ()
        theirs = {one for at in later for one in doubts.looked_for(gateway, letter, tried_at=at)}
        return [one for one in ids if one not in theirs]

    def _letter(self, message: Message) -> Letter:
        carrier, tried_at = self._carrier, message.sent_at or self._clock()
        with self._database.reading() as session:
            return letter_of(session, message, keys=carrier.keys, hooks=carrier.hooks, now=tried_at)


def _change(session: Session, message_id: int, **values: object) -> None:
    # Only what is still claimed: a receipt may have proved meanwhile that the message got out.
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(change.values(lease_until=None, **values))
