"""Stopping: a wish to be left alone, in any words, holds for the phone and for everyone who shares it."""

from __future__ import annotations

from survey_app.ask.outreach import invitations
from survey_app.ask.population import consent
from survey_app.ask.sending import outbox
from survey_app.ask.sending.tables import MessageKind
from survey_app.hear.conversations.people import people_at
from survey_app.hear.conversations.saying import move, say
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Turn
from survey_app.hear.safeguarding.contacts import WrongContact, report_contact


def stop(turn: Turn) -> None:
    """Take an opt-out: the answers so far stay, nothing else is sent but one confirmation."""
    already = consent.is_suppressed(turn.session, turn.address_index)
    for person in people_at(turn.session, turn.address_index):
        consent.withdraw(turn.session, participant_id=person.id, at=turn.inbound.received_at)
    _leave_alone(turn, consent.SuppressionReason.OPTED_OUT, ConversationState.OPTED_OUT)
    if not already and not turn.inbound.is_provider_stop:
        say(turn, "stop_done", kind=MessageKind.STOP_DONE)


def wrong_number(turn: Turn, *, answer: bool) -> None:
    """Give up an address that is not, or no longer, the person's, and tell whoever keeps the list.

    Their consent stands for another address. Of somebody who has died nothing is said back.
    """
    already = consent.is_suppressed(turn.session, turn.address_index)
    _leave_alone(turn, consent.SuppressionReason.WRONG_PERSON, ConversationState.WRONG_PERSON)
    people = people_at(turn.session, turn.address_index)
    if people and not already:
        references = tuple(person.reference for person in people)
        found = WrongContact(turn.inbound.provider_id, references, turn.inbound.received_at)
        report_contact(turn.session, found, keys=turn.needs.keys, settings=turn.needs.settings)
    if answer and not already:
        say(turn, "wrong_person", kind=MessageKind.STOP_DONE)


def _leave_alone(turn: Turn, reason: consent.SuppressionReason, state: ConversationState) -> None:
    now = turn.inbound.received_at
    consent.suppress(turn.session, phone_index=turn.address_index, reason=reason, at=now)
    if turn.survey is not None:
        move(turn, turn.survey, state)
    for person in people_at(turn.session, turn.address_index):
        invitations.cancel(turn.session, person.id)
    outbox.withdraw_address(turn.session, address_index=turn.address_index)
