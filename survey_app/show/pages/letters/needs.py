"""What the pages of the weekly e-mail use; who writes the letters is given to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.clock import Clock, london_day
from survey_app.database import Database


class Shown(Protocol):
    """The series whose picture a letter carries."""

    @property
    def measure_id(self) -> str:
        """Its measure."""

    @property
    def place_id(self) -> str:
        """Its place."""

    @property
    def alt(self) -> str:
        """What the picture says, in words."""


class Letter(Protocol):
    """A letter as a page can show it."""

    @property
    def subject(self) -> str:
        """The one thing it says."""

    @property
    def text(self) -> str:
        """All of it as plain text."""

    @property
    def picture(self) -> bytes | None:
        """The picture it carries, where it has one."""

    @property
    def lead(self) -> Shown | None:
        """What the picture is of."""


class Desk(Protocol):
    """Who writes letters and knows who wants them."""

    def letter_for(self, session: Session, person: SignedIn, day: dt.date) -> Letter | None:
        """Write a person's letter of a day."""

    def wants(self, session: Session, staff_id: int) -> bool:
        """Tell whether somebody gets the e-mail."""

    def turn(self, session: Session, staff_id: int, *, on: bool, now: dt.datetime) -> None:
        """Begin or stop somebody's e-mail."""

    def whose(self, token: str) -> int | None:
        """Return whose e-mail a token stops."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `synthetic` tells whether invented people are among those asked."""

    database: Database
    clock: Clock
    desk: Desk
    synthetic: Callable[[], bool]

    def today(self) -> dt.date:
        """Return the local date."""
        return london_day(self.clock())
