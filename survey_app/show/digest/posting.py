"""Posting one week's letters: each is claimed in the database before it leaves, so that none leaves twice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.scope import SignedIn
from survey_app.accounts.tables import Staff
from survey_app.ask.sending.gateways.contract import (
    Gateway,
    Letter,
    NotSent,
    Picture,
    Rejected,
    Unsure,
    Verdict,
)
from survey_app.clock import Clock, london_day, week_of
from survey_app.database import Database, insert_or_ignore
from survey_app.show.digest.desk import Desk
from survey_app.show.digest.letters import CHART, Written
from survey_app.show.digest.readers import all_readers, wants
from survey_app.show.digest.tables import DigestPost, PostState

GIVEN_UP_AFTER = dt.timedelta(minutes=10)
"""A claim this old belongs to a process that ended: nobody knows whether its letter left."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """The way out of the house for the letters of one run."""

    database: Database
    desk: Desk
    gateway: Gateway
    clock: Clock

    def week(self) -> int:
        """Post this week's letters, but those that left or may have left; return how many left now."""
        week = week_of(london_day(self.clock()))
        with self.database.writing() as session:
            _give_up(session, self.clock())
        with self.database.reading() as session:
            due = list(_due(session, week))
        return sum(self._post(person, week) for person in due)

    def _post(self, person: SignedIn, week: dt.date) -> bool:
        try:
            return self._write_and_send(person, week)
        except ValueError:
            # For example a name that no e-mail may hold: everybody else still gets theirs.
            log.error("the weekly e-mail of member of staff %s cannot be written", person.staff_id)  # noqa: TRY400 - no contact details in tracebacks
            with self.database.writing() as session:
                _refuse(session, person.staff_id, week, self.clock())
            return False

    def _write_and_send(self, person: SignedIn, week: dt.date) -> bool:
        with self.database.reading() as session:
            written = self.desk.letter_for(session, person, london_day(self.clock()))
        if written is None:
            return False
        with self.database.writing() as session:
            if not _claim(session, person.staff_id, week, self.clock()):
                return False
        state, code = self._hand_over(self._letter(person, week, written))
        with self.database.writing() as session:
            _record(session, person.staff_id, week, state, code)
        return state is PostState.SENT

    def _hand_over(self, letter: Letter) -> tuple[PostState, str | None]:
        try:
            self.gateway.send(letter)
        except NotSent:
            return PostState.NOT_SENT, "not sent"
        except Rejected as refusal:
            again = refusal.verdict in {Verdict.LATER, Verdict.HOLD}
            return PostState.NOT_SENT if again else PostState.REFUSED, refusal.code[:40]
        except Unsure:
            return PostState.UNKNOWN, None
        return PostState.SENT, None

    def _letter(self, person: SignedIn, week: dt.date, written: Written) -> Letter:
        stop = self.desk.stop_link(person.staff_id)
        pictures = (Picture(CHART, written.picture),) if written.picture else ()
        return Letter(
            key=f"digest:{person.staff_id}:{week}",
            address=person.email,
            body=written.text,
            callback_token="",
            subject=written.subject,
            html=written.html,
            pictures=pictures,
            # RFC 8058: the mail program's own button stops it, with one POST and no questions.
            headers=(
                ("List-Unsubscribe", f"<{stop}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ),
        )


def _due(session: Session, week: dt.date) -> Iterator[SignedIn]:
    done = sa.select(DigestPost.staff_id).where(
        DigestPost.week == week, DigestPost.state != PostState.NOT_SENT
    )
    tried = set(session.scalars(done))
    return (person for person in all_readers(session) if person.staff_id not in tried)


def _claim(session: Session, staff_id: int, week: dt.date, now: dt.datetime) -> bool:
    # Asked again here: they may have stopped it, or left, while their letter was written.
    is_active = session.scalar(sa.select(Staff.active).where(Staff.id == staff_id))
    if not is_active or not wants(session, staff_id):
        return False
    row = {"staff_id": staff_id, "week": week, "state": PostState.CLAIMED, "tried_at": now}
    if insert_or_ignore(session, DigestPost, [row]):
        return True
    again = (
        sa.update(DigestPost)
        .where(*_is(staff_id, week), DigestPost.state == PostState.NOT_SENT)
        .values(state=PostState.CLAIMED, tried_at=now, error_code=None)
        .returning(DigestPost.staff_id)
    )
    return session.execute(again).first() is not None


def _record(session: Session, staff_id: int, week: dt.date, state: PostState, code: str | None) -> None:
    # Also over "unknown": who handed the letter over knows better than who gave it up meanwhile.
    session.execute(sa.update(DigestPost).where(*_is(staff_id, week)).values(state=state, error_code=code))


def _refuse(session: Session, staff_id: int, week: dt.date, now: dt.datetime) -> None:
    _claim(session, staff_id, week, now)  # unless it is claimed already
    mine = sa.and_(*_is(staff_id, week), DigestPost.state == PostState.CLAIMED)
    session.execute(
        sa.update(DigestPost).where(mine).values(state=PostState.REFUSED, error_code="cannot be written")
    )


def _give_up(session: Session, now: dt.datetime) -> None:
    old = sa.and_(DigestPost.state == PostState.CLAIMED, DigestPost.tried_at < now - GIVEN_UP_AFTER)
    lost = session.execute(
        sa.update(DigestPost).where(old).values(state=PostState.UNKNOWN).returning(DigestPost.staff_id)
    ).all()
    if lost:
        log.warning("%s weekly e-mails may or may not have left: they are not sent again", len(lost))


def _is(staff_id: int, week: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return DigestPost.staff_id == staff_id, DigestPost.week == week
