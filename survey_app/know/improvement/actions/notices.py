"""You said, we did: written for an action, published for everybody, taken down again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.sending import outbox
from survey_app.know.improvement.actions.actions import Change
from survey_app.know.improvement.actions.tables import Action, Notice, NoticeState

MOST = 200


class NotNow(ValueError):
    """A notice, or its action, is not in the state for this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people said, what was done, and the words of the text message."""

    you_said: str
    we_did: str
    text: str


def write(session: Session, action: Action, words: Words, change: Change) -> Notice:
    """Keep a draft for an action that has begun: people are told what was done, not what is meant."""
    if action.started_on is None:
        raise NotNow("Start the action first: people are told what was done")
    made = Notice(
        action_id=action.id,
        place_id=action.place_id,
        **asdict(words),
        state=NoticeState.DRAFT,
        written_by_id=change.staff_id,
        written_at=change.at,
    )
    session.add(made)
    session.flush()
    return made


def rewrite(session: Session, notice: Notice, words: Words, change: Change) -> None:
    """Say a draft in other words; what is out stays as it is."""
    _only(session, notice, NoticeState.DRAFT, "It is published already: take it down and write a new one")
    for name, value in asdict(words).items():
        setattr(notice, name, value)
    notice.written_by_id, notice.written_at = change.staff_id, change.at
    session.flush()


def publish(session: Session, notice: Notice, *, figures: str | None, now: dt.datetime) -> None:
    """Put a draft on the public page, with a sentence of released figures where there is one."""
    _only(session, notice, NoticeState.DRAFT, "Only a draft can be published")
    notice.state, notice.figures, notice.published_at = NoticeState.PUBLISHED, figures, now
    session.flush()


def take_down(session: Session, notice: Notice) -> None:
    """Take a notice off the public page, and its texts back as far as they still wait."""
    _only(session, notice, NoticeState.PUBLISHED, "Only what is published can be taken down")
    notice.state = NoticeState.WITHDRAWN
    outbox.withdraw_family(session, key_starts=family_of(notice.id))
    session.flush()


def notice(session: Session, notice_id: int) -> Notice | None:
    """Return a notice by id, or None."""
    return session.get(Notice, notice_id)


def published(session: Session, notice_id: int | None = None) -> list[Notice]:
    """Return what is on the public page, the newest first; with an id at most that one."""
    query = sa.select(Notice).where(Notice.state == NoticeState.PUBLISHED)
    if notice_id is not None:
        query = query.where(Notice.id == notice_id)
    return list(session.scalars(query.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(MOST)))


def by_place(notices: Iterable[Notice]) -> dict[str, list[Notice]]:
    """Return notices by place; the place with the newest first."""
    found: dict[str, list[Notice]] = {}
    for one in notices:
        found.setdefault(one.place_id, []).append(one)
    return found


def family_of(notice_id: int) -> str:
    """Return how the keys of a notice's texts begin."""
    return f"news:{notice_id}:"


def hold(session: Session, notice: Notice) -> None:
    """Read a notice again and keep others from changing it until the caller's transaction ends."""
    session.refresh(notice, with_for_update=True)


def _only(session: Session, found: Notice, state: NoticeState, otherwise: str) -> None:
    hold(session, found)
    if found.state is not state:
        raise NotNow(otherwise)
