"""Campaigns: who is asked what, where and when; made, started, paused, ended and counted."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.eligibility import REST
from survey_app.ask.outreach.outlook import outlook
from survey_app.ask.outreach.tables import Campaign, CampaignState, Invitation, InvitationState, Rhythm
from survey_app.ask.population.tables import ChannelChoice, Place, PlaceKind
from survey_app.ask.sending.tables import Medium


class BadCampaign(ValueError):
    """A campaign that cannot be made; `faults` holds every reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class CampaignOver(ValueError):
    """An ended campaign was to be started again."""


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a campaign is made of; without a seed it gets one of its own."""

    name: str
    instrument_id: str
    instrument_version: int
    audience: Audience
    localities: tuple[str, ...]
    channels: tuple[ChannelChoice, ...]
    starts_on: dt.date
    ends_on: dt.date
    rhythm: Rhythm = Rhythm.WEEKLY
    weekly_sample: int | None = None
    rota_items: int | None = None
    window_days: int = 7
    reminder_days: int | None = 3
    fallback: tuple[Medium, ...] = ()
    fallback_days: int | None = None
    seed: int | None = None
    budget_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a campaign's invitations so far."""

    n_open: int = 0
    n_answered: int = 0
    n_expired: int = 0
    n_cancelled: int = 0

    @property
    def n_drawn(self) -> int:
        """Return how many people were drawn."""
        return self.n_open + self.n_answered + self.n_expired + self.n_cancelled

    @property
    def answered_in_tens(self) -> str:
        """Say how many answered, in steps of ten: an exact count would tell when one person did."""
        return f"{self.n_answered // 10 * 10:,} or more" if self.n_answered >= 10 else "under 10"


def create(session: Session, new: NewCampaign, *, now: dt.datetime) -> Campaign:
    """Store a campaign as a draft, or raise BadCampaign with every reason."""
    faults = [*_faults(new), *_place_faults(session, new), *_name_faults(session, new)]
    if faults:
        raise BadCampaign(faults)
    values = asdict(new) | {
        "localities": sorted(set(new.localities)),
        "channels": [channel.value for channel in new.channels],
        "fallback": [medium.value for medium in new.fallback] or None,
        "seed": secrets.randbits(31) if new.seed is None else new.seed,
    }
    campaign = Campaign(**values, state=CampaignState.DRAFT, created_at=now)
    session.add(campaign)
    session.flush()
    return campaign


def campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign by id, or None."""
    return session.get(Campaign, campaign_id)


def all_campaigns(session: Session) -> list[Campaign]:
    """Return every campaign but those of panels, the newest first."""
    asked = sa.select(Campaign).where(Campaign.audience != Audience.PANEL)
    return list(session.scalars(asked.order_by(Campaign.created_at.desc(), Campaign.id.desc())))


def running(session: Session, day: dt.date) -> list[Campaign]:
    """Return the campaigns that ask people on a local day, by id."""
    on = sa.and_(Campaign.state == CampaignState.RUNNING, Campaign.starts_on <= day, Campaign.ends_on >= day)
    return list(session.scalars(sa.select(Campaign).where(on).order_by(Campaign.id)))


def start(session: Session, campaign_id: int) -> None:
    """Let a campaign draw and send; twice is the same as once."""
    if not _move(session, campaign_id, CampaignState.RUNNING, past=CampaignState.ENDED):
        raise CampaignOver(f"campaign {campaign_id} has ended or never was: make a new one")


def pause(session: Session, campaign_id: int) -> None:
    """Stop drawing, inviting and reminding; who is invited already can still answer."""
    only_running = sa.and_(Campaign.id == campaign_id, Campaign.state == CampaignState.RUNNING)
    session.execute(sa.update(Campaign).where(only_running).values(state=CampaignState.PAUSED))


def end(session: Session, campaign_id: int) -> None:
    """Stop a campaign for good; who is invited already can still answer."""
    _move(session, campaign_id, CampaignState.ENDED, past=CampaignState.ENDED)


def end_over(session: Session, day: dt.date) -> int:
    """End the campaigns whose last invitations have run out, and return how many those were."""
    n_ended = 0
    for found in session.scalars(sa.select(Campaign).where(Campaign.state == CampaignState.RUNNING)):
        if found.ends_on + dt.timedelta(days=found.window_days) < day:
            found.state = CampaignState.ENDED
            n_ended += 1
    return n_ended


def weeks_left(session: Session, campaign: Campaign, now: dt.datetime) -> int:
    """Return for how many more weeks every locality can be given its full sample."""
    return outlook(session, campaign, now).n_weeks


def tallies(session: Session) -> dict[int, Tally]:
    """Return what became of the invitations of every campaign that has any, in one query."""
    counted = sa.select(Invitation.campaign_id, Invitation.state, sa.func.count())
    found: dict[int, dict[str, int]] = {}
    for campaign_id, state, n in session.execute(counted.group_by(Invitation.campaign_id, Invitation.state)):
        found.setdefault(campaign_id, {})[f"n_{InvitationState(state)}"] = n
    return {campaign_id: Tally(**counts) for campaign_id, counts in found.items()}


def _move(session: Session, campaign_id: int, to: CampaignState, *, past: CampaignState) -> bool:
    chosen = sa.and_(Campaign.id == campaign_id, Campaign.state != past)
    moved = session.execute(sa.update(Campaign).where(chosen).values(state=to).returning(Campaign.id))
    return moved.first() is not None


def _faults(new: NewCampaign) -> Iterator[str]:
    if not 1 <= len(new.name.strip()) <= 120:
        yield "name must have 1 to 120 characters"
    if new.audience is Audience.PANEL:
        yield "panels have rounds of their own"
    if not new.channels:
        yield "choose at least one channel"
    if new.ends_on < new.starts_on:
        yield "the last day must not be before the first"
    if not 1 <= new.window_days < REST.days:
        yield f"people must have 1 to {REST.days - 1} days to answer"
    if new.reminder_days is not None and not 1 <= new.reminder_days < new.window_days:
        yield "the reminder must come at least 1 day after the invitation and before the time is over"
    yield from _fallback_faults(new)
    yield from _number_faults(new)


def _fallback_faults(new: NewCampaign) -> Iterator[str]:
    if new.fallback and new.fallback_days is None:
        yield "say after how many days people are asked in another way"
    if new.fallback_days is not None and not 1 <= new.fallback_days < new.window_days:
        yield "another way must come at least 1 day after the first and before the time is over"


def _number_faults(new: NewCampaign) -> Iterator[str]:
    if new.rhythm is Rhythm.WEEKLY and new.weekly_sample is None:
        yield "a weekly campaign needs the number of people a locality a week"
    if new.weekly_sample is not None and new.weekly_sample < 1:
        yield "the sample must be at least 1 person a locality"
    if new.budget_pence is not None and new.budget_pence < 1:
        yield "the budget must be at least 1 penny"
    if new.rota_items is not None and new.rota_items < 1:
        yield "a rota must give each person at least 1 item"


def _place_faults(session: Session, new: NewCampaign) -> Iterator[str]:
    if not new.localities:
        yield "choose at least one locality"
    among = sa.and_(Place.id.in_(new.localities), Place.kind == PlaceKind.LOCALITY)
    known = set(session.scalars(sa.select(Place.id).where(among)))
    for unknown in sorted(set(new.localities) - known):
        yield f"{unknown!r} is not a locality"


def _name_faults(session: Session, new: NewCampaign) -> Iterator[str]:
    if session.scalar(sa.select(Campaign.id).where(Campaign.name == new.name)) is not None:
        yield f"there is already a campaign named {new.name!r}"
