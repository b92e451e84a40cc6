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
from survey_app.database import insert_or_ignore, upsert
from survey_app.hear.responses.progress import answers_of
from survey_app.hear.responses.submission import Origin, Outcome, Receipt, Submission
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow

TOO_FAST = dt.timedelta(seconds=1.5)
"""Link scanners post forms at once; a person needs longer to read one statement."""

CLOSED_STATES = {ResponseState.FINISHED: Outcome.ALREADY_FINISHED, ResponseState.EXPIRED: Outcome.CLOSED}


class _Held(NamedTuple):
    """A response whose row this transaction holds; `fresh` where it made it."""

    id: int
    state: ResponseState
    fresh: bool


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
    if submission.received_at >= origin.expires_at:
        return Receipt(Outcome.CLOSED)
    held = _hold(session, submission)
    submission_id = _claim(session, submission, held.id)
    if submission_id is None:
        upcoming = _next_item(session, held.id, instrument, origin)
        return _receipt(Outcome.REPEATED, held.id, held.state, upcoming)
    if held.state in CLOSED_STATES:
        return _receipt(CLOSED_STATES[held.state], held.id, held.state, None)
    _store(session, held.id, submission_id, codes, submission.received_at)
    _drop_inapplicable(session, held.id, instrument, origin)
    upcoming = _next_item(session, held.id, instrument, origin)
    state = _state_after(held, submission, upcoming)
    _move_on(session, held.id, state, submission)
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
    query = sa.select(Response.id, Response.state).where(Response.origin == submission.origin.name)
    locking = query.with_for_update()
    found = session.connection().execute(locking).first()
    if found is not None:
        return _Held(found.id, found.state, fresh=False)
    fresh = bool(insert_or_ignore(session, Response, [_first_row(submission)]))
    made = session.connection().execute(locking).one()
    return _Held(made.id, made.state, fresh)


def _first_row(submission: Submission) -> dict[str, Any]:
    origin, at = submission.origin, submission.received_at
    return {
        "origin": origin.name,
        "person": origin.person,
        "instrument_id": origin.instrument_id,
        "instrument_version": origin.instrument_version,
        "audience": origin.audience,
        "place_id": origin.place_id,
        "items": list(origin.items) if origin.items is not None else None,
        "channel": submission.channel,
        "language": origin.language,
        "state": ResponseState.STARTED,
        "started_at": at,
        "updated_at": at,
        "expires_at": origin.expires_at,
        "synthetic": origin.synthetic,
    }


def _claim(session: Session, submission: Submission, response_id: int) -> int | None:
    """Return the new submission's id, or None where the key has been seen."""
    row = {
        "channel": submission.channel,
        "key": submission.key,
        "response_id": response_id,
        "received_at": submission.received_at,
    }
    if not insert_or_ignore(session, SubmissionRow, [row]):
        return None
    mine = sa.and_(SubmissionRow.channel == submission.channel, SubmissionRow.key == submission.key)
    return session.connection().execute(sa.select(SubmissionRow.id).where(mine)).scalar_one()


def _store(
    session: Session, response_id: int, submission_id: int, codes: Mapping[str, int | None], at: dt.datetime
) -> None:
    for item_id, code in codes.items():
        row = {"response_id": response_id, "item_id": item_id, "code": code, "answered_at": at}
        upsert(session, Answer, row, key=["response_id", "item_id"])
    history = [
        {"response_id": response_id, "submission_id": submission_id, "item_id": item, "code": code}
        for item, code in codes.items()
    ]
    session.connection().execute(sa.insert(AnswerHistory), history)


def _drop_inapplicable(session: Session, response_id: int, instrument: Instrument, origin: Origin) -> None:
    # A changed answer can close a branch; what was said inside it stays in the history only.
    # Closing one branch can close another inside it, so look again until nothing more falls away.
    answers = answers_of(session, response_id)
    dropped: set[str] = set()
    while gone := set(answers) - {item.id for item in instrument.applicable(answers, origin.items)}:
        dropped |= gone
        answers = {item_id: code for item_id, code in answers.items() if item_id not in gone}
    if dropped:
        lost = sa.and_(Answer.response_id == response_id, Answer.item_id.in_(dropped))
        session.connection().execute(sa.delete(Answer).where(lost))


def _next_item(session: Session, response_id: int, instrument: Instrument, origin: Origin) -> Item | None:
    return instrument.next_item(answers_of(session, response_id), origin.items)


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
    statement = sa.update(Response).where(Response.id == response_id)
    session.connection().execute(statement.values(changes))


def _receipt(
    outcome: Outcome,
    response_id: int,
    state: ResponseState,
    upcoming: Item | None,
    faults: Mapping[str, str] | None = None,
) -> Receipt:
    finished = state is ResponseState.FINISHED
    return Receipt(outcome, response_id, finished, None if finished else upcoming, faults or {})
