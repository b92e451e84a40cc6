"""Erasing one person: contact, invitations, messages, conversations and answers go in one transaction."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.panels import rounds as panels
from survey_app.ask.population import exclusions, participants
from survey_app.ask.population.importing import uploads
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending import outbox
from survey_app.ask.sending.tables import Message
from survey_app.crypto import Keys, keyed_hash
from survey_app.hear.conversations import forgetting as conversations
from survey_app.hear.conversations.calls import forgetting as calls
from survey_app.hear.erasure.marks import mark
from survey_app.hear.responses import forgetting as responses
from survey_app.hear.responses.origins import person_of
from survey_app.hear.safeguarding import callbacks


def responses_of(session: Session, keys: Keys, participant_id: int) -> list[int]:
    """Return the ids of a person's responses, for rooms above to let go of first."""
    return responses.of_person(session, person_of(participant_id, keys))


def erase(session: Session, keys: Keys, person: Participant, *, now: dt.datetime) -> None:
    """Erase a person; an objection stays known as a keyed hash, and alerts keep their own time.

    Who shares a phone keeps their own surveys, and with them the texts that no survey was open for.
    """
    asked = invitations.of_participant(session, person.id)
    theirs_alone = participants.addresses_alone(session, person)
    reference = keyed_hash(keys.index, "reference", person.reference)
    mark(session, reference, theirs_alone, at=now)
    uploads.forget_all(session)  # one of them may hold this person's row; who sent it can send it again
    calls.forget(session, asked, theirs_alone)
    conversations.forget(session, asked, theirs_alone)
    sent = sa.or_(Message.invitation_id.in_(asked), Message.address_index.in_(theirs_alone))
    outbox.forget(session, sent)
    for number in participants.numbers_alone(session, keys, person):
        callbacks.forget(session, keys, number)
    responses.forget(session, responses_of(session, keys, person.id))
    invitations.forget(session, person.id)
    panels.forget(session, person.id)
    exclusions.forget(session, person.id)
    participants.strip(session, person, now=now)
