"""The table of funnel pictures, made once a release by a worker and served as bytes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.database import Base


class FunnelPicture(Base):
    """One picture of the newest comparison of a measure below a place; narrow ones are for phones."""

    __tablename__ = "funnel_picture"

    measure_id: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    narrow: Mapped[bool] = mapped_column(primary_key=True)
    quarter: Mapped[dt.date]
    release: Mapped[str] = mapped_column(sa.String(22))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
