"""Tables of staff, their roles at places and their signed-in sessions."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class Role(StrEnum):
    """What a member of staff may do at a place and below it."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    SURVEY_OFFICER = "survey_officer"
    TEAM_LEADER = "team_leader"
    RESPONDER = "responder"  # reads comments, answers alerts
    ANALYST = "analyst"  # reads and exports
    AUDITOR = "auditor"


class Staff(Base):
    """A person who signs in."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # the last time


class Grant(Base):
    """A role at a place; `place_path` makes scope a prefix test, so accounts need not know the tree."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.UniqueConstraint("staff_id", "role", "place_path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    place_path: Mapped[str] = mapped_column(sa.String(200))


class StaffSession(Base):
    """A signed-in browser, known by the keyed hash of its cookie."""

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    waits_for_code: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class KnownBrowser(Base):
    """A browser somebody signed in with, by the keyed hash of its cookie; it counts its own failures."""

    __tablename__ = "known_browser"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    known_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class StaffFactor(Base):
    """A member of staff's authenticator app; `last_step` is the newest code taken: none works twice."""

    __tablename__ = "staff_factor"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    secret_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    offered_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # shown, no code of it given yet
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")


class RecoveryCode(Base):
    """A code for somebody whose phone is lost; works once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class PassKind(StrEnum):
    """What a link sent by e-mail is good for."""

    INVITATION = "invitation"
    RESET = "reset"


class StaffPass(Base):
    """A link sent to one address, good once and for a while; only the keyed hash of its secret is kept."""

    __tablename__ = "staff_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    kind: Mapped[PassKind] = mapped_column(enum_column(PassKind))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    role: Mapped[Role | None] = mapped_column(enum_column(Role))  # of an invitation
    place_path: Mapped[str | None] = mapped_column(sa.String(200))
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
