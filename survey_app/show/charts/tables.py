"""The table of drawings: pictures made once a release by a worker and served as bytes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base, UtcDateTime, enum_column


class Rendering(StrEnum):
    """The kinds of picture kept of a series."""

    SVG = "svg"
    NARROW_SVG = "narrow_svg"  # for phones
    PNG = "png"


ON_PAGES = (Rendering.SVG, Rendering.NARROW_SVG)
"""What an open page waits for, so drawn first; the rest is for downloads and takes longer than these."""


class PanelDrawing(Base):
    """One picture of one panel result, as of one edition of it."""

    __tablename__ = "panel_drawing"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("panel_round.id"), primary_key=True)
    rendering: Mapped[Rendering] = mapped_column(enum_column(Rendering), primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(22))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    drawn_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ClimateDrawing(Base):
    """One picture of one team report, as of one edition of it."""

    __tablename__ = "climate_drawing"

    wave_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    rendering: Mapped[Rendering] = mapped_column(enum_column(Rendering), primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(22))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    drawn_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Drawing(Base):
    """One picture of one series as of one release and revision."""

    __tablename__ = "drawing"

    measure_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    rendering: Mapped[Rendering] = mapped_column(enum_column(Rendering), primary_key=True)
    release: Mapped[str] = mapped_column(sa.String(22))
    revision: Mapped[str] = mapped_column(sa.String(22), server_default="")
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    drawn_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
