"""Opening a call: we rang somebody, or somebody rang us; what they hear depends on what is open for them."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.consent import is_suppressed
from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending.tables import Medium, Message
from survey_app.database import insert_or_ignore
from survey_app.hear.conversations.calls.saying import Speaker
from survey_app.hear.conversations.calls.speech import Speech
from survey_app.hear.conversations.calls.tables import CallDirection, CallResult, CallStage, PhoneCall
from survey_app.hear.conversations.finding import survey_of
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.turn import Conversing, Survey
from survey_app.hear.responses.tables import Channel


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that was picked up, as the provider told us of it; `phone` is empty where it is withheld."""

    provider_id: str
    phone: str
    direction: CallDirection
    at: dt.datetime
    about: str = ""  # the outbox token of the call we placed
    by_machine: bool = False

    def __repr__(self) -> str:
        return f"Ringing({self.provider_id})"


def find_call(session: Session, provider_id: str) -> PhoneCall | None:
    """Return a call and hold its row: its steps come one after the other."""
    query = sa.select(PhoneCall).where(PhoneCall.provider_id == provider_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar()


def open_call(session: Session, ringing: Ringing, needs: Conversing) -> tuple[PhoneCall, Speech]:
    """Begin a call and return what is said first; a machine hears nothing."""
    index = phone_index(needs.keys, ringing.phone)
    survey = open_survey(session, ringing, index, needs)
    stage, name = _stage(session, ringing, index, survey)
    row = {
        "provider_id": ringing.provider_id,
        "token": secrets.token_urlsafe(16),
        "direction": ringing.direction,
        "invitation_id": survey.invitation.id if survey is not None else _about(session, ringing, index),
        "address_index": index,
        "stage": stage,
        "opening": name,
        "step": 0,
        "asked_turn": 0,
        "misses": 0,
        "by_machine": ringing.by_machine,
        "spoken": "",
        "result": None if stage is CallStage.OPENING else CallResult.DONE,
        "started_at": ringing.at,
    }
    insert_or_ignore(session, PhoneCall, [row])
    call = session.execute(
        sa.select(PhoneCall).where(PhoneCall.provider_id == ringing.provider_id)
    ).scalar_one()
    speaker = Speaker(needs, survey)
    return call, speaker.ending(name) if stage is CallStage.OVER else speaker.opening(name)


def open_survey(session: Session, ringing: Ringing, index: bytes, needs: Conversing) -> Survey | None:
    """Return the survey that is open for a telephone."""
    if not ringing.phone or is_suppressed(session, index):
        return None
    asking = Inbound(
        provider_id=ringing.provider_id,
        sender=ringing.phone,
        our_address=needs.settings.twilio_number,
        body="",
        received_at=ringing.at,
        channel=Channel.VOICE,
    )
    return survey_of(session, asking, index, needs)


def _stage(session: Session, ringing: Ringing, index: bytes, survey: Survey | None) -> tuple[CallStage, str]:
    inbound = ringing.direction is CallDirection.INBOUND
    if survey is not None:
        first = "opening_inbound" if inbound else "opening"
        return CallStage.OPENING, "opening_again" if survey.answers else first
    if not inbound:
        return CallStage.OVER, "not_needed"
    # Who rings from a number we cannot see, or has stopped us already, has nothing to stop.
    stoppable = bool(ringing.phone) and not is_suppressed(session, index)
    return (CallStage.STOP_ONLY, "no_survey") if stoppable else (CallStage.OVER, "no_survey_unknown")


def _about(session: Session, ringing: Ringing, index: bytes) -> int | None:
    query = sa.select(Message.invitation_id).join(Invitation, Invitation.id == Message.invitation_id)
    mine = sa.and_(
        Message.callback_token == ringing.about,
        Message.medium == Medium.CALL,
        Message.address_index == index,
    )
    return session.execute(query.where(mine)).scalar() if ringing.about else None
