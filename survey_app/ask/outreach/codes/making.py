"""Codes made, found, printed again and ended."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.codes.crockford import check_of, in_groups, is_easy, letters_of, read_code
from survey_app.ask.outreach.codes.tables import Code, CodeKind, PaperDesk
from survey_app.ask.outreach.tables import Campaign, CampaignState, Invitation, InvitationState
from survey_app.ask.population.tables import ChannelChoice
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import insert_new, upsert

BY_HASH = sa.select(Code).where(Code.code_hash == sa.bindparam("digest"))
LONGEST_NAME = 80
MOST_SHEETS = 200
"""Forms printed at once."""
POST = dt.timedelta(days=28)
"""How long after a campaign's last day its paper forms may still be on their way."""


class BadPlace(ValueError):
    """A code for a place where its campaign asks nobody."""


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a code is made for."""

    kind: CodeKind
    campaign_id: int
    place_id: str
    name: str = ""
    invitation_id: int | None = None


def make(session: Session, new: NewCode, *, keys: Keys, now: dt.datetime) -> Code:
    """Store a new code; of the fifty bits' few twins, and of codes that are hard to type, another is made."""
    while True:
        nonce = secrets.token_hex(16)
        letters = _letters(keys, nonce)
        if not is_easy(letters):
            continue
        row = {
            "kind": new.kind,
            "campaign_id": new.campaign_id,
            "place_id": new.place_id,
            "name": new.name[:LONGEST_NAME],
            "invitation_id": new.invitation_id,
            "nonce": nonce,
            "code_hash": hash_of(keys, letters + check_of(letters)),
            "made_at": now,
        }
        made = insert_new(session, Code, row)
        if made is not None:
            return session.get_one(Code, made)
        if new.invitation_id is not None and (known := of_invitation(session, new.invitation_id)):
            return known


def poster(
    session: Session, campaign: Campaign, place_id: str, name: str, *, keys: Keys, now: dt.datetime
) -> Code:
    """Make a poster's code for one of a campaign's places."""
    return make(session, _open(CodeKind.POSTER, campaign, place_id, name), keys=keys, now=now)


def sheets(
    session: Session, campaign: Campaign, place_id: str, n_sheets: int, *, keys: Keys, now: dt.datetime
) -> list[Code]:
    """Number some paper forms for one of a campaign's places."""
    new = _open(CodeKind.SHEET, campaign, place_id, "")
    return [make(session, new, keys=keys, now=now) for _ in range(min(n_sheets, MOST_SHEETS))]


def letters(session: Session, campaign_id: int, *, keys: Keys, now: dt.datetime) -> list[Code]:
    """Return the codes of a campaign's open invitations that go by letter, making those that are missing."""
    found = session.scalars(sa.select(Invitation).where(_by_letter(campaign_id, now)).order_by(Invitation.id))
    return [letter(session, invitation, keys=keys, now=now) for invitation in found.all()]


def n_letters(session: Session, campaign_id: int, now: dt.datetime) -> int:
    """Count a campaign's open invitations that go by letter."""
    asked = sa.select(sa.func.count()).select_from(Invitation).where(_by_letter(campaign_id, now))
    return session.scalar(asked) or 0


def letter(session: Session, invitation: Invitation, *, keys: Keys, now: dt.datetime) -> Code:
    """Return the code of one invitation; there is one, however often it is printed."""
    known = of_invitation(session, invitation.id)
    new = NewCode(CodeKind.LETTER, invitation.campaign_id, invitation.place_id, invitation_id=invitation.id)
    return known or make(session, new, keys=keys, now=now)


def of_invitation(session: Session, invitation_id: int) -> Code | None:
    """Return the code of an invitation that has one."""
    return session.scalar(sa.select(Code).where(Code.invitation_id == invitation_id))


def find(session: Session, keys: Keys, text: str) -> Code | None:
    """Return the code somebody typed, or None; what no code looks like is looked up all the same."""
    return session.scalar(BY_HASH, {"digest": hash_of(keys, read_code(text) or "")})


def shown(keys: Keys, code: Code) -> str:
    """Return the eleven characters of a code; they can be made again, so they need not be stored."""
    made = _letters(keys, code.nonce)
    return made + check_of(made)


def printed(keys: Keys, code: Code) -> str:
    """Return a code as people see it: ABCDE-FGHJK-X."""
    return in_groups(shown(keys, code))


def hash_of(keys: Keys, typed: str) -> bytes:
    """Return the keyed hash under which a code is known."""
    return keyed_hash(keys.token, "code", typed)


def of_campaign(session: Session, campaign_id: int, kind: CodeKind) -> Sequence[Code]:
    """Return a campaign's codes of one kind, the newest first."""
    mine = sa.select(Code).where(Code.campaign_id == campaign_id, Code.kind == kind)
    return session.scalars(mine.order_by(Code.id.desc())).all()


def end(session: Session, code_id: int, at: dt.datetime) -> None:
    """Let a code open nothing any more; surveys it opened can be finished."""
    session.execute(sa.update(Code).where(Code.id == code_id, Code.ended_at.is_(None)).values(ended_at=at))


def forget(session: Session, participant_id: int) -> None:
    """Delete the codes of a person's letters."""
    asked = sa.select(Invitation.id).where(Invitation.participant_id == participant_id)
    session.execute(sa.delete(Code).where(Code.invitation_id.in_(asked)))


def is_live(code: Code, campaign: Campaign, day: dt.date) -> bool:
    """Tell whether a code opens surveys on a local day."""
    runs = campaign.state is CampaignState.RUNNING and campaign.starts_on <= day <= campaign.ends_on
    return runs and code.ended_at is None


def keyed_twice(session: Session, campaign_id: int) -> bool:
    """Tell whether two people key each of a campaign's paper forms."""
    desk = session.get(PaperDesk, campaign_id)
    return desk is not None and desk.twice


def key_twice(session: Session, campaign_id: int, *, on: bool) -> None:
    """Ask for two people to key each form, or no longer."""
    upsert(session, PaperDesk, {"campaign_id": campaign_id, "twice": on}, key=["campaign_id"])


def _by_letter(campaign_id: int, now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Invitation.campaign_id == campaign_id,
        Invitation.channel == ChannelChoice.LETTER.value,
        Invitation.state == InvitationState.OPEN,
        Invitation.expires_at > now,
    )


def _open(kind: CodeKind, campaign: Campaign, place_id: str, name: str) -> NewCode:
    if place_id not in campaign.localities:
        raise BadPlace(f"{campaign.name} asks nobody at {place_id!r}")
    return NewCode(kind, campaign.id, place_id, name.strip())


def _letters(keys: Keys, nonce: str) -> str:
    return letters_of(int.from_bytes(keyed_hash(keys.token, "code letters", nonce)))
