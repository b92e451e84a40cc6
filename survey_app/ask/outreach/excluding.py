"""Leaving people alone: a file is taken, and what waits for those people is taken back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.exclusions import ExclusionReport, take_exclusions
from survey_app.ask.sending import outbox
from survey_app.clock import london_day


def exclude(session: Session, data: bytes | str, *, now: dt.datetime) -> tuple[ExclusionReport, int]:
    """Take a file of people to be left alone; return what it said and how many waiting texts were taken back.

    Their open invitations stay: whoever wants to answer may, but hears nothing from us first.
    """
    report = take_exclusions(session, data, now=now, today=london_day(now))
    open_ones = sa.select(Invitation.id).where(
        Invitation.participant_id.in_(report.participant_ids), Invitation.state == InvitationState.OPEN
    )
    return report, sum(
        outbox.withdraw_unasked(session, invitation_id=one) for one in session.scalars(open_ones)
    )
