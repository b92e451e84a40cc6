"""The way in for ballots: one answer after the other into a draft, then the ballot into the box, once."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.outreach.waves.members import has_answered, mark_answered
from survey_app.ask.outreach.waves.states import is_open
from survey_app.hear.responses.ballots import drafts
from survey_app.hear.responses.ballots.drafts import Draft, Holder
from survey_app.hear.responses.ballots.sealing import Paper, seal_ballot
from survey_app.hear.responses.ballots.tables import SealedBallot

QUICK = dt.timedelta(seconds=40)
ID_BYTES = 16


class Fate(StrEnum):
    """What became of an answer."""

    KEPT = "kept"  # in the draft
    CAST = "cast"
    ALREADY = "already"  # this person's ballot is in the box
    CLOSED = "closed"
    EMPTY = "empty"  # every statement was skipped: there is nothing to cast


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an answer, and which statement comes next."""

    fate: Fate
    upcoming: Item | None = None


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody with a link; nothing of this is stored beside what they say."""

    holder: Holder
    member_id: int
    public_key: bytes
    instrument: Instrument

    def __repr__(self) -> str:
        return "Voter(...)"


def begin(session: Session, voter: Voter, *, now: dt.datetime) -> Fate:
    """Note, in the draft and nowhere else, when somebody began."""
    return _change(session, voter, began=int(now.timestamp()))


def choose(session: Session, voter: Voter, *, look: str | None = None, language: str | None = None) -> Fate:
    """Keep how somebody wants their pages, with the draft."""
    values = {"look": look, "language": language}
    return _change(session, voter, **{name: value for name, value in values.items() if value is not None})


def answer(
    session: Session, voter: Voter, item: Item, code: int | None, *, now: dt.datetime, shown_at: dt.datetime
) -> Receipt:
    """Keep one answer; with the last one cast the ballot: mark, seal and forget in one transaction."""
    fate, draft = _standing(session, voter)
    if fate is not Fate.KEPT:
        return Receipt(fate)
    answers = _applicable(voter.instrument, {**draft.answers, item.id: code})
    draft = replace(draft, answers=answers, began=draft.began or int(shown_at.timestamp()))
    upcoming = voter.instrument.next_item(answers)
    if upcoming is not None:
        drafts.save(session, voter.holder, draft)
        return Receipt(Fate.KEPT, upcoming)
    if not any(value is not None for value in answers.values()):
        return Receipt(Fate.EMPTY)
    return Receipt(_cast(session, voter, draft, now))


def _cast(session: Session, voter: Voter, draft: Draft, now: dt.datetime) -> Fate:
    wave_id = voter.holder.wave_id
    if not mark_answered(session, wave_id, voter.member_id):
        return Fate.ALREADY
    took = now.timestamp() - (draft.began or 0)
    said = {item.id: draft.answers.get(item.id) for item in voter.instrument.items}
    paper = Paper(
        {item_id: value for item_id, value in said.items() if value is not None},
        quick=took < QUICK.total_seconds(),
    )
    row = {
        "id": secrets.token_bytes(ID_BYTES),
        "wave_id": wave_id,
        "sealed": seal_ballot(voter.public_key, wave_id, paper),
    }
    session.connection().execute(sa.insert(SealedBallot), row)
    drafts.discard(session, voter.holder)
    return Fate.CAST


def _change(session: Session, voter: Voter, **values: int | str) -> Fate:
    fate, draft = _standing(session, voter)
    if fate is Fate.KEPT:
        drafts.save(session, voter.holder, Draft(**_parts(draft) | values))  # type: ignore[arg-type]
    return fate


def _parts(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ("answers", "began", "look", "language")}


def _standing(session: Session, voter: Voter) -> tuple[Fate, Draft]:
    if not is_open(session, voter.holder.wave_id):
        return Fate.CLOSED, Draft()
    drafts.hold(session, voter.holder)
    if has_answered(session, voter.holder.wave_id, voter.member_id):
        return Fate.ALREADY, Draft()
    return Fate.KEPT, drafts.load(session, voter.holder)


def _applicable(instrument: Instrument, answers: dict[str, int | None]) -> dict[str, int | None]:
    # A changed answer can close a branch, and that another one inside it.
    while gone := set(answers) - {item.id for item in instrument.applicable(answers)}:
        answers = {item_id: code for item_id, code in answers.items() if item_id not in gone}
    return answers
