"""A handful of invented carers who would rather be asked by WhatsApp, e-mail or letter."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.campaigns import NewCampaign
from survey_app.ask.outreach.reaching import MEDIUM_OF, address_for
from survey_app.ask.outreach.samples import draw
from survey_app.ask.outreach.tables import Invitation, Rhythm
from survey_app.ask.outreach.texts import message_of
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day
from survey_app.jobs.outgoing import texts_of

NAME = "Synthetic carers: by WhatsApp, e-mail and letter"
INSTRUMENT = "carer"
FIRST_PHONE = 140
WISHES = (ChannelChoice.WHATSAPP, ChannelChoice.EMAIL, ChannelChoice.LETTER) * 2
COLUMNS = (
    "reference,audience,locality,practice,phone,channel,language,consent,"
    "email,landline,address_1,address_2,postcode"
)
DAY = dt.timedelta(days=1)
MORNING = dt.timedelta(hours=8)


def ask_in_other_ways(runtime: Runtime, locality: str) -> None:
    """Invite the carers as of yesterday, each in the way they wish."""
    now = runtime.clock()
    yesterday = london_day(now) - DAY
    instrument = runtime.library.get(INSTRUMENT, 1)
    with runtime.database.writing() as session:
        people, breakdown = people_csv(locality), runtime.breakdown
        import_people(session, people, keys=runtime.keys, now=now, breakdown=breakdown, synthetic=True)
        made = campaigns.create(session, _campaign(locality, instrument.id, yesterday), now=now)
        campaigns.start(session, made.id)
        session.refresh(made)
        opening = day_starts_at(yesterday) + MORNING
        drawn = draw(session, made, yesterday, now=opening, keys=runtime.keys, instrument=instrument)
        if drawn is not None:
            _send(session, runtime, drawn.id, now)


def people_csv(locality: str) -> str:
    """Return the invented carers; nobody lives at these addresses or has these numbers."""
    rows = [COLUMNS]
    for number, wish in enumerate(WISHES):
        rows.append(
            f"SYN-carer-{number},carer,{locality},,07700900{FIRST_PHONE + number},{wish},en,given,"
            f"carer{number}@synthetic.example,01632 96000{number},"
            f"Synthetic Carer {number},{number} Invented Street,ZZ9 9ZZ"
        )
    return "\n".join(rows) + "\n"


def _campaign(locality: str, instrument_id: str, first: dt.date) -> NewCampaign:
    return NewCampaign(
        name=NAME,
        instrument_id=instrument_id,
        instrument_version=1,
        audience=Audience.CARER,
        localities=(locality,),
        channels=(ChannelChoice.WHATSAPP, ChannelChoice.EMAIL, ChannelChoice.LETTER),
        starts_on=first,
        ends_on=first + 28 * DAY,
        rhythm=Rhythm.ONCE,
        window_days=14,
        fallback=(Medium.TEXT, Medium.LETTER),
        fallback_days=4,
        seed=1,
    )


def _send(session: Session, runtime: Runtime, draw_id: int, now: dt.datetime) -> None:
    # As replies, like the first phones of the demonstration: quiet hours do not hold for invented people.
    texts, keys = texts_of(runtime.wording), runtime.keys
    asked = sa.select(Invitation, Participant).join(Participant, Participant.id == Invitation.participant_id)
    for invitation, person in session.execute(asked.where(Invitation.draw_id == draw_id)):
        medium = MEDIUM_OF[ChannelChoice(invitation.channel)]
        instrument = runtime.library.get(INSTRUMENT, 1)
        sender = runtime.settings.sender_name
        said = message_of(texts, MessageKind.INVITE, medium, invitation, instrument, sender)
        outgoing = Outgoing(
            key=f"{MessageKind.INVITE}:{invitation.id}",
            kind=MessageKind.REPLY,
            medium=medium,
            address=address_for(keys, person, medium) or "",
            body=said.body,
            not_before=now,
            invitation_id=invitation.id,
            subject=said.subject,
            template=said.template,
        )
        queue(session, outgoing, keys=keys, now=now)
