"""Rows that tests stand on, made plainly: a place, a person to ask, a campaign and an invitation."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Staff
from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Campaign, CampaignState, Draw, Invitation, InvitationState, Rhythm
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant, Place, PlaceKind
from survey_app.clock import london_day, week_of
from survey_app.crypto import Keys, derive_token, keyed_hash, seal
from survey_app.know.improvement.actions import actions, notices
from survey_app.know.improvement.actions.actions import Change, Intent, Origin
from survey_app.know.improvement.actions.notices import Words
from survey_app.know.improvement.actions.tables import Action
from tests.fakes import MONDAY_MORNING

_numbers = itertools.count(1)


def make_place(
    session: Session, place_id: str = "riverside", *, parent: Place | None = None, **changed: Any
) -> Place:
    """Add a locality (or another `kind`) below `parent`, or at the top of the tree."""
    path = f"{parent.path if parent else '/'}{place_id}/"
    row = {
        "name": place_id.title(),
        "kind": PlaceKind.LOCALITY,
        "code": place_id.upper()[:20],
        "path": path,
    } | changed
    return _added(session, Place(id=place_id, parent_id=parent.id if parent else None, **row))


def make_participant(session: Session, keys: Keys, *, place: Place, **changed: Any) -> Participant:
    """Add a person with a mobile number of the range kept for drama; `phone=None` gives none."""
    number = next(_numbers)
    reference = changed.pop("reference", f"person-{number}")
    phone = changed.pop("phone", f"+447700900{number % 1000:03}")
    row = {
        "audience": Audience.USER,
        "language": "en",
        "channel": ChannelChoice.WEB,
        "consent": Consent.GIVEN,
        "consent_at": MONDAY_MORNING,
        "created_at": MONDAY_MORNING,
        "synthetic": False,
        "phone_sealed": phone and seal(keys.contact, phone, bound_to=f"participant.phone:{reference}"),
        "phone_index": phone and keyed_hash(keys.index, "phone", phone),
    }
    return _added(session, Participant(reference=reference, locality_id=place.id, **row | changed))


def make_campaign(session: Session, *, places: list[Place], **changed: Any) -> Campaign:
    """Add a running weekly campaign; name the instrument of your test in `instrument_id`."""
    row = {
        "name": f"Campaign {next(_numbers)}",
        "instrument_id": "pulse-user-6",
        "instrument_version": 1,
        "rota_items": None,
        "audience": Audience.USER,
        "channels": ["web", "text"],
        "rhythm": Rhythm.WEEKLY,
        "weekly_sample": 20,
        "starts_on": dt.date(2026, 10, 5),
        "ends_on": dt.date(2027, 10, 3),
        "window_days": 14,
        "reminder_days": 5,
        "seed": 7,
        "state": CampaignState.RUNNING,
        "created_at": MONDAY_MORNING,
    }
    return _added(session, Campaign(localities=[place.id for place in places], **row | changed))


def make_invitation(
    session: Session, keys: Keys, *, campaign: Campaign, participant: Participant, **changed: Any
) -> tuple[Invitation, str]:
    """Add an open invitation, with a draw to stand on, and return it with the token that opens it."""
    invited_at = changed.pop("invited_at", MONDAY_MORNING)
    draw = _draw_of_week(session, campaign, week_of(london_day(invited_at)))
    nonce = f"nonce-{next(_numbers)}"
    token = derive_token(keys.token, "invitation", nonce)
    row = {
        "items": None,
        "channel": str(participant.channel),
        "language": participant.language,
        "state": InvitationState.OPEN,
        "expires_at": invited_at + dt.timedelta(days=campaign.window_days),
        "place_id": participant.locality_id,
        "participant_id": participant.id,
    }
    invitation = Invitation(
        campaign_id=campaign.id,
        draw_id=draw.id,
        nonce=nonce,
        token_hash=keyed_hash(keys.token, "token", token),
        invited_at=invited_at,
        **row | changed,
    )
    return _added(session, invitation), token


def make_action(
    session: Session,
    place_id: str,
    *,
    started: dt.date | None = dt.date(2026, 8, 31),
    told: str = "",
    **changed: Any,
) -> Action:
    """Add an action of the first member of staff, begun, with a cycle and, where words are given, a draft."""
    change = Change(session.scalars(sa.select(Staff.id).order_by(Staff.id)).first() or 0, MONDAY_MORNING)
    row = {"what": "Ring people at home", "concept_id": "care-coordination", "due_on": dt.date(2026, 11, 6)}
    intent = Intent(**row | {"owner_id": change.staff_id} | changed)
    action = actions.create(session, Origin(place_id, "ex.say.mean", started), intent, change)
    if started:
        actions.move(session, action, "start", started, change)
        actions.add_cycle(session, action, "Ring ten people", started, change)
    if told:
        notices.write(session, action, Words("You want to know more.", told, told), change)
    return action


def _draw_of_week(session: Session, campaign: Campaign, week: dt.date) -> Draw:
    found = session.scalar(sa.select(Draw).filter_by(campaign_id=campaign.id, week=week))
    row = {"seed": "test", "n_eligible": 1, "n_drawn": 1, "drawn_at": MONDAY_MORNING}
    return found or _added(session, Draw(campaign_id=campaign.id, week=week, **row))


def _added(session, row):
    session.add(row)
    session.flush()
    return row
