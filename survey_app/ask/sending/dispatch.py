"""The dispatcher: claims what is due, hands it over with no transaction open, and records what came of it."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.consent import suppress
from survey_app.ask.sending import leases, receipts
from survey_app.ask.sending.departure import Hooks, Postponed, Withdrawn, letter_of, prepare, with_document
from survey_app.ask.sending.gateways.contract import Gateway, Letter, NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.late import say_by_template
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.clock import Clock
from survey_app.crypto import Keys, WrongKey
from survey_app.database import Database

log = logging.getLogger(__name__)

HOLD = dt.timedelta(minutes=15)
MOST_ATTEMPTS = 12
SENT_ONCE_ONLY = frozenset({MessageKind.STOP_DONE})
"""Nobody who asked us to stop hears from us twice, whatever the provider lost."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries messages: a gateway for each medium, and the keys that open addresses."""

    gateways: Mapping[Medium, Gateway]
    keys: Keys
    hooks: Hooks


class Dispatcher:
    """Sends what is due; one runs in the clock process, and a second one would do no harm."""

    def __init__(self, database: Database, carrier: Carrier, clock: Clock) -> None:
        self._database = database
        self._carrier = carrier
        self._clock = clock
        self._held_until: dt.datetime | None = None
        self._jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing

    def run_once(self) -> int:
        """Send one batch and return how many messages were looked at."""
        now = self._clock()
        if self._held_until is not None and now < self._held_until:
            return 0
        self._look_again(now)
        with self._database.reading() as session:
            if not leases.is_work_due(session, now=now):
                return 0
        with self._database.writing() as session:
            leases.expire(session, now=now)
            claimed = leases.claim(session, now=now)
        for message_id in claimed:
            self._deliver(message_id)
        return len(claimed)

    def _deliver(self, message_id: int) -> None:
        now = self._clock()
        with self._database.reading() as session:
            message = session.get_one(Message, message_id)
            try:
                ready = prepare(session, message, keys=self._carrier.keys, hooks=self._carrier.hooks, now=now)
            except WrongKey:
                log.error("a message's address cannot be opened with the contact key in use")  # noqa: TRY400 - no contact details in tracebacks
                return self._record(message_id, state=MessageState.REJECTED, error_code="wrong key")
        if isinstance(ready, Withdrawn):
            return self._record(message_id, state=MessageState.WITHDRAWN)
        if isinstance(ready, Postponed):
            return self._record(message_id, state=MessageState.PENDING, not_before=ready.until)
        return self._hand_over(message, ready)

    def _hand_over(self, message: Message, letter: Letter) -> None:
        tried_at = self._clock()
        try:
            provider_id = self._gateway(message.medium).send(
                with_document(letter, message, self._carrier.hooks)
            )
        except NotSent:
            self._retry(
                message, "not sent", pause=dt.timedelta(seconds=min(60, 2 ** min(message.attempts, 6)))
            )
        except Rejected as refusal:
            self._refused(message, refusal)
        except Unsure:
            with self._database.writing() as session:
                leases.doubt(session, message.id, tried_at=tried_at)
        else:
            with self._database.writing() as session:
                accept(session, message.id, provider_id, sent_at=tried_at)

    def _gateway(self, medium: Medium) -> Gateway:
        try:
            return self._carrier.gateways[medium]
        except KeyError:
            raise Rejected("no gateway", Verdict.NEVER) from None

    def _refused(self, message: Message, refusal: Rejected) -> None:
        if refusal.verdict is Verdict.HOLD:
            log.error("the provider refuses everything with %s: sending is held for %s", refusal.code, HOLD)
            self._held_until = self._clock() + HOLD
            return self._retry(message, refusal.code, pause=HOLD)
        if refusal.verdict is Verdict.LATER:
            return self._retry(
                message, refusal.code, pause=dt.timedelta(seconds=min(900, 2 ** min(message.attempts, 10)))
            )
        with self._database.writing() as session:
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

    def _retry(self, message: Message, code: str, *, pause: dt.timedelta) -> None:
        if message.attempts >= MOST_ATTEMPTS and message.kind is not MessageKind.ALERT:
            return self._record(message.id, state=MessageState.REJECTED, error_code=code)
        due = self._clock() + pause * (1 + self._jitter.random() / 4)
        return self._record(message.id, state=MessageState.PENDING, not_before=due, error_code=code)

    def _record(self, message_id: int, **values: object) -> None:
        with self._database.writing() as session:
            _change(session, message_id, **values)

    def _look_again(self, now: dt.datetime) -> None:
        with self._database.reading() as session:
            in_doubt = leases.doubtful(session, now=now)
        for message in in_doubt:
            self._settle(message, now)

    def _settle(self, message: Message, now: dt.datetime) -> None:
        tried_at = message.sent_at or now
        with self._database.reading() as session:
            carrier = self._carrier
            letter = letter_of(session, message, keys=carrier.keys, hooks=carrier.hooks, now=tried_at)
        provider_id = self._carrier.gateways[message.medium].find(letter, tried_at=tried_at)
        with self._database.writing() as session:
            if provider_id is not None and not _is_known(session, provider_id):
                return accept(session, message.id, provider_id, sent_at=message.sent_at or now)
            look = leases.next_look(message, now=now)
            lost = look is None and message.attempts < 2 and message.kind not in SENT_ONCE_ONLY
            values = {"state": MessageState.PENDING, "not_before": now} if lost else {"lease_until": look}
            session.execute(
                sa.update(Message)
                .where(Message.id == message.id, Message.state == MessageState.UNKNOWN)
                .values(**values)
            )
        return None


def accept(session: Session, message_id: int, provider_id: str, *, sent_at: dt.datetime) -> None:
    """Record that the provider has a message, whatever a receipt or a lost lease said meanwhile."""
    values = {
        "state": MessageState.ACCEPTED,
        "provider_id": provider_id,
        "sent_at": sent_at,
        "lease_until": None,
    }
    session.execute(sa.update(Message).where(Message.id == message_id).values(**values))
    receipts.catch_up(session, message_id=message_id, provider_id=provider_id)


def _is_known(session: Session, provider_id: str) -> bool:
    return (
        session.execute(sa.select(Message.id).where(Message.provider_id == provider_id)).first() is not None
    )


def _change(session: Session, message_id: int, **values: object) -> None:
    # Only what is still claimed: a receipt may have proved meanwhile that the message got out.
    change = sa.update(Message).where(Message.id == message_id, Message.state == MessageState.CLAIMED)
    session.execute(change.values(lease_until=None, **values))
