"""Tables of actions, their cycles of trying, the verdicts by rule, and what people are told was done."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class ActionState(StrEnum):
    """What an action is doing."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    STOPPED = "stopped"


class Decision(StrEnum):
    """What a cycle of trying led to."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Verdict(StrEnum):
    """What the chart of an action says since its start, by rule."""

    TOO_EARLY = "too_early"
    IMPROVED = "improved"
    WORSE = "worse"
    NO_CHANGE = "no_change"
    NO_DIRECTION = "no_direction"  # of the measure neither more nor less is better


class NoticeState(StrEnum):
    """How far "you said, we did" has got."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Action(Base):
    """What somebody does at a place about what people said; `place_id` may be a neighbour group's."""

    __tablename__ = "action"
    __table_args__ = (sa.Index("ix_action_place", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40))
    measure_id: Mapped[str | None] = mapped_column(sa.String(80))
    signal_week: Mapped[dt.date | None]
    what: Mapped[str] = mapped_column(sa.String(300))
    concept_id: Mapped[str] = mapped_column(sa.String(40))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    due_on: Mapped[dt.date]
    state: Mapped[ActionState] = mapped_column(enum_column(ActionState))
    started_on: Mapped[dt.date | None]
    start_noted_on: Mapped[dt.date | None]  # the day on which somebody entered the start
    ended_on: Mapped[dt.date | None]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ActionCycle(Base):
    """One plan-do-study-act cycle; what was learnt and decided comes later, together."""

    __tablename__ = "action_cycle"

    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan: Mapped[str] = mapped_column(sa.String(300))
    starts_on: Mapped[dt.date]
    learnt: Mapped[str | None] = mapped_column(sa.String(600))
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    decided_on: Mapped[dt.date | None]


class ActionVerdict(Base):
    """The verdict on one action as computed from one stored series; `seen` says from which."""

    __tablename__ = "action_verdict"

    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id"), primary_key=True, autoincrement=False)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    n_points: Mapped[int]
    weeks_left: Mapped[int]
    latest_to: Mapped[dt.date | None]  # last day of the newest figure that was judged
    begun_on: Mapped[dt.date | None]  # first day of the run that decided
    seen: Mapped[str] = mapped_column(sa.String(64))
    computed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Notice(Base):
    """One "you said, we did": what the public page and the text message say."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id"), index=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    you_said: Mapped[str] = mapped_column(sa.String(400))
    we_did: Mapped[str] = mapped_column(sa.String(400))
    text: Mapped[str] = mapped_column(sa.String(160))
    figures: Mapped[str | None] = mapped_column(sa.String(400))  # a sentence made from released figures
    state: Mapped[NoticeState] = mapped_column(enum_column(NoticeState))
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    texting_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # a lead confirmed the text
    texted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # everybody has it in the outbox
