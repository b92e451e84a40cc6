"""Tables of alerts (somebody wrote that they are in danger) and of what was done; wishes to be called."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column
from survey_app.hear.reading.model import DistressKind


class AlertState(StrEnum):
    """Whether a person on call has seen an alert, and decided."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a person on call did about an alert."""

    SPOKE = "spoke"
    PASSED_ON = "passed_on"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


class AlertStep(StrEnum):
    """One thing that happened to an alert."""

    TOLD = "told"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Alert(Base):
    """One alert; the words are sealed and for the on-call role only."""

    __tablename__ = "alert"
    __table_args__ = (sa.Index("ix_alert_due", "state", "escalates_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(
        sa.String(80), unique=True
    )  # the inbound message's id: one alert each
    kind: Mapped[DistressKind] = mapped_column(enum_column(DistressKind))
    place_id: Mapped[str | None] = mapped_column(sa.String(40))
    address_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    words_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[AlertState] = mapped_column(enum_column(AlertState))
    raised_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    escalates_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # unless somebody takes it on
    n_escalated: Mapped[int] = mapped_column(default=0, server_default="0")
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(sa.String(120))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class AlertEvent(Base):
    """The trace of an alert: who was told or did what, when; never what was written."""

    __tablename__ = "alert_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"), index=True)
    step: Mapped[AlertStep] = mapped_column(enum_column(AlertStep))
    by: Mapped[str] = mapped_column(sa.String(120))  # who acted; for told and escalated, who was written to
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class CallTime(StrEnum):
    """When somebody can be called."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class CallState(StrEnum):
    """Whether somebody has taken care of a wish to be called."""

    OPEN = "open"
    DONE = "done"


class CallOutcome(StrEnum):
    """What came of calling."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    NOT_WANTED = "not_wanted"
    PASSED_ON = "passed_on"


class CallBack(Base):
    """A wish to be called by the service. Nothing in it leads to a survey or to an answer.

    Its index is keyed for this table alone, so that not even the same number joins it to a participant.
    """

    __tablename__ = "call_back"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)  # keyed: one wish each
    place_id: Mapped[str | None] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(8))
    address_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # gone when it is done
    address_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    wanted_when: Mapped[CallTime] = mapped_column(enum_column(CallTime))
    consent: Mapped[str] = mapped_column(sa.String(24))  # which words were agreed to
    state: Mapped[CallState] = mapped_column(enum_column(CallState))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(sa.String(120))
    outcome: Mapped[CallOutcome | None] = mapped_column(enum_column(CallOutcome))
