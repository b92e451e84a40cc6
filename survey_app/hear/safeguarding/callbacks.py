"""People who ask to be called: kept apart from every answer, seen by the place's officers until it is done.

It stands here, beside the alerts, because it is the same duty: somebody told us that they need a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.crypto import Keys, keyed_hash, seal, unseal
from survey_app.database import insert_or_ignore
from survey_app.hear.safeguarding.tables import CallBack, CallOutcome, CallState, CallTime
from survey_app.settings import Settings

WEB_CONSENT, TEXT_CONSENT, POSTER_CONSENT = "web-1", "text-1", "poster-1"
"""Which words were agreed to, call.consent of the pages or `contact` of the texts: new words, new name."""
KEPT_WHEN_DONE = dt.timedelta(days=30)
"""For so long what came of a call is kept; the number goes at once."""

SUBJECT = "Someone asks to be called"
BODY = """Someone who met a survey by {service} asks to be called.

Good time: {when}
Please sign in to see the number, call, and say what came of it:
{base_url}/workspace/call-backs

This e-mail leaves out the number on purpose. Nobody can tell what this person answered, if they answered.
"""
TIMES = {
    CallTime.ANY: "any time",
    CallTime.MORNING: "in the morning",
    CallTime.AFTERNOON: "in the afternoon",
    CallTime.EVENING: "early in the evening",
}


@dataclass(frozen=True, slots=True)
class CallRequest:
    """Who wants to be called, and when; `source` makes a repeat harmless and is stored as a keyed hash.

    The service is told at `tell_at`; at once where that is left out.
    """

    source: str
    number: str
    place_id: str | None
    language: str
    consent: str
    at: dt.datetime
    wanted_when: CallTime = CallTime.ANY
    tell_at: dt.datetime | None = None

    def __repr__(self) -> str:
        return f"CallRequest({self.wanted_when})"


def ask(session: Session, request: CallRequest, *, keys: Keys, settings: Settings) -> bool:
    """Store a wish to be called and queue the notice to the service; one source, or one number, has one."""
    index = index_of(keys, request.number)
    waiting = sa.select(CallBack.id).where(CallBack.address_index == index, CallBack.state == CallState.OPEN)
    if session.execute(waiting.limit(1)).first() is not None:
        return False
    source = source_of(keys, request.source)
    row = {
        "source": source,
        "place_id": request.place_id,
        "language": request.language,
        "address_sealed": seal(keys.contact, request.number, bound_to=_sealed_for(source)),
        "address_index": index,
        "wanted_when": request.wanted_when,
        "consent": request.consent,
        "state": CallState.OPEN,
        "asked_at": request.at,
    }
    if not insert_or_ignore(session, CallBack, [row]):
        return False
    queue(session, _notice(source, request, settings), keys=keys, now=request.at)
    return True


def has_asked(session: Session, keys: Keys, source: str) -> bool:
    """Tell whether a source has asked already."""
    query = sa.select(CallBack.id).where(CallBack.source == source_of(keys, source))
    return session.execute(query).first() is not None


def open_calls(session: Session) -> Sequence[CallBack]:
    """Return the wishes nobody has taken care of, the oldest first."""
    query = sa.select(CallBack).where(CallBack.state == CallState.OPEN)
    return session.execute(query.order_by(CallBack.asked_at, CallBack.id)).scalars().all()


def finish(session: Session, *, call_id: int, outcome: CallOutcome, by: str, at: dt.datetime) -> bool:
    """Record what came of calling and delete the number; the first one stands."""
    change = sa.update(CallBack).where(CallBack.id == call_id, CallBack.state == CallState.OPEN)
    done = change.values(
        state=CallState.DONE,
        outcome=outcome,
        done_by=by,
        done_at=at,
        address_sealed=None,
        address_index=None,
    )
    return session.execute(done.returning(CallBack.id)).first() is not None


def number_of(call: CallBack, keys: Keys) -> str:
    """Return the number to call, nothing once it is done; for the place's officers only."""
    if call.address_sealed is None:
        return ""
    return unseal(keys.contact, call.address_sealed, bound_to=_sealed_for(call.source))


def purge(session: Session, now: dt.datetime) -> int:
    """Delete what was noted of calls made a month ago, and return how many those were."""
    old = sa.and_(CallBack.state == CallState.DONE, CallBack.done_at < now - KEPT_WHEN_DONE)
    return len(session.scalars(sa.delete(CallBack).where(old).returning(CallBack.id)).all())


def forget(session: Session, keys: Keys, number: str) -> None:
    """Delete every wish to be called on a number."""
    session.execute(sa.delete(CallBack).where(CallBack.address_index == index_of(keys, number)))


def index_of(keys: Keys, number: str) -> bytes:
    """Return the keyed index of a number, made for this table alone: it joins to nothing else."""
    return keyed_hash(keys.index, "call-back number", number)


def source_of(keys: Keys, source: str) -> bytes:
    """Return the keyed hash under which a source is known."""
    return keyed_hash(keys.index, "call-back source", source)


def _notice(source: bytes, request: CallRequest, settings: Settings) -> Outgoing:
    body = BODY.format(
        service=settings.service_name, when=TIMES[request.wanted_when], base_url=settings.public_base_url
    )
    return Outgoing(
        key=f"call-back:{source.hex()[:40]}",
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=settings.call_back_email,
        body=body,
        not_before=request.tell_at or request.at,
        subject=SUBJECT,
    )


def _sealed_for(source: bytes) -> str:
    return f"call-back:{source.hex()}"
