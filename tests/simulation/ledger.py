"""What the database says at the end of a story, laid beside the story."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending.tables import Medium, Message
from survey_app.hear.conversations.tables import Conversation, ConversationState, InboundMessage
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, SubmissionRow
from survey_app.hear.safeguarding.tables import Alert
from tests.simulation.story import Came, Handed, Stepped, Stopped, Story, Webbed
from tests.simulation.words import Meaning
from tests.simulation.world import World

TO_PHONES = frozenset({Medium.TEXT, Medium.WHATSAPP, Medium.CALL})


@dataclass(frozen=True, slots=True)
class Asked:
    """One invitation, and whose phone it goes to."""

    id: int
    participant_id: int
    phone: str
    instrument: Instrument
    items: tuple[str, ...] | None
    invited_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """An answer that was stored by one submission."""

    invitation_id: int
    item: str
    code: int | None


class Ledger:
    """Rows and entries, by what is asked about them."""

    def __init__(self, world: World) -> None:
        self.story: Story = world.story
        self.log, self.too_late = world.provider.log, world.provider.too_late
        self.faults, self.said, self.said_at = world.faults, world.said, world.said_at
        with world.runtime.database.reading() as session:
            rows = session.execute(
                sa.select(Invitation, Campaign, Participant).join(Campaign).join(Participant)
            )
            self.asked = {
                row.Invitation.id: _asked(row, world) for row in rows.all() if row.Participant.phone_sealed
            }
            self.messages = session.scalars(sa.select(Message)).all()
            self.inbound = session.scalars(sa.select(InboundMessage)).all()
            self.conversations = session.scalars(sa.select(Conversation)).all()
            self.alerts = session.scalars(sa.select(Alert)).all()
            self.responses = {row.id: row for row in session.scalars(sa.select(Response))}
            self.standing = session.scalars(sa.select(Answer)).all()
            history = (
                sa.select(AnswerHistory, SubmissionRow)
                .join(SubmissionRow, SubmissionRow.id == AnswerHistory.submission_id)
                .order_by(AnswerHistory.id)
            )
            self.history = [tuple(row) for row in session.execute(history)]
        self.unreached = {
            row.invitation_id for row in self.conversations if row.state is ConversationState.UNDELIVERABLE
        }
        self.invitation_by_conversation = {row.id: row.invitation_id for row in self.conversations}
        self.by_key = {message.key: message for message in self.messages}
        self.texts = [message for message in self.messages if message.medium in TO_PHONES]
        self.submitted_by = {row.key: row.channel for _, row in self.history}
        self.number = {e.provider_id: e.n for e in self.story.of(Came) if not e.again}
        self.number |= {e.key: e.n for e in self.story.of(Webbed)}
        self.number |= {e.key: e.n for e in self.story.of(Stepped) if e.due}
        self.effects = self._effects()
        self.finished_by = self._finished_by()

    def invitation_of(self, handed: Handed) -> int | None:
        message = self.by_key.get(handed.key)
        return message.invitation_id if message is not None else None

    def asked_at(self, phone: str) -> list[Asked]:
        """Return the invitations of everybody at a phone, the oldest first."""
        return [asked for asked in self.asked.values() if asked.phone == phone]

    def is_plain_no(self, came: Came) -> bool:
        """Tell whether somebody said no in the language they are asked in."""
        asked_for = (e for e in self.story.of(Came, came.phone) if e.meaning is Meaning.LANGUAGE)
        return came.meaning is Meaning.DECLINE and all(e.n > came.n for e in asked_for)

    def _effects(self) -> dict[str, list[Effect]]:
        found: dict[str, list[Effect]] = defaultdict(list)
        for row, submission in self.history:
            origin = self.responses[row.response_id].origin
            found[submission.key].append(Effect(int(origin.split(":")[1]), row.item_id, row.code))
        return found

    def _finished_by(self) -> dict[int, int]:
        """Return for each finished invitation the number of the story's entry that finished it."""
        finished: dict[int, int] = {}
        for row, submission in self.history:
            response = self.responses[row.response_id]
            if response.finished_at is not None:
                finished[int(response.origin.split(":")[1])] = self.number[submission.key]
        return finished

    def stops(self, phone: str) -> list[Stopped]:
        return self.story.of(Stopped, phone)


def _asked(row: sa.Row, world: World) -> Asked:
    invitation, campaign, person = row
    return Asked(
        invitation.id,
        person.id,
        phone_of(world.runtime.keys, person),
        world.runtime.library.get(campaign.instrument_id, campaign.instrument_version),
        tuple(invitation.items) if invitation.items is not None else None,
        invitation.invited_at,
        invitation.expires_at,
    )
