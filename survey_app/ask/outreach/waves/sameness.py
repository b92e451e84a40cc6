"""Whether nearly the same people were asked just now as another team: two reports would tell of the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.planning import REST, BadWave
from survey_app.ask.outreach.waves.tables import Wave, WaveMember, WaveState
from survey_app.ask.outreach.waves.telling import contacts
from survey_app.ask.population.teams.addresses import Contact
from survey_app.crypto import Keys


def refuse_same_people(
    session: Session, asked: Collection[Contact], starts_on: dt.date, *, besides: str, keys: Keys
) -> None:
    """Refuse people of whom most are being asked in another wave, or were a short while ago.

    A team rests between two waves; without this, a second team with all of them but one would not. The
    refusal names no team: whoever reads it may not know the other.
    """
    for others in _asked_lately(session, starts_on, besides, keys):
        known = frozenset[str]().union(*map(_signs, others))
        n_same = sum(bool(_signs(one) & known) for one in asked)
        if 2 * n_same > min(len(asked), len(others)):
            raise BadWave(
                "more than half of these people, or of another team, are in a wave that is open or was over "
                "less than 8 weeks before this one: two reports on nearly the same people could show what "
                "the few said who are in one of them only"
            )


def _asked_lately(session: Session, starts_on: dt.date, besides: str, keys: Keys) -> Iterable[list[Contact]]:
    lately = sa.and_(Wave.state == WaveState.CLOSED, Wave.ends_on > starts_on - REST)
    query = (
        sa.select(WaveMember.wave_id, WaveMember.member_id)
        .join(Wave, Wave.id == WaveMember.wave_id)
        .where(Wave.id != besides, sa.or_(Wave.state == WaveState.OPEN, lately))
    )
    waves: dict[str, list[int]] = {}
    for wave_id, member_id in session.execute(query):
        waves.setdefault(wave_id, []).append(member_id)
    for member_ids in waves.values():
        yield [contact for _, contact in contacts(session, member_ids, keys)]


def _signs(contact: Contact) -> frozenset[str]:
    # The same person may stand on one list with an e-mail address and on another with a number.
    said = (contact.name, contact.email, contact.phone)
    return frozenset(one.casefold() for one in said if one)
