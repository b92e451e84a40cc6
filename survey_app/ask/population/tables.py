"""Tables of places, people, and addresses that must not be contacted."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.ask.instruments.model import Audience
from survey_app.database import Base, UtcDateTime, enum_column


class PlaceKind(StrEnum):
    """The levels of the tree of places, from the top."""

    SYSTEM = "system"
    PLACE = "place"
    LOCALITY = "locality"
    PRACTICE = "practice"


class ChannelChoice(StrEnum):
    """How a person would rather be asked."""

    TEXT = "text"
    WEB = "web"
    WHATSAPP = "whatsapp"
    CALL = "call"
    EMAIL = "email"
    LETTER = "letter"


class Consent(StrEnum):
    """Whether a person may be asked at all; an objection on an address stands in `suppression`."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Place(Base):
    """A node of the tree; `path` holds the ids from the top, so scope is a prefix test: /system/place/."""

    __tablename__ = "place"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[PlaceKind] = mapped_column(enum_column(PlaceKind))
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("place.id"))
    path: Mapped[str] = mapped_column(sa.String(200), unique=True)
    closed_from: Mapped[dt.date | None]  # nobody of it is asked from that day on; its figures stay


class PlaceParent(Base):
    """Under which parent a place stands from a quarter on; without a row it has always stood where it is."""

    __tablename__ = "place_parent"

    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"), primary_key=True)
    from_quarter: Mapped[dt.date] = mapped_column(primary_key=True)
    parent_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))


class Participant(Base):
    """A person who may be asked; addresses are readable only with the contact key."""

    __tablename__ = "participant"
    __table_args__ = (sa.Index("ix_participant_draw", "audience", "locality_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(64), unique=True)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience))
    locality_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"))
    practice_id: Mapped[str | None] = mapped_column(sa.ForeignKey("place.id"))
    category: Mapped[str | None] = mapped_column(sa.String(40))  # of the declared breakdown; NULL: not stated
    language: Mapped[str] = mapped_column(sa.String(8))
    language_chosen: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # by the person
    channel: Mapped[ChannelChoice] = mapped_column(enum_column(ChannelChoice))
    phone_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    email_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    landline_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    landline_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    post_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    post_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    consent: Mapped[Consent] = mapped_column(enum_column(Consent))
    consent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    hear_back: Mapped[bool | None]  # wants to be told what was done; NULL: nobody asked
    synthetic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class PopulationCount(Base):
    """How many people of one category of the declared breakdown live at a locality: what weights stand on."""

    __tablename__ = "population_count"

    place_id: Mapped[str] = mapped_column(sa.ForeignKey("place.id"), primary_key=True)
    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    n: Mapped[int]


class Suppression(Base):
    """An address that asked us to stop, as a keyed index only; import, queueing and sending look at it."""

    __tablename__ = "suppression"

    phone_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(40))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ExclusionReason(StrEnum):
    """Why a person is left alone for a while; never shown on a page."""

    BEREAVEMENT = "bereavement"
    END_OF_LIFE = "end_of_life"
    SAFEGUARDING = "safeguarding"


class Exclusion(Base):
    """A person who must not be drawn, invited or reminded between two days, as a list of the service said."""

    __tablename__ = "exclusion"
    __table_args__ = (sa.UniqueConstraint("participant_id", "reason", "from_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))
    reason: Mapped[ExclusionReason] = mapped_column(enum_column(ExclusionReason))
    from_day: Mapped[dt.date]
    until_day: Mapped[dt.date | None]  # its last day; NULL: until somebody says otherwise
    source: Mapped[str] = mapped_column(sa.String(120))  # which list said so
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class KeyProof(Base):
    """A keyed hash by which a database knows the keys it was made with."""

    __tablename__ = "key_proof"

    name: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    proof: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
