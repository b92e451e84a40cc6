"""Keying a sheet: its number found, answers read once or twice, differences settled, one submission made."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import BadAnswer, Instrument, Item
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.codes.tables import Code, CodeKind
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.tables import Participant
from survey_app.clock import day_starts_at
from survey_app.crypto import Keys, seal, unseal
from survey_app.hear.channels.paper.tables import PaperEntry, SheetState
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.origins import open_origin, origin_of
from survey_app.hear.responses.submission import Origin, Outcome, Submission
from survey_app.hear.responses.tables import Channel

Answers = Mapping[str, str | None]
"""What was read for each item, in the words of the form; None where the person left it out."""


class Keyed(StrEnum):
    """What became of one keying."""

    COUNTED = "counted"
    WAITS = "waits"  # for a second person
    DIFFERS = "differs"
    SAME_PERSON = "same_person"
    DONE = "done"  # counted before
    OVER = "over"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Desk:
    """What keying uses."""

    library: Library
    keys: Keys


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper form, whose it is not; `entry` once somebody began to key it."""

    code: Code
    campaign: Campaign
    origin: Origin
    instrument: Instrument
    entry: PaperEntry | None

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items on the form that count, in its order."""
        asked = self.origin.items
        return tuple(item for item in self.instrument.items if asked is None or item.id in asked)

    @property
    def is_counted(self) -> bool:
        """Whether the form was keyed in and is done with."""
        return self.entry is not None and self.entry.state is SheetState.COUNTED

    def waits_for_another_than(self, staff_id: int) -> bool:
        """Whether this person keyed it first, and somebody else must key it now."""
        entry = self.entry
        return entry is not None and entry.state is SheetState.WAITING and entry.first_by == staff_id


@dataclass(frozen=True, slots=True)
class Keying:
    """One person's reading of a sheet; `settles` where it decides between two that differ."""

    staff_id: int
    answers: Answers
    at: dt.datetime
    twice: bool = False
    settles: bool = False


def find_sheet(session: Session, desk: Desk, text: str) -> Sheet | None:
    """Return the form a number belongs to: a numbered one, or one that went out with a letter."""
    code = making.find(session, desk.keys, text)
    if code is None or code.kind is CodeKind.POSTER or code.ended_at is not None:
        return None
    campaign = session.get_one(Campaign, code.campaign_id)
    session.refresh(
        code, with_for_update=True
    )  # two people who begin the same sheet come one after the other
    entry = session.get(PaperEntry, code.id)
    instrument = desk.library.get(campaign.instrument_id, campaign.instrument_version)
    return Sheet(code, campaign, _origin(session, code, campaign, instrument, desk.keys), instrument, entry)


def key_in(session: Session, sheet: Sheet, keying: Keying, desk: Desk) -> Keyed:
    """Take one person's reading of a sheet in the caller's transaction, and say what became of it."""
    entry = sheet.entry
    if entry is not None and entry.state is SheetState.COUNTED:
        return Keyed.DONE
    if not any(raw is not None for raw in keying.answers.values()):
        return Keyed.EMPTY
    if entry is None:
        return _first(session, sheet, keying, desk)
    return _second(session, sheet, entry, keying, desk)


def readings(sheet: Sheet, desk: Desk) -> tuple[dict[str, str | None], dict[str, str | None]] | None:
    """Return both readings of a sheet while they differ, and of no other."""
    if sheet.entry is None or sheet.entry.state is not SheetState.DIFFERS:
        return None
    first, second = (_opened(s, sheet, desk) for s in (sheet.entry.first_sealed, sheet.entry.second_sealed))
    return first, second


def _first(session: Session, sheet: Sheet, keying: Keying, desk: Desk) -> Keyed:
    row = PaperEntry(
        code_id=sheet.code.id,
        state=SheetState.WAITING,
        first_by=keying.staff_id,
        first_sealed=_sealed(keying.answers, sheet, desk),
        keyed_at=keying.at,
    )
    if keying.twice:
        session.add(row)
        return Keyed.WAITS
    done = _submit(session, sheet, keying, desk)
    if done is Keyed.COUNTED:
        row.state, row.first_sealed = SheetState.COUNTED, None
        session.add(row)
    return done


def _second(session: Session, sheet: Sheet, entry: PaperEntry, keying: Keying, desk: Desk) -> Keyed:
    if entry.state is SheetState.DIFFERS:
        return _count(session, sheet, keying, desk) if keying.settles else Keyed.DIFFERS
    if entry.first_by == keying.staff_id:
        return Keyed.SAME_PERSON
    if _opened(entry.first_sealed, sheet, desk) == _plain(keying.answers, sheet):
        return _count(session, sheet, keying, desk)
    entry.state, entry.second_by = SheetState.DIFFERS, keying.staff_id
    entry.second_sealed = _sealed(keying.answers, sheet, desk)
    entry.keyed_at = keying.at
    return Keyed.DIFFERS


def _count(session: Session, sheet: Sheet, keying: Keying, desk: Desk) -> Keyed:
    done = _submit(session, sheet, keying, desk)
    if done is Keyed.COUNTED and sheet.entry is not None:
        entry = sheet.entry
        entry.state, entry.keyed_at = SheetState.COUNTED, keying.at
        entry.second_by = entry.second_by or keying.staff_id
        entry.first_sealed = entry.second_sealed = None  # the desk does not see a sheet's answers again
    return done


def _submit(session: Session, sheet: Sheet, keying: Keying, desk: Desk) -> Keyed:
    submission = Submission(
        channel=Channel.PAPER,
        key=f"sheet:{sheet.code.id}",  # one a sheet, whoever keys it and however often
        origin=sheet.origin,
        answers=_plain(keying.answers, sheet),
        received_at=keying.at,
    )
    if _unreadable(submission.answers, sheet.instrument):
        return Keyed.UNREADABLE
    outcome = accept(session, submission, desk.library).outcome
    return {
        Outcome.STORED: Keyed.COUNTED,
        Outcome.REPEATED: Keyed.DONE,
        Outcome.ALREADY_FINISHED: Keyed.DONE,
        Outcome.CLOSED: Keyed.OVER,
    }.get(outcome, Keyed.UNREADABLE)


def _unreadable(answers: Mapping[str, int | str | None], instrument: Instrument) -> list[str]:
    found = []
    for item_id, raw in answers.items():
        try:
            if raw is not None:
                instrument.item(item_id).read(raw)
        except BadAnswer:
            found.append(item_id)
    return found


def _plain(answers: Answers, sheet: Sheet) -> dict[str, str | None]:
    # Every item of the form: what was left out on paper is a skip, so that the response is whole.
    return {item.id: answers.get(item.id) or None for item in sheet.asked}


def _sealed(answers: Answers, sheet: Sheet, desk: Desk) -> bytes:
    return seal(desk.keys.contact, json.dumps(_plain(answers, sheet)), bound_to=f"sheet:{sheet.code.id}")


def _opened(sealed: bytes | None, sheet: Sheet, desk: Desk) -> dict[str, str | None]:
    if sealed is None:
        return {}
    found: dict[str, str | None] = json.loads(
        unseal(desk.keys.contact, sealed, bound_to=f"sheet:{sheet.code.id}")
    )
    return found


def _origin(session: Session, code: Code, campaign: Campaign, instrument: Instrument, keys: Keys) -> Origin:
    if code.invitation_id is not None:
        invitation = session.get_one(Invitation, code.invitation_id)
        person = session.get_one(Participant, invitation.participant_id)
        return origin_of(invitation, campaign, keys, synthetic=person.synthetic)
    until = day_starts_at(campaign.ends_on) + making.POST
    return open_origin(
        code.nonce, campaign, code.place_id, keys, language=instrument.language, expires_at=until
    )
