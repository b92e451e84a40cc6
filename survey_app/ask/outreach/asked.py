"""What an answer needs to know of the invitation it belongs to: one row, read and never written."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.invitations import bare_token, token_hash
from survey_app.ask.outreach.tables import Appearance, Campaign, Helped, Invitation, InvitationState
from survey_app.ask.population.tables import Participant
from survey_app.crypto import Keys


class Asked(NamedTuple):
    """An invitation with what its campaign asks, and whether the person is made up."""

    id: int
    participant_id: int
    place_id: str
    practice_id: str | None
    category: str | None
    items: list[str] | None
    language: str
    state: InvitationState
    expires_at: dt.datetime
    appearance: Appearance | None
    helped: Helped | None
    instrument_id: str
    instrument_version: int
    audience: Audience
    synthetic: bool


COLUMNS: tuple[sa.ColumnElement[Any] | Any, ...] = (
    Invitation.id,
    Invitation.participant_id,
    Invitation.place_id,
    Invitation.practice_id,
    Invitation.category,
    Invitation.items,
    Invitation.language,
    Invitation.state,
    Invitation.expires_at,
    Invitation.appearance,
    Invitation.helped,
    Campaign.instrument_id,
    Campaign.instrument_version,
    Campaign.audience,
    Participant.synthetic,
)
"""In the order of `Asked`."""

# Built once: every page of a survey begins with it.
BY_TOKEN = (
    sa.select(*COLUMNS)
    .join_from(Invitation, Campaign, Campaign.id == Invitation.campaign_id)
    .join(Participant, Participant.id == Invitation.participant_id)
    .where(Invitation.token_hash == sa.bindparam("digest"))
)


def asked_by_token(session: Session, keys: Keys, token: str) -> Asked | None:
    """Return what a token opens, or None; the same work is done for any text."""
    digest = token_hash(keys, bare_token(token))
    found = session.connection().execute(BY_TOKEN, {"digest": digest}).first()
    return None if found is None else Asked._make(found)
