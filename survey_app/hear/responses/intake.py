"""THE way in: every answer from every channel is stored here, durably and once, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import BadAnswer, Instrument
from survey_app.ask.outreach import invitations
from survey_app.database import insert_or_ignore, upsert_all
from survey_app.hear.responses.submission import Origin, Outcome, Receipt, Submission
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow

TOO_FAST = dt.timedelta(seconds=1.5)
"""Link scanners post forms at once; a person needs longer to read one statement."""

RESPONSE = sa.select(Response.id, Response.state, Response.expires_at).with_for_update()
ANSWERS = sa.select(Answer.item_id, Answer.code)
CLOSED_STATES = {ResponseState.FINISHED: Outcome.ALREADY_FINISHED, ResponseState.EXPIRED: Outcome.CLOSED}


class _Row(NamedTuple):
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
    row = _locked_row(session, submission)
    submission_id = _claim(session, submission, row.id)
    if submission_id is None:
        return _receipt(session, Outcome.REPEATED, row, instrument, origin)
    if row.state in CLOSED_STATES:
        return Receipt(CLOSED_STATES[row.state], row.id, finished=row.state is ResponseState.FINISHED)
    _store(session, row.id, submission_id, codes, submission.received_at)
    state = _state_after(row, submission)
    receipt = _receipt(session, Outcome.STORED, row._replace(state=state), instrument, origin, faults)
    _move_on(session, receipt, state, submission)
    return receipt


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


def _locked_row(session: Session, submission: Submission) -> _Row:
    origin, at = submission.origin, submission.received_at
    query = RESPONSE.where(Response.origin == origin.name)
    found = session.connection().execute(query).first()
    fresh = found is None
    if fresh:
        fresh = bool(insert_or_ignore(session, Response, [_first_row(origin, submission, at)]))
        found = session.connection().execute(query).one()
    return _Row(found.id, ResponseState(found.state), fresh)  # type: ignore[union-attr]


def _first_row(origin: Origin, submission: Submission, at: dt.datetime) -> dict[str, Any]:
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
    query = sa.select(SubmissionRow.id).where(
        SubmissionRow.channel == submission.channel, SubmissionRow.key == submission.key
    )
    return session.connection().execute(query).scalar_one()


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
    session.connection().execute(sa.insert(AnswerHistory.__table__), history)  # type: ignore[arg-type]


def _state_after(row: _Row, submission: Submission) -> ResponseState:
    fast = submission.issued_at is not None and submission.received_at - submission.issued_at < TOO_FAST
    if fast and (row.fresh or row.state is ResponseState.QUARANTINED):
        return ResponseState.QUARANTINED
    return ResponseState.STARTED


def _receipt(
    session: Session,
    outcome: Outcome,
    row: _Row,
    instrument: Instrument,
    origin: Origin,
    faults: Mapping[str, str] | None = None,
) -> Receipt:  # noqa: PLR0913, PLR0917 - the pieces of one reply
    if row.state is ResponseState.FINISHED:
        return Receipt(outcome, row.id, finished=True)
    answers = {
        item_id: code
        for item_id, code in session.connection().execute(ANSWERS.where(Answer.response_id == row.id))
    }
    _drop_inapplicable(session, row.id, answers, instrument, origin)
    upcoming = instrument.next_item(answers, origin.items)
    finished = upcoming is None and row.state is not ResponseState.QUARANTINED
    return Receipt(outcome, row.id, finished=finished, next_item=upcoming, faults=faults or {})


def _drop_inapplicable(
    session: Session, response_id: int, answers: dict[str, int | None], instrument: Instrument, origin: Origin
) -> None:
    # A changed answer can close a branch; what was said inside it stays in the history only.
    applicable = {item.id for item in instrument.applicable(answers, origin.items)}
    for item_id in [item for item in answers if item not in applicable]:
        session.connection().execute(
            sa.delete(Answer).where(Answer.response_id == response_id, Answer.item_id == item_id)
        )
        del answers[item_id]


def _move_on(session: Session, receipt: Receipt, state: ResponseState, submission: Submission) -> None:
    changes: dict[str, Any] = {
        "state": ResponseState.FINISHED if receipt.finished else state,
        "updated_at": submission.received_at,
        "channel": submission.channel,
    }
    if receipt.finished:
        changes["finished_at"] = submission.received_at
        if submission.origin.invitation_id is not None:
            invitations.mark_answered(session, submission.origin.invitation_id, submission.received_at)
    session.connection().execute(
        sa.update(Response).where(Response.id == receipt.response_id).values(changes)
    )
