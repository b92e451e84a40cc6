"""A week of texts of the demonstration, with receipts as providers give them, and people left alone."""

from __future__ import annotations

import datetime as dt
import random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.excluding import exclude
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.outreach.texts import filled
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending import doubts, leases, receipts
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.policy import policy_of
from survey_app.ask.sending.receipts import Said
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.bootstrap import Runtime

N_TEXTS = 60
WEEKS_AGO = dt.timedelta(weeks=3)
MINUTE = dt.timedelta(minutes=1)
FAILURES = ("30003", "30003", "30003", "30008", "30006", "30006", "30007", "39999")
"""A phone that was off, a network without a reason, two landlines, a filter, and a code nobody knows."""
EXCLUDED = 3


def deliver(runtime: Runtime, campaign_name: str) -> None:
    """Let a past week's invitations have left by text, most of them to arrive."""
    luck = random.Random(campaign_name)  # noqa: S311 - a demonstration must be repeatable
    latest = runtime.clock() - WEEKS_AGO
    with runtime.database.writing() as session:
        sent = [_queue(session, runtime, *row) for row in _asked(session, campaign_name, latest)]
        while claimed := leases.claim(session, now=latest, room=leases.Room()):
            for message_id in claimed:
                _send(session, runtime, message_id)
        failed = dict(zip(luck.sample(sent, min(len(sent), len(FAILURES))), FAILURES, strict=False))
        for key in sent:
            _report(session, key, failed.get(key, ""))
        _leave_alone(session, runtime)


def _asked(session: Session, campaign_name: str, latest: dt.datetime) -> list[tuple[Invitation, Participant]]:
    query = (
        sa.select(Invitation, Participant)
        .join(Participant, Participant.id == Invitation.participant_id)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(Campaign.name == campaign_name, Invitation.invited_at <= latest)
        .order_by(Invitation.invited_at.desc(), Invitation.id)
        .limit(N_TEXTS)
    )
    return [(invitation, person) for invitation, person in session.execute(query)]


def _queue(session: Session, runtime: Runtime, invitation: Invitation, person: Participant) -> str:
    instrument = runtime.library.get("pulse-user-6", 1)
    wording = runtime.wording.text("invitation")
    outgoing = Outgoing(
        key=f"{MessageKind.INVITE}:{invitation.id}",
        kind=MessageKind.INVITE,
        medium=Medium.TEXT,
        address=phone_of(runtime.keys, person) or "",
        body=filled(wording, invitation, instrument, sender=runtime.settings.sender_name),
        not_before=invitation.invited_at,
        invitation_id=invitation.id,
    )
    queue(session, outgoing, keys=runtime.keys, now=invitation.invited_at)
    return outgoing.key


def _send(session: Session, runtime: Runtime, message_id: int) -> None:
    message = session.get_one(Message, message_id)
    cost = policy_of(runtime.settings).cost(Medium.TEXT, message.segments)
    doubts.accept(session, message, f"SM{message_id:032}", sent_at=message.not_before, cost=cost)


def _report(session: Session, key: str, code: str) -> None:
    query = sa.select(Message.provider_id, Message.sent_at).where(Message.key == key)
    provider_id, sent_at = session.execute(query).one()
    if provider_id is not None and sent_at is not None:
        said = Said(provider_id, "undelivered" if code else "delivered", code)
        receipts.record(session, said, now=sent_at + MINUTE)


def _leave_alone(session: Session, runtime: Runtime) -> None:
    query = sa.select(Participant.reference).order_by(Participant.id.desc()).limit(EXCLUDED)
    today = runtime.clock().date()
    rows = "".join(f"{reference},bereavement,{today},\n" for reference in session.scalars(query))
    exclude(session, "reference,reason,from,until\n" + rows, now=runtime.clock())
