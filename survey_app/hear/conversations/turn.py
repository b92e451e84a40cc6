"""What one turn stands on: what came in, its survey, and what may be used to answer it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Answers, Instrument, Item
from survey_app.ask.outreach.tables import Invitation
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
    invitation: Invitation
    instrument: Instrument
    origin: Origin
    answers: Answers

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

    @property
    def wording(self) -> Wording:
        """Return the texts in the language of the person we ask; English for a stranger."""
        wording = self.needs.wording
        return wording if self.survey is None else wording.in_language(self.survey.origin.language)
