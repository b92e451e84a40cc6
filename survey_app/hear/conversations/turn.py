"""What one turn stands on: what came in, its survey, and what may be used to answer it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Answers, Instrument, Item
from survey_app.ask.outreach.asked import Asked
from survey_app.ask.outreach.tables import Helped
from survey_app.crypto import Keys
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.outlets import Outlet
from survey_app.hear.conversations.tables import Conversation
from survey_app.hear.reading.wording import Wording
from survey_app.hear.responses.submission import Origin
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Conversing:
    """What every turn of a process uses."""

    library: Library
    keys: Keys
    wording: Wording
    settings: Settings


@dataclass(frozen=True, slots=True)
class Survey:
    """The conversation a text belongs to, with its invitation and the answers that stand."""

    conversation: Conversation
    invitation: Asked
    instrument: Instrument
    origin: Origin
    answers: Answers
    answered_at: dt.datetime | None = None

    @property
    def is_answered_elsewhere(self) -> bool:
        """Return whether an answer came another way since the last turn: on the web, by phone, on paper."""
        return self.answered_at is not None and self.answered_at > self.conversation.updated_at

    def in_language(self, language: str, released: Instrument) -> Survey:
        """Return the same survey for somebody who reads another language."""
        instrument = released.in_language(language)
        return replace(self, origin=replace(self.origin, language=language), instrument=instrument)

    def helped(self, who: Helped) -> Survey:
        """Return the same survey, filled in by somebody else."""
        return replace(self, invitation=self.invitation._replace(helped=who))

    @property
    def next_item(self) -> Item | None:
        """Return the first item that has no answer yet, whichever way the others came."""
        return self.instrument.next_item(self.answers, self.origin.items)

    @property
    def n_remaining(self) -> int:
        """Return how many items are still to be answered."""
        asked = self.instrument.applicable(self.answers, self.origin.items)
        return sum(item.id not in self.answers for item in asked)

    @property
    def open_item(self) -> Item | None:
        """Return the item that waits for an answer, if one does."""
        item_id = self.conversation.item_id
        return self.instrument.item(item_id) if item_id is not None else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound text, tap or key on its way to its effect."""

    session: Session
    inbound: Inbound
    needs: Conversing
    address_index: bytes
    survey: Survey | None
    outlet: Outlet
    late: Survey | None = None  # the one that ended lately, where none is open

    def about(self, survey: Survey) -> Turn:
        """Return the same turn about a survey that has changed."""
        return replace(self, survey=survey)

    @property
    def wording(self) -> Wording:
        """Return the texts in the language of the person we ask; English for a stranger."""
        survey, wording = self.survey or self.late, self.needs.wording
        return wording if survey is None else wording.in_language(survey.origin.language)
