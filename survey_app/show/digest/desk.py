"""The desk where letters are written: one person's of a day, with its picture and the link that stops it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.crypto import Keys
from survey_app.know.measures.measures import Measures
from survey_app.settings import Settings
from survey_app.show.charts.store import drawing
from survey_app.show.charts.tables import Rendering
from survey_app.show.digest import readers
from survey_app.show.digest.gathering import gather
from survey_app.show.digest.letters import Links, Written, write


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are written with; pages are given it, for they may not know this room."""

    keys: Keys
    settings: Settings
    measures: Measures

    def letter_for(self, session: Session, person: SignedIn, day: dt.date) -> Written | None:
        """Write a person's letter; None where their places have no figure yet."""
        news = gather(session, person, self.measures, day)
        if news is None:
            return None
        lead = news.lead
        picture = drawing(session, lead.measure_id, lead.place_id, Rendering.PNG) if lead else None
        links = Links(self.settings.public_base_url, self.stop_link(person.staff_id))
        return write(news, links, service_name=self.settings.service_name, picture=picture)

    def stop_link(self, staff_id: int) -> str:
        """Return the address that stops a person's e-mail."""
        return f"{self.settings.public_base_url}/digest/stop/{readers.stop_token(self.keys, staff_id)}"

    def wants(self, session: Session, staff_id: int) -> bool:
        """Tell whether somebody gets the e-mail."""
        return readers.wants(session, staff_id)

    def turn(self, session: Session, staff_id: int, *, on: bool, now: dt.datetime) -> None:
        """Begin or stop somebody's e-mail."""
        if on:
            readers.turn_on(session, staff_id, now=now)
        else:
            readers.turn_off(session, staff_id)

    def whose(self, token: str) -> int | None:
        """Return whose e-mail a token stops."""
        return readers.whose_token(self.keys, token)
