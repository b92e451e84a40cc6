"""What each row of a list would do, before anything is stored: new, changed, the same, or refused and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import Addresses, AddressKind, address_key
from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.importing.columns import Columns, rows_of
from survey_app.ask.population.importing.meanings import understood
from survey_app.ask.population.importing.reading import Table
from survey_app.ask.population.people_rows import Person, people_of
from survey_app.ask.population.sheets import Faults, RowFault
from survey_app.ask.population.tables import Consent, Participant, Place, Suppression
from survey_app.clock import london_day
from survey_app.crypto import Keys, keyed_hash

ERASED = "asked to be erased on"
COMPARED = ("audience", "locality_id", "practice_id", "category", "language", "channel")


class Verdict(StrEnum):
    """What taking a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """One row, what it would do, and why it is refused or its person will not be asked all the same."""

    line: int
    verdict: Verdict
    person: Person | None
    faults: tuple[str, ...] = ()
    objected: bool = False
    withdrawn: bool = False
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are judged by; `erased` holds the marks of people who asked to be erased, and when.

    A mark is the keyed hash of a reference or the index of an address. `once_erased_too`: a person confirmed
    that those rows are meant.
    """

    keys: Keys
    breakdown: Breakdown
    today: dt.date
    erased: Mapping[bytes, dt.datetime] = field(default_factory=dict)
    once_erased_too: bool = False


def judge(session: Session, table: Table, columns: Columns, ground: Ground) -> list[Judged]:
    """Say what every row of a list would do, in the order of the list; nothing is stored."""
    places = {found.id: found for found in session.scalars(sa.select(Place))}
    rows = rows_of(table, columns)
    faults = Faults([RowFault(one.line, one.fault) for one in table.records if one.fault])
    people = people_of(understood(rows, places) if columns.freely else rows, places, ground.breakdown, faults)
    _refuse_closed(people, places, ground.today, faults)
    marks = {person.line: _marks(person, ground.keys) for person in people}
    if not ground.once_erased_too:
        _refuse_erased(people, marks, ground.erased, faults)
    return _Judging(session, people, marks).sorted_with(faults.found)


def faults_of(judged: Sequence[Judged]) -> list[RowFault]:
    """Return every fault of every refused row."""
    return [RowFault(one.line, fault) for one in judged for fault in one.faults]


class _Judging:
    """Good rows against what is stored, read once."""

    def __init__(self, session: Session, people: list[Person], marks: Mapping[int, dict[str, bytes]]) -> None:
        self._people, self._marks = people, marks
        columns = [getattr(Participant, name) for name in COMPARED]
        columns += [getattr(Participant, f"{kind}_index") for kind in AddressKind]
        query = sa.select(Participant.reference, Participant.consent, Participant.hear_back, *columns)
        self._known: dict[str, Any] = {row.reference: row for row in session.execute(query)}
        self._blocked = set(session.scalars(sa.select(Suppression.phone_index)))

    def sorted_with(self, faults: list[RowFault]) -> list[Judged]:
        """Return all rows in order; a row with a fault is refused with all of its faults."""
        reasons: dict[int, list[str]] = {}
        for fault in faults:
            reasons.setdefault(fault.line, []).append(fault.reason)
        judged = [self._one(person) for person in self._people if person.line not in reasons]
        judged += [Judged(line, Verdict.REFUSED, None, tuple(said)) for line, said in reasons.items()]
        return sorted(judged, key=lambda one: one.line)

    def _one(self, person: Person) -> Judged:
        known = self._known.get(person.reference)
        marks = self._marks[person.line]
        return Judged(
            line=person.line,
            verdict=Verdict.NEW if known is None else self._changed(person, known, marks),
            person=person,
            objected=any(index in self._blocked for index in marks.values()),
            withdrawn=Consent.WITHDRAWN in (person.consent, known and known.consent),
            unreachable=person.addresses == Addresses(),
        )

    def _changed(self, person: Person, known: Any, marks: Mapping[str, bytes]) -> Verdict:  # noqa: ANN401 - a row
        now = (
            person.audience,
            person.locality,
            person.practice,
            person.category,
            person.language,
            person.channel,
        )
        same = now == tuple(getattr(known, name) for name in COMPARED)
        same &= all(marks.get(str(kind)) == getattr(known, f"{kind}_index") for kind in AddressKind)
        same &= known.consent in (Consent.WITHDRAWN, person.consent)
        same &= person.hear_back in (None, known.hear_back)
        return Verdict.SAME if same else Verdict.CHANGED


def _marks(person: Person, keys: Keys) -> dict[str, bytes]:
    found = {str(kind): person.addresses.of(kind) for kind in AddressKind}
    return {kind: address_key(keys, AddressKind(kind), said) for kind, said in found.items() if said} | {
        "reference": keyed_hash(keys.index, "reference", person.reference)
    }


def _refuse_closed(people: list[Person], places: Mapping[str, Place], today: dt.date, faults: Faults) -> None:
    closed = {place.id for place in places.values() if place.closed_from and place.closed_from <= today}
    for person in people:
        for place_id in closed & {person.locality, person.practice}:
            faults.add(person.line, f"{place_id!r} is closed: nobody is asked there any more")


def _refuse_erased(
    people: list[Person],
    marks: Mapping[int, dict[str, bytes]],
    erased: Mapping[bytes, dt.datetime],
    faults: Faults,
) -> None:
    for person in people:
        days = _days(marks[person.line], erased)
        if day := max(days, default=None):
            faults.add(person.line, f"{ERASED} {day.day} {day:%B %Y}")


def _days(marks: Mapping[str, bytes], erased: Mapping[bytes, dt.datetime]) -> Iterator[dt.date]:
    return (london_day(erased[mark]) for mark in marks.values() if mark in erased)
