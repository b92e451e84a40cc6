"""Tables of campaigns, of the samples they drew and of the invitations that came of them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ask.instruments.model import Audience
from survey_app.database import Base, JsonText, UtcDateTime, enum_column


class CampaignState(StrEnum):
    """What a campaign is doing."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Rhythm(StrEnum):
    """Whether everybody is asked at once or a fresh sample every week."""

    ONCE = "once"
    WEEKLY = "weekly"


class InvitationState(StrEnum):
    """Whether an invitation can still be answered."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Appearance(StrEnum):
    """How somebody wants the pages of their survey to look."""

    STANDARD = "standard"
    LARGE = "large"  # larger letters
    CONTRAST = "contrast"  # white and yellow on black
    EASY = "easy"  # Easy Read: short sentences with pictures


class Helped(StrEnum):
    """Who fills a survey in."""

    MYSELF = "myself"
    WITH_HELP = "with_help"
    ON_BEHALF = "on_behalf"


class Campaign(Base):
    """Who is asked what, where, over which channels and when."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    instrument_id: Mapped[str] = mapped_column(sa.String(64))
    instrument_version: Mapped[int]
    rota_items: Mapped[int | None]  # how many items a person gets; NULL: all of them
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    localities: Mapped[list[str]] = mapped_column(JsonText)
    channels: Mapped[list[str]] = mapped_column(JsonText)
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm))
    weekly_sample: Mapped[int | None]  # people a locality a week
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    window_days: Mapped[int]
    reminder_days: Mapped[int | None]
    fallback: Mapped[list[str] | None] = mapped_column(JsonText)  # media in their order; NULL: the first only
    fallback_days: Mapped[int | None]
    seed: Mapped[int]
    budget_pence: Mapped[int | None]  # NULL: what the settings allow every campaign
    state: Mapped[CampaignState] = mapped_column(enum_column(CampaignState))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Draw(Base):
    """The log of one random sample: enough to draw it again."""

    __tablename__ = "draw"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    week: Mapped[dt.date]  # the Monday; for a campaign that asks once, its first day
    seed: Mapped[str] = mapped_column(sa.String(80))
    n_eligible: Mapped[int]
    n_drawn: Mapped[int]
    drawn_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """One person asked once by one draw; the token that opens it is stored only as a keyed hash."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "participant_id"),
        sa.Index("ix_invitation_recent", "participant_id", "invited_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draw.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))
    place_id: Mapped[str] = mapped_column(sa.String(40))  # the locality when invited
    practice_id: Mapped[str | None] = mapped_column(sa.String(40))
    category: Mapped[str | None] = mapped_column(sa.String(40))  # of the declared breakdown
    nonce: Mapped[str] = mapped_column(
        sa.String(32), unique=True
    )  # with the token key, this is what the token is made of
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    items: Mapped[list[str] | None] = mapped_column(JsonText)  # the rota's choice; NULL: all
    channel: Mapped[str] = mapped_column(sa.String(12))
    language: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[InvitationState] = mapped_column(enum_column(InvitationState))
    invited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)  # when the first message is due
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # Chosen on the start page and kept here, so that no cookie is needed; NULL: nothing was chosen.
    appearance: Mapped[Appearance | None] = mapped_column(enum_column(Appearance))
    helped: Mapped[Helped | None] = mapped_column(enum_column(Helped))
