"""The tables of documents: what people asked to have on paper, and the PDF a worker made of it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class DocumentState(StrEnum):
    """How far a document is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"  # the worker's machine lacks what PDF needs


class Document(Base):
    """One document of one person; `stamp` says for which scope (16 letters) and what it shows."""

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("staff_id", "stamp", name="uq_document_once"),
        sa.Index("ix_document_waiting", "state", "asked_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    stamp: Mapped[str] = mapped_column(sa.String(64))
    title: Mapped[str] = mapped_column(sa.String(300))
    file_name: Mapped[str] = mapped_column(sa.String(120))
    back: Mapped[str] = mapped_column(sa.String(400))  # address of the page it was asked for on
    html: Mapped[str] = mapped_column(sa.Text)  # empty once it is ready
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[DocumentState] = mapped_column(enum_column(DocumentState))
    n_tries: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class LetterRun(Base):
    """Letters of a campaign printed together for the post room; the PDF is sealed, for it opens surveys."""

    __tablename__ = "letter_run"

    id: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    state: Mapped[DocumentState] = mapped_column(enum_column(DocumentState))
    n_letters: Mapped[int]
    languages: Mapped[str] = mapped_column(sa.String(20), server_default="")  # "en+cy"; "": each person's
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    begun_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
