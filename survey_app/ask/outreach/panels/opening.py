"""Opening and closing a round of a panel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.ask.outreach.invitations import Asking, issue
from survey_app.ask.outreach.panels.raters import NewRater
from survey_app.ask.outreach.panels.tables import PanelRound, Rater
from survey_app.ask.outreach.tables import Campaign, CampaignState, Draw, Invitation, InvitationState, Rhythm
from survey_app.ask.population.panel_members import add_members
from survey_app.ask.population.tables import ChannelChoice
from survey_app.clock import day_starts_at, london_day
from survey_app.crypto import Keys

LONGEST = dt.timedelta(days=92)


class BadRound(ValueError):
    """A round that cannot be opened; the message says why."""


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as an officer asks for it."""

    instrument: Instrument
    place_id: str
    closes_on: dt.date
    opened_by: str
    synthetic: bool = False


def open_round(
    session: Session, new: NewRound, raters: Sequence[NewRater], *, keys: Keys, now: dt.datetime
) -> PanelRound:
    """Make a round with a personal invitation for each rater; nothing is sent to anybody."""
    today = london_day(now)
    _refuse(session, new, today)
    campaign = _campaign(session, new, now)
    made = PanelRound(
        campaign_id=campaign.id,
        place_id=new.place_id,
        instrument_id=new.instrument.id,
        instrument_version=new.instrument.version,
        opened_on=today,
        closes_on=new.closes_on,
        opened_by=new.opened_by,
    )
    session.add(made)
    members = add_members(
        session, new.place_id, [rater.name for rater in raters], now=now, synthetic=new.synthetic
    )
    missing = [rater.name for rater in raters if rater.name not in members]
    if missing:
        raise BadRound(f"asked not to be asked again: {', '.join(missing)}")
    session.flush()
    for rater in raters:
        row = {"round_id": made.id, "participant_id": members[rater.name], "agreed_with": new.opened_by}
        session.add(Rater(**row, name=rater.name, post=rater.post, agreed_at=now))
    _invite(session, campaign, made, list(members.values()), keys, now)
    return made


def close_round(session: Session, made: PanelRound, *, now: dt.datetime) -> None:
    """End a round: its links no longer work, and its result is made; twice is once."""
    if made.closed_at is None:
        made.closed_at = now
        still_open = sa.and_(
            Invitation.campaign_id == made.campaign_id, Invitation.state == InvitationState.OPEN
        )
        session.execute(sa.update(Invitation).where(still_open).values(state=InvitationState.EXPIRED))
        session.flush()


def close_over(session: Session, now: dt.datetime) -> int:
    """Close the rounds whose last day is over, and return how many those were."""
    over = sa.and_(PanelRound.closed_at.is_(None), PanelRound.closes_on < london_day(now))
    found = list(session.scalars(sa.select(PanelRound).where(over)))
    for made in found:
        close_round(session, made, now=now)
    return len(found)


def _refuse(session: Session, new: NewRound, today: dt.date) -> None:
    if new.instrument.audience is not Audience.PANEL:
        raise BadRound(f"{new.instrument.title} is not written for panels")
    if not today <= new.closes_on <= today + LONGEST:
        raise BadRound(f"the last day must be from {today} to {today + LONGEST}")
    same = sa.and_(
        PanelRound.place_id == new.place_id,
        PanelRound.instrument_id == new.instrument.id,
        PanelRound.closed_at.is_(None),
    )
    if session.scalar(sa.select(PanelRound.id).where(same)) is not None:
        raise BadRound("a round with these questions is still open at this place: close it first")


def _campaign(session: Session, new: NewRound, now: dt.datetime) -> Campaign:
    day = london_day(now)
    number = session.scalar(sa.select(sa.func.count()).select_from(PanelRound)) or 0
    campaign = Campaign(
        name=f"Panel {number + 1}: {new.instrument.id} at {new.place_id}"[:120],
        instrument_id=new.instrument.id,
        instrument_version=new.instrument.version,
        audience=Audience.PANEL,
        localities=[new.place_id],
        channels=[ChannelChoice.WEB.value],
        rhythm=Rhythm.ONCE,
        starts_on=day,
        ends_on=new.closes_on,
        window_days=(new.closes_on - day).days + 1,
        seed=0,
        # Ended from the start: it draws nobody and texts nobody, while who is invited can still answer.
        state=CampaignState.ENDED,
        created_at=now,
    )
    session.add(campaign)
    session.flush()
    return campaign


def _invite(
    session: Session, campaign: Campaign, made: PanelRound, members: list[int], keys: Keys, now: dt.datetime
) -> None:
    draw = Draw(
        campaign_id=campaign.id,
        week=made.opened_on,
        seed="panel",
        n_eligible=len(members),
        n_drawn=len(members),
        drawn_at=now,
    )
    session.add(draw)
    session.flush()
    expires_at = day_starts_at(made.closes_on + dt.timedelta(days=1))
    askings = [
        Asking(
            campaign_id=campaign.id,
            draw_id=draw.id,
            participant_id=member,
            place_id=made.place_id,
            practice_id=None,
            category=None,
            items=None,
            channel=ChannelChoice.WEB,
            language="en",
            invited_at=now,
            expires_at=expires_at,
        )
        for member in members
    ]
    issue(session, askings, keys=keys)
