"""What the tables know of each invitation, put together for its disposition."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.tables import Exclusion, Participant, Suppression
from survey_app.ask.sending.outbox import ASKING, UNREACHED
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.hear.responses.dispositions import Ending, contact_of, objection_of
from survey_app.hear.responses.tables import Answer, Response, ResponseState


def endings() -> sa.Select[Any]:
    """Return the query of every invitation with all that is known of it; callers choose among them."""
    origin = sa.literal("invitation:").concat(sa.cast(Invitation.id, sa.String))
    answers, messages = _answers(), _messages()
    return (
        sa.select(
            Invitation.participant_id,
            Invitation.place_id,
            Invitation.category,
            Invitation.state,
            Invitation.items,
            Response.state.label("response"),
            Response.channel.label("answered_by"),
            Invitation.channel.label("asked_by"),
            answers.c.n_answered,
            answers.c.n_seen,
            messages.c.n_messages,
            messages.c.n_reached,
            messages.c.n_in_doubt,
            _objection().label("objection"),
            _left_alone().label("is_left_alone"),
        )
        .join(Participant, Participant.id == Invitation.participant_id)
        .join(Response, Response.origin == origin, isouter=True)
        .join(answers, answers.c.response_id == Response.id, isouter=True)
        .join(messages, messages.c.invitation_id == Invitation.id, isouter=True)
    )


def ending_of(row: sa.Row[Any], n_items: int) -> Ending:
    """Return what one row of `endings` says; `n_items` is how many statements its survey has."""
    return Ending(
        share=_share(row, len(row.items or ()) or n_items),
        is_open=row.state is InvitationState.OPEN,
        is_cancelled=row.state is InvitationState.CANCELLED,
        objection=objection_of(row.objection),
        is_left_alone=bool(row.is_left_alone),
        contact=contact_of(row.n_messages or 0, row.n_reached or 0, row.n_in_doubt or 0),
    )


def _share(row: sa.Row[Any], n_items: int) -> float | None:
    if not row.n_seen:
        return None
    # Who finished saw all that applied to them; who did not leaves the rest unanswered.
    applied = row.n_seen if row.response is ResponseState.FINISHED else max(n_items, row.n_seen)
    return float(row.n_answered / applied)


def _answers() -> sa.Subquery:
    counted = sa.select(
        Answer.response_id, sa.func.count(Answer.code).label("n_answered"), sa.func.count().label("n_seen")
    )
    return counted.group_by(Answer.response_id).subquery()


def _messages() -> sa.Subquery:
    undelivered = Message.delivery.in_(UNREACHED)
    out = sa.and_(Message.state == MessageState.ACCEPTED, sa.or_(Message.delivery.is_(None), ~undelivered))
    doubt = Message.state.in_((MessageState.UNKNOWN, MessageState.LOST))
    counted = sa.select(
        Message.invitation_id,
        sa.func.sum(sa.case((Message.kind.in_(ASKING), 1), else_=0)).label("n_messages"),
        sa.func.sum(sa.case((out, 1), else_=0)).label("n_reached"),
        sa.func.sum(sa.case((doubt, 1), else_=0)).label("n_in_doubt"),
    )
    return counted.where(Message.invitation_id.is_not(None)).group_by(Message.invitation_id).subquery()


def _objection() -> sa.ScalarSelect[Any]:
    # What is said after the time to answer is over changes nothing any more.
    said = sa.select(Suppression.reason).where(
        Suppression.phone_index == Participant.phone_index, Suppression.since <= Invitation.expires_at
    )
    return said.correlate(Participant, Invitation).scalar_subquery()


def _left_alone() -> sa.Exists:
    day = sa.func.date(Invitation.expires_at)
    return sa.exists().where(
        Exclusion.participant_id == Participant.id,
        Exclusion.from_day <= day,
        sa.or_(Exclusion.until_day.is_(None), Exclusion.until_day >= day),
    )
