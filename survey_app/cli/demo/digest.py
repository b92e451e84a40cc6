"""The demonstration's weekly e-mail: its staff get it, so that the page shows one that is on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.accounts.tables import Staff
from survey_app.bootstrap import Runtime
from survey_app.show.digest.desk import Desk


def ask_for_it(session: Session, runtime: Runtime, person: Staff) -> None:
    """Let somebody have the e-mail; on Mondays it is written to the folder `mail`."""
    desk = Desk(runtime.keys, runtime.settings, runtime.measures)
    desk.turn(session, person.id, on=True, now=runtime.clock())
