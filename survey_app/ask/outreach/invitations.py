"""Invitations: one person asked once, opened by a token that is stored only as a keyed hash."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.eligibility import left_alone, phone_rested, wants_news
from survey_app.ask.outreach.tables import Appearance, Helped, Invitation, InvitationState
from survey_app.ask.population import participants
from survey_app.ask.population.consent import may_ask
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending import outbox
from survey_app.clock import Clock
from survey_app.crypto import ALPHABET, TOKEN_LENGTH, Keys, derive_token, keyed_hash
from survey_app.settings import Settings

# Built once: every page of a survey begins with it.
BY_TOKEN = sa.select(Invitation).where(Invitation.token_hash == sa.bindparam("digest"))
ANSWERED = (
    sa.update(Invitation)
    .where(Invitation.id == sa.bindparam("invitation"), Invitation.state == InvitationState.OPEN)
    .values(state=InvitationState.ANSWERED, answered_at=sa.bindparam("at"))
    .returning(Invitation.id)
)
LETTERS = frozenset(ALPHABET)
LONGEST = 4 * TOKEN_LENGTH
"""What is longer than a token with some punctuation is cut before it is hashed."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One person to be asked, and when."""

    campaign_id: int
    draw_id: int
    participant_id: int
    place_id: str
    practice_id: str | None
    category: str | None
    items: list[str] | None
    channel: ChannelChoice
    language: str
    invited_at: dt.datetime
    expires_at: dt.datetime


def issue(session: Session, askings: Sequence[Asking], *, keys: Keys) -> None:
    """Store an invitation for each asking; nothing is sent yet."""
    if askings:
        session.execute(sa.insert(Invitation), [_values(asking, keys) for asking in askings])


def find(session: Session, keys: Keys, token: str) -> Invitation | None:
    """Return the invitation a token opens, or None; the same work is done for any text.

    Phones add a full stop, a bracket or an invisible space to a link; what no token ends with is taken off.
    """
    digest = token_hash(keys, bare_token(token))
    return session.scalar(BY_TOKEN, {"digest": digest})


def token_of(keys: Keys, invitation: Invitation) -> str:
    """Return the token of an invitation; it can be made again, so it need not be stored."""
    return _token(keys, invitation.nonce)


def token_hash(keys: Keys, token: str) -> bytes:
    """Return the keyed hash under which a token is known."""
    return keyed_hash(keys.token, "token", token)


def bare_token(token: str) -> str:
    """Return a token without what phones add to the end of a link."""
    end = min(len(token), LONGEST)
    while end and token[end - 1] not in LETTERS:
        end -= 1
    return token[:end]


def link_of(settings: Settings, keys: Keys, invitation: Invitation) -> str:
    """Return the address that opens an invitation."""
    return f"{settings.public_base_url}/s/{token_of(keys, invitation)}"


def mark_answered(session: Session, invitation_id: int, at: dt.datetime) -> bool:
    """Close an answered invitation and take back what still waits for it; tell whether it was open."""
    chosen = {"invitation": invitation_id, "at": at}
    was_open = session.connection().execute(ANSWERED, chosen).first() is not None
    outbox.withdraw(session, invitation_id=invitation_id)
    return was_open


def mark_reminded(session: Session, invitation_id: int, at: dt.datetime) -> bool:
    """Take the one reminder an open invitation has; False where it is spent already."""
    unspent = sa.and_(
        Invitation.id == invitation_id,
        Invitation.state == InvitationState.OPEN,
        Invitation.reminded_at.is_(None),
    )
    spent = sa.update(Invitation).where(unspent).values(reminded_at=at).returning(Invitation.id)
    return session.execute(spent).first() is not None


def speak(session: Session, invitation_id: int, language: str) -> None:
    """Remember the language somebody chose: this survey keeps to it, and so do all that follow."""
    chosen = sa.update(Invitation).where(Invitation.id == invitation_id).values(language=language)
    for asked in session.scalars(chosen.returning(Invitation.participant_id)).all():
        participants.speak(session, asked, language)


def choose_appearance(session: Session, invitation_id: int, appearance: Appearance) -> None:
    """Keep how the person wants the pages of their survey to look."""
    session.execute(sa.update(Invitation).where(Invitation.id == invitation_id).values(appearance=appearance))


def say_who_helps(session: Session, invitation_id: int, helped: Helped) -> None:
    """Keep who fills this survey in: every answer from now on carries it."""
    session.execute(sa.update(Invitation).where(Invitation.id == invitation_id).values(helped=helped))


def expire(session: Session, now: dt.datetime) -> int:
    """Close the open invitations whose time is over, and return how many those were."""
    chosen = sa.and_(Invitation.state == InvitationState.OPEN, Invitation.expires_at <= now)
    return _close(session, chosen, InvitationState.EXPIRED)


def cancel(session: Session, participant_id: int) -> int:
    """Close a person's open invitations because they want no more, and return how many those were."""
    chosen = sa.and_(Invitation.participant_id == participant_id, Invitation.state == InvitationState.OPEN)
    return _close(session, chosen, InvitationState.CANCELLED)


def of_participant(session: Session, participant_id: int) -> list[int]:
    """Return the ids of everything a person was ever asked."""
    query = sa.select(Invitation.id).where(Invitation.participant_id == participant_id)
    return list(session.scalars(query.order_by(Invitation.id)))


def forget(session: Session, participant_id: int) -> None:
    """Delete everything a person was ever asked; the samples keep their counts."""
    making.forget(session, participant_id)
    session.execute(sa.delete(Invitation).where(Invitation.participant_id == participant_id))


class OtherLinks(Protocol):
    """What is asked without an invitation, by the key of its message."""

    def links(self, session: Session, message_key: str) -> Mapping[str, str]:
        """Return what stands for each {place} of a message."""

    def wanted(self, session: Session, message_key: str) -> bool:
        """Tell whether a message may still leave."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the dispatcher asks about an invitation in the moment of sending."""

    keys: Keys
    settings: Settings
    clock: Clock
    printing: Callable[[int, str], bytes] | None = None
    """Makes the letter on paper of an invitation to an address; None: no PDF is made here."""
    others: OtherLinks | None = None

    awaiting: Callable[[Session, str, int], bool] | None = None
    """Tells by a message's key whether its conversation still waits for an answer; None: no conversations."""

    def stop_link(self, session: Session, invitation_id: int) -> str:
        """Return the link by which a person says that they want no more."""
        token = token_of(self.keys, session.get_one(Invitation, invitation_id))
        return f"{self.settings.public_base_url}/stop/{token}"

    def language(self, session: Session, invitation_id: int) -> str:
        """Return the language in which the person is asked."""
        return session.get_one(Invitation, invitation_id).language.partition("-")[0]

    def letter_pdf(self, invitation_id: int, address: str) -> bytes:
        """Return a letter as PDF, or nothing."""
        return b"" if self.printing is None else self.printing(invitation_id, address)

    def link(self, session: Session, invitation_id: int) -> str:
        """Return the link that goes into a message."""
        return link_of(self.settings, self.keys, session.get_one(Invitation, invitation_id))

    def still_wanted(self, session: Session, invitation_id: int) -> bool:
        """Return whether the person can still answer and did not object since the message was queued."""
        invitation = session.get(Invitation, invitation_id, populate_existing=True)
        if invitation is None or invitation.state is not InvitationState.OPEN:
            return False
        return invitation.expires_at > self.clock() and may_ask(session, invitation.participant_id)

    def may_invite(self, session: Session, invitation_id: int) -> bool:
        """Return whether the phone had four weeks' rest, and the person is not to be left alone."""
        invitation = session.get_one(Invitation, invitation_id)
        now = self.clock()
        fine = sa.select(Participant.id).where(
            Participant.id == invitation.participant_id, phone_rested(invitation, now), ~left_alone(now)
        )
        return session.scalar(fine) is not None

    def is_awaited(self, session: Session, message_key: str, invitation_id: int) -> bool:
        """Return whether what a message asks is still waited for."""
        return self.awaiting is None or self.awaiting(session, message_key, invitation_id)

    def news_wanted(self, session: Session, address_index: bytes) -> bool:
        """Return whether somebody on a phone agreed to hear what was done, and did not take that back."""
        someone = sa.select(Participant.id).where(Participant.phone_index == address_index, wants_news())
        someone = someone.where(~left_alone(self.clock()))
        return session.scalar(someone.limit(1)) is not None

    def links_by_key(self, session: Session, key: str) -> Mapping[str, str]:
        """Return the links of a message that belongs to no invitation."""
        return self.others.links(session, key) if self.others is not None else {}

    def wanted_by_key(self, session: Session, key: str) -> bool:
        """Return whether such a message may still leave."""
        return self.others is None or self.others.wanted(session, key)


def _values(asking: Asking, keys: Keys) -> dict[str, object]:
    nonce = secrets.token_hex(16)
    return asdict(asking) | {
        "channel": asking.channel.value,
        "nonce": nonce,
        "token_hash": token_hash(keys, _token(keys, nonce)),
        "state": InvitationState.OPEN,
    }


def _token(keys: Keys, nonce: str) -> str:
    return derive_token(keys.token, "invitation", nonce)


def _close(session: Session, chosen: sa.ColumnElement[bool], state: InvitationState) -> int:
    closed = session.scalars(
        sa.update(Invitation).where(chosen).values(state=state).returning(Invitation.id)
    ).all()
    for invitation_id in closed:
        outbox.withdraw(session, invitation_id=invitation_id)
    return len(closed)
