"""THE way in: every answer from every channel is stored here, durably and once, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import BadAnswer, Instrument, Item
from survey_app.ask.outreach import invitations
from survey_app.ask.sending import outbox
from survey_app.database import insert_new, upsert_all
from survey_app.hear.responses.progress import answers_of
from survey_app.hear.responses.submission import Origin, Outcome, Receipt, Submission
from survey_app.hear.responses.tables import (
    Answer,
    AnswerHistory,
    Channel,
    Response,
    ResponseState,
    SubmissionRow,
)

TOO_FAST = dt.timedelta(seconds=1.5)
"""Link scanners post forms at once; a person needs longer to read one statement."""

# Built once: on the path of every answer, making a statement costs more than running it.
HELD = (
    sa.select(Response.id, Response.state, Response.channel)
    .where(Response.origin == sa.bindparam("origin"))
    .with_for_update()
)
KEEP = sa.insert(AnswerHistory)
MOVE = sa.update(Response).where(Response.id == sa.bindparam("response"))

CLOSED_STATES = {ResponseState.FINISHED: Outcome.ALREADY_FINISHED, ResponseState.EXPIRED: Outcome.CLOSED}


class _Held(NamedTuple):
    """A response whose row this transaction holds; `fresh` where it made it."""

    id: int
    state: ResponseState
    channel: Channel
    fresh: bool = False


def accept(session: Session, submission: Submission, library: Library) -> Receipt:
    """Store what is readable of a submission in the caller's transaction and say what comes next.

    A repeat of the same key changes nothing and gets the same answer. One unreadable answer
    does not lose the others; it comes back as a fault.
    """
    origin = submission.origin
    instrument = library.get(origin.instrument_id, origin.instrument_version)
    codes, faults = _read(submission.answers, instrument, origin)
    if not codes:
        return Receipt(Outcome.REFUSED, faults=faults)
    if submission.received_at >= submission.closes_at:
        return Receipt(Outcome.CLOSED)
    held = _hold(session, submission)
    submission_id = _claim(session, submission, held.id)
    answers = answers_of(session, held.id)
    if submission_id is None:
        return _receipt(Outcome.REPEATED, held.id, held.state, instrument.next_item(answers, origin.items))
    if held.state in CLOSED_STATES:
        return _receipt(CLOSED_STATES[held.state], held.id, held.state, None)
    _store(session, held.id, submission_id, codes, submission.received_at)
    answers = _without_closed_branches(session, held.id, answers | codes, instrument, origin)
    upcoming = instrument.next_item(answers, origin.items)
    state = _state_after(held, submission, upcoming)
    _move_on(session, held.id, state, submission)
    if held.fresh or held.channel is not submission.channel:
        _withdraw_waiting(session, origin)
    return _receipt(Outcome.STORED, held.id, state, upcoming, faults)


def _read(
    answers: Mapping[str, int | str | None], instrument: Instrument, origin: Origin
) -> tuple[dict[str, int | None], dict[str, str]]:
    codes: dict[str, int | None] = {}
    faults: dict[str, str] = {}
    asked = set(origin.items) if origin.items is not None else {item.id for item in instrument.items}
    for item_id, raw in answers.items():
        if item_id not in asked:
            faults[item_id] = "not an item of this survey"
            continue
        try:
            codes[item_id] = None if raw is None else instrument.item(item_id).read(raw)
        except BadAnswer as fault:
            faults[item_id] = str(fault)
    return codes, faults


def _hold(session: Session, submission: Submission) -> _Held:
    origin = {"origin": submission.origin.name}
    found = session.connection().execute(HELD, origin).first()
    if found is not None:
        return _Held(found.id, found.state, found.channel)
    made = insert_new(session, Response, _first_row(submission))
    if made is not None:
        return _Held(made, ResponseState.STARTED, submission.channel, fresh=True)
    found = session.connection().execute(HELD, origin).one()
    return _Held(found.id, found.state, found.channel)


def _first_row(submission: Submission) -> dict[str, Any]:
    origin, at = submission.origin, submission.received_at
    return {
        "origin": origin.name,
        "person": origin.person,
        "instrument_id": origin.instrument_id,
        "instrument_version": origin.instrument_version,
        "audience": origin.audience,
        "place_id": origin.place_id,
        "practice_id": origin.practice_id,
        "category": origin.category,
        "items": list(origin.items) if origin.items is not None else None,
        "channel": submission.channel,
        "language": origin.language,
        "state": ResponseState.STARTED,
        "started_at": at,
        "updated_at": at,
        "expires_at": submission.closes_at,
        "synthetic": origin.synthetic,
    }


def _claim(session: Session, submission: Submission, response_id: int) -> int | None:
    """Return the new submission's id, or None where the key has been seen."""
    row = {
        "channel": submission.channel,
        "key": submission.key,
        "response_id": response_id,
        "received_at": submission.received_at,
        "late": submission.late,
    }
    return insert_new(session, SubmissionRow, row)


def _store(
    session: Session, response_id: int, submission_id: int, codes: Mapping[str, int | None], at: dt.datetime
) -> None:
    standing = [
        {"response_id": response_id, "item_id": item, "code": code, "answered_at": at}
        for item, code in codes.items()
    ]
    upsert_all(session, Answer, standing, key=["response_id", "item_id"])
    history = [
        {"response_id": response_id, "submission_id": submission_id, "item_id": item, "code": code}
        for item, code in codes.items()
    ]
    session.connection().execute(KEEP, history)


def _without_closed_branches(
    session: Session, response_id: int, answers: dict[str, int | None], instrument: Instrument, origin: Origin
) -> dict[str, int | None]:
    # A changed answer can close a branch; what was said inside it stays in the history only.
    # Closing one branch can close another inside it, so look again until nothing more falls away.
    kept = answers
    while gone := set(kept) - {item.id for item in instrument.applicable(kept, origin.items)}:
        kept = {item_id: code for item_id, code in kept.items() if item_id not in gone}
    dropped = set(answers) - set(kept)
    if dropped:
        lost = sa.and_(Answer.response_id == response_id, Answer.item_id.in_(dropped))
        session.connection().execute(sa.delete(Answer).where(lost))
    return kept


def _state_after(held: _Held, submission: Submission, upcoming: Item | None) -> ResponseState:
    fast = submission.issued_at is not None and submission.received_at - submission.issued_at < TOO_FAST
    if fast and (held.fresh or held.state is ResponseState.QUARANTINED):
        return ResponseState.QUARANTINED
    return ResponseState.FINISHED if upcoming is None else ResponseState.STARTED


def _move_on(session: Session, response_id: int, state: ResponseState, submission: Submission) -> None:
    at = submission.received_at
    changes: dict[str, Any] = {"state": state, "updated_at": at, "channel": submission.channel}
    if state is ResponseState.FINISHED:
        changes["finished_at"] = at
        if submission.origin.invitation_id is not None:
            invitations.mark_answered(session, submission.origin.invitation_id, at)
    session.connection().execute(MOVE, changes | {"response": response_id})


def _withdraw_waiting(session: Session, origin: Origin) -> None:
    # Whoever goes on elsewhere is not asked the question that still waits, nor reminded.
    if origin.invitation_id is not None:
        outbox.withdraw(session, invitation_id=origin.invitation_id)


def _receipt(
    outcome: Outcome,
    response_id: int,
    state: ResponseState,
    upcoming: Item | None,
    faults: Mapping[str, str] | None = None,
) -> Receipt:
    finished = state is ResponseState.FINISHED
    return Receipt(outcome, response_id, finished, None if finished else upcoming, faults or {})
