"""What the pages of staff accounts use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.accounts.audit.trail import Deed, write
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.settings import Settings
from survey_app.show.pages.accounts.staffing.post import Post


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    keys: Keys
    clock: Clock
    settings: Settings
    post: Post
    synthetic: Callable[[], bool]

    def note(self, session: Session, by: str, did: str, about: str) -> None:
        """Write down what became of an account, in the transaction that did it."""
        write(session, Deed(by, f"staff {did}", about), keys=self.keys, now=self.clock())
