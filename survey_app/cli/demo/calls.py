"""Two invented people who would rather be rung: their telephones ring in the simulator."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.campaigns import NewCampaign
from survey_app.ask.outreach.reaching import address_for
from survey_app.ask.outreach.samples import draw
from survey_app.ask.outreach.tables import Invitation, Rhythm
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.outbox import CALL_BODY, Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day

INSTRUMENT = "pulse-user-6"
CAMPAIGN = "Synthetic telephones: people's experience pulse"
NUMBERS = (("", "01632 960090"), ("07700 900091", ""))
"""A landline, which is rung and never texted, and a mobile."""
MORNING = dt.timedelta(hours=9)
FOUR_WEEKS = dt.timedelta(weeks=4)
HEAD = "reference,audience,locality,practice,phone,channel,language,consent,landline"


def ring_somebody(session: Session, runtime: Runtime, locality: str, now: dt.datetime) -> None:
    """Import people who chose to be rung, ask them as of yesterday, and let their telephones ring."""
    rows = [
        f"SYN-call-{number:04},user,{locality},,{mobile},call,en,given,{landline}"
        for number, (mobile, landline) in enumerate(NUMBERS)
    ]
    people = "\n".join([HEAD, *rows])
    import_people(session, people, keys=runtime.keys, now=now, breakdown=runtime.breakdown, synthetic=True)
    for invitation, person in _asked(session, runtime, locality, now):
        # Placed as a reply: a demonstration at night must not wait for nine o'clock, and nobody is woken.
        outgoing = Outgoing(
            key=f"{MessageKind.INVITE}:{invitation.id}",
            kind=MessageKind.REPLY,
            medium=Medium.CALL,
            address=address_for(runtime.keys, person, Medium.CALL) or "",
            body=CALL_BODY,
            not_before=now,
            invitation_id=invitation.id,
        )
        queue(session, outgoing, keys=runtime.keys, now=now)


def _asked(
    session: Session, runtime: Runtime, locality: str, now: dt.datetime
) -> list[tuple[Invitation, Participant]]:
    yesterday = london_day(now) - dt.timedelta(days=1)
    wanted = NewCampaign(
        name=CAMPAIGN,
        instrument_id=INSTRUMENT,
        instrument_version=1,
        audience=Audience.USER,
        localities=(locality,),
        channels=(ChannelChoice.CALL,),
        starts_on=yesterday,
        ends_on=yesterday + FOUR_WEEKS,
        rhythm=Rhythm.ONCE,
        window_days=14,
        seed=2,
    )
    campaign = campaigns.create(session, wanted, now=now)
    campaigns.start(session, campaign.id)
    session.refresh(campaign)
    instrument = runtime.library.get(INSTRUMENT, 1)
    morning = day_starts_at(yesterday) + MORNING
    drawn = draw(session, campaign, yesterday, now=morning, keys=runtime.keys, instrument=instrument)
    if drawn is None:
        return []
    query = sa.select(Invitation, Participant).join(Participant, Participant.id == Invitation.participant_id)
    rows = session.execute(query.where(Invitation.draw_id == drawn.id).order_by(Participant.id)).all()
    return [(invitation, person) for invitation, person in rows]
