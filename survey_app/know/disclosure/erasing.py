"""Erasing people: every room lets go in one transaction, while closed counts stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.population.phones import parse_number_to_call
from survey_app.ask.population.tables import Participant
from survey_app.clock import london_day
from survey_app.crypto import Keys, keyed_hash
from survey_app.hear.erasure import ledger, marks
from survey_app.hear.erasure.erasing import erase, responses_of
from survey_app.hear.erasure.finding import By, find
from survey_app.hear.erasure.ledger import Entry, Mark
from survey_app.hear.erasure.rosters import addresses_of, forget_member, index_of
from survey_app.hear.safeguarding import callbacks
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.turns import take_turn
from survey_app.know.disclosure.leavers import note_leavers

SLACK = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Lets go of people; what it does stands in the ledger, a file, before the transaction ends."""

    keys: Keys
    library: Library
    ledger: Path

    def erase_known_by(self, session: Session, by: By, said: str, *, now: dt.datetime) -> int:
        """Erase everybody found by a number, an address, a reference or a survey link.

        Parameters
        ----------
        session : Session
            The caller's transaction.
        by : By
            What was said.
        said : str
            As somebody wrote it; what can be no number or address raises BadPhone or BadAddress.
        now : datetime
            When they asked.

        Returns
        -------
        int
            How many people and rows of rosters those were.
        """
        people = find(session, self.keys, by, said)
        members = self._forget_at(session, index_of(self.keys, by, said), now)
        if by is By.PHONE:
            callbacks.forget(session, self.keys, parse_number_to_call(said))
        self.erase(session, people, now=now)
        if members:
            self.write_down(session)
        return len(people) + members

    def _forget_at(self, session: Session, index: bytes | None, now: dt.datetime) -> int:
        n_members = 0 if index is None else forget_member(session, index, day=london_day(now))
        if n_members and index is not None:
            marks.mark(session, None, [index], at=now)
        return n_members

    def erase(self, session: Session, people: Sequence[Participant], *, now: dt.datetime) -> None:
        """Erase people at once.

        Parameters
        ----------
        session : Session
            The caller's transaction. Should it fail after all, the ledger is applied to it within a minute.
        people : sequence of Participant
            Everybody meant.
        now : datetime
            When they asked.
        """
        take_turn(session)
        for person in people:
            self.let_go(session, responses_of(session, self.keys, person.id))
            # At once, as a restored copy is told to: the ledger knows addresses, not why they stand in it.
            for index in addresses_of(session, [person]):
                forget_member(session, index, day=london_day(now))
            erase(session, self.keys, person, now=now)
        if people:
            self.write_down(session)

    def let_go(self, session: Session, response_ids: Sequence[int]) -> None:
        """Take responses out of all that is still counted.

        Parameters
        ----------
        session : Session
            The transaction in which their answers go.
        response_ids : sequence of int
            All responses of each person who leaves.
        """
        note_leavers(session, self.library, response_ids)
        forget(session, response_ids)

    def write_down(self, session: Session) -> int:
        """Add to the ledger what the database knows and it does not.

        Parameters
        ----------
        session : Session
            Any session.

        Returns
        -------
        int
            How many lines were added.
        """
        new = ledger.beyond(marks.known(session), ledger.read(self.ledger).entries)
        ledger.append(self.ledger, new)
        return len(new)

    def lags(self, session: Session) -> list[Entry]:
        """Return what stands in the ledger and not in the database, which then is a restored copy.

        Parameters
        ----------
        session : Session
            Any session.

        Returns
        -------
        list of Entry
            Empty unless a backup was put back.
        """
        return ledger.beyond(ledger.read(self.ledger).entries, marks.known(session))

    def apply_again(self, session: Session, *, now: dt.datetime) -> int:
        """Erase once more whoever a restored copy brought back, and let every objection hold again.

        Parameters
        ----------
        session : Session
            A writing transaction.
        now : datetime
            Stamped on what is left of the people.

        Returns
        -------
        int
            How many people were erased. Who came back on a list after they were erased, because somebody
            confirmed it, is left alone.
        """
        lagging = self.lags(session)
        if not lagging:
            return 0
        marks.note(session, lagging)
        for entry in lagging:
            if entry.mark is Mark.ADDRESS:
                forget_member(session, entry.digest, day=london_day(now))
        people = self._meant(session, lagging)
        self.erase(session, people, now=now)
        return len(people)

    def _meant(self, session: Session, entries: Iterable[Entry]) -> list[Participant]:
        when = {entry.digest: entry.at for entry in entries if entry.mark is Mark.PERSON}
        known = session.execute(
            sa.select(Participant.id, Participant.reference, Participant.created_at)
        ).all()
        found = []
        for person in known:
            at = when.get(keyed_hash(self.keys.index, "reference", person.reference))
            if at is not None and person.created_at <= at + SLACK:
                found.append(session.get_one(Participant, person.id))
        return found
