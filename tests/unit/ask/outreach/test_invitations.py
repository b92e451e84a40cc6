from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.invitations import Asking, Hooks
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.consent import withdraw
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.crypto import ALPHABET, TOKEN_LENGTH
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.fakes import MONDAY_MORNING


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def campaign(session):
    return make_campaign(session, places=[make_place(session)], window_days=7)


@pytest.fixture
def person(session, keys, campaign):
    return make_participant(session, keys, place=make_place(session, "hill"))


@pytest.fixture
def invited(session, keys, campaign, person):
    return make_invitation(session, keys, campaign=campaign, participant=person)


def waiting_text(session, keys, invitation) -> Message:
    outgoing = Outgoing(
        key=f"invite:{invitation.id}",
        kind=MessageKind.INVITE,
        medium=Medium.TEXT,
        address="+447700900123",
        body="{link}",
        not_before=MONDAY_MORNING,
        invitation_id=invitation.id,
    )
    queue(session, outgoing, keys=keys, now=MONDAY_MORNING)
    return session.scalars(sa.select(Message).where(Message.invitation_id == invitation.id)).one()


def test_issuing_stores_a_hash_and_the_token_can_be_made_again(
    session, keys, settings, campaign, person, invited
):
    asking = Asking(
        campaign_id=campaign.id,
        draw_id=invited[0].draw_id,
        participant_id=make_participant(session, keys, place=make_place(session, "vale")).id,
        place_id="vale",
        practice_id="vale-surgery",
        category="65-79",
        items=["a", "b"],
        channel=ChannelChoice.WEB,
        language="en",
        invited_at=MONDAY_MORNING,
        expires_at=MONDAY_MORNING + dt.timedelta(days=7),
    )
    invitations.issue(session, [asking], keys=keys)
    invitations.issue(session, [], keys=keys)
    stored = session.scalars(sa.select(Invitation).where(Invitation.place_id == "vale")).one()
    token = invitations.token_of(keys, stored)
    assert len(token) == TOKEN_LENGTH
    assert set(token) <= set(ALPHABET)
    assert token.encode() not in repr(vars(stored)).encode()
    assert invitations.find(session, keys, token) is stored
    assert invitations.link_of(settings, keys, stored) == f"http://localhost/s/{token}"
    assert (stored.state, stored.items, stored.channel) == (InvitationState.OPEN, ["a", "b"], "web")


@pytest.mark.parametrize(
    "ending", ["", ".", ")", ">", ").", "\u200b", "\u200b.", "\ufeff", "…", "'", '"', "%20", " "]
)
def test_what_phones_add_to_a_link_is_taken_off(session, keys, invited, ending):
    invitation, token = invited
    found = invitations.find(session, keys, token + ending)
    assert (found is invitation) == (ending != "%20")


def test_a_token_with_a_wrong_letter_opens_nothing(session, keys, invited):
    _, token = invited
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    for wrong in (
        changed,
        token.swapcase(),
        token[:-1],
        token + "A",
        "." + token,
        "",
        "." * 5_000,
        token * 50,
        "\x00",
    ):
        assert invitations.find(session, keys, wrong) is None


def test_an_answered_invitation_is_closed_once_and_takes_back_what_waits(session, keys, invited):
    invitation, _ = invited
    message = waiting_text(session, keys, invitation)
    assert invitations.mark_answered(session, invitation.id, MONDAY_MORNING)
    assert not invitations.mark_answered(session, invitation.id, MONDAY_MORNING + dt.timedelta(hours=1))
    session.refresh(invitation)
    session.refresh(message)
    assert (invitation.state, invitation.answered_at) == (InvitationState.ANSWERED, MONDAY_MORNING)
    assert message.state is MessageState.WITHDRAWN


def test_invitations_expire_at_their_time_and_answered_ones_do_not(session, keys, campaign, invited):
    invitation, _ = invited
    person = make_participant(session, keys, place=make_place(session, "vale"))
    answered, _ = make_invitation(
        session, keys, campaign=campaign, participant=person, state=InvitationState.ANSWERED
    )
    message = waiting_text(session, keys, invitation)
    just_before = invitation.expires_at - dt.timedelta(seconds=1)
    assert invitations.expire(session, just_before) == 0
    assert invitations.expire(session, invitation.expires_at) == 1
    assert invitations.expire(session, invitation.expires_at) == 0
    for row in (invitation, answered, message):
        session.refresh(row)
    assert invitation.state is InvitationState.EXPIRED
    assert answered.state is InvitationState.ANSWERED
    assert message.state is MessageState.WITHDRAWN


def test_cancelling_closes_a_persons_open_invitations_only(session, keys, campaign, person, invited):
    other = make_participant(session, keys, place=make_place(session, "vale"))
    theirs, _ = make_invitation(session, keys, campaign=campaign, participant=other)
    assert invitations.cancel(session, person.id) == 1
    assert invitations.cancel(session, person.id) == 0
    session.refresh(invited[0])
    session.refresh(theirs)
    assert invited[0].state is InvitationState.CANCELLED
    assert theirs.state is InvitationState.OPEN


def test_the_dispatcher_gets_the_link_and_asks_whether_it_is_still_wanted(
    session, keys, settings, clock, invited
):
    invitation, token = invited
    hooks = Hooks(keys, settings, clock)
    assert hooks.link(session, invitation.id) == f"http://localhost/s/{token}"
    assert hooks.still_wanted(session, invitation.id)
    assert not hooks.still_wanted(session, 999)
    clock.set(invitation.expires_at)
    assert not hooks.still_wanted(session, invitation.id)


def test_a_message_is_not_wanted_after_an_objection(session, keys, settings, clock, person, invited):
    invitation, _ = invited
    hooks = Hooks(keys, settings, clock)
    withdraw(session, participant_id=person.id, at=clock())
    assert not hooks.still_wanted(session, invitation.id)


def test_a_message_is_not_wanted_after_the_answer(session, keys, settings, clock, invited):
    invitation, _ = invited
    invitations.mark_answered(session, invitation.id, clock())
    assert not Hooks(keys, settings, clock).still_wanted(session, invitation.id)
