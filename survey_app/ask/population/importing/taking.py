"""Storing the people of a list, their addresses sealed; the one way in, for command and page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import AddressKind, sealed_columns
from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.importing.columns import exactly
from survey_app.ask.population.importing.judging import Ground, Judged, Verdict, faults_of, judge
from survey_app.ask.population.importing.reading import read_table
from survey_app.ask.population.people_rows import Person
from survey_app.ask.population.sheets import BadRows, decoded_strictly
from survey_app.ask.population.tables import Consent, Participant
from survey_app.clock import london_day
from survey_app.crypto import Keys

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; the tuples hold line numbers of people who will not be asked all the same."""

    n_added: int
    n_changed: int
    n_same: int
    suppressed: tuple[int, ...]
    withdrawn: tuple[int, ...]
    without_phone: tuple[int, ...]  # nor any other address

    @property
    def n_updated(self) -> int:
        """Return how many were on the list already."""
        return self.n_changed + self.n_same


@dataclass(frozen=True, slots=True)
class Taking:
    """How people are taken in: with which keys, when, and what a command may say besides."""

    keys: Keys
    now: dt.datetime
    synthetic: bool = False
    erased: Mapping[bytes, dt.datetime] = field(default_factory=dict)
    once_erased_too: bool = False

    def ground(self, breakdown: Breakdown) -> Ground:
        """Return what rows are judged by."""
        return Ground(self.keys, breakdown, london_day(self.now), self.erased, self.once_erased_too)


def take_list(session: Session, text: bytes | str, breakdown: Breakdown, taking: Taking) -> ImportReport:
    """Add or update the people of a file; where a line is bad, raise BadRows naming each and store nothing.

    Its columns have our own names and its text is UTF-8: there is no preview in which a wrong guess shows.
    """
    table = read_table(decoded_strictly(text))
    judged = judge(session, table, exactly(table.header), taking.ground(breakdown))
    if faults := faults_of(judged):
        raise BadRows(faults)
    return take(session, judged, taking)


def take(session: Session, judged: Sequence[Judged], taking: Taking) -> ImportReport:
    """Store every row that is not refused, and say what that did.

    An import never undoes an objection: a suppressed address stays suppressed, who withdrew stays withdrawn.
    """
    people = [one.person for one in judged if one.person is not None]
    _store(session, [_values(person, taking) for person in people])
    tally = Counter(one.verdict for one in judged)
    return ImportReport(
        n_added=tally[Verdict.NEW],
        n_changed=tally[Verdict.CHANGED],
        n_same=tally[Verdict.SAME],
        suppressed=tuple(one.line for one in judged if one.objected),
        withdrawn=tuple(one.line for one in judged if one.withdrawn),
        without_phone=tuple(one.line for one in judged if one.unreachable),
    )


def _values(person: Person, taking: Taking) -> dict[str, object]:
    return {
        **sealed_columns(taking.keys, person.addresses, person.reference),
        "reference": person.reference,
        "audience": person.audience,
        "locality_id": person.locality,
        "practice_id": person.practice,
        "category": person.category,
        "language": person.language,
        "channel": person.channel,
        "consent": person.consent,
        "consent_at": taking.now,
        "hear_back": person.hear_back,
        "synthetic": taking.synthetic,
        "created_at": taking.now,
    }


def _store(session: Session, values: list[dict[str, object]]) -> None:
    dialect = session.get_bind().dialect.name
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(Participant.__table__)  # type: ignore[arg-type]
    new = statement.excluded
    changed: dict[str, Any] = {
        name: new[name] for name in ("audience", "locality_id", "practice_id", "category", "channel")
    }
    changed |= {
        f"{kind}_{part}": new[f"{kind}_{part}"] for kind in AddressKind for part in ("sealed", "index")
    }
    changed["synthetic"] = new["synthetic"]
    # What somebody chose for themselves outlives every list; a list cannot know it.
    changed["language"] = sa.case(
        (Participant.language_chosen.is_(True), Participant.language), else_=new["language"]
    )
    # A file that says nothing leaves what an earlier one said.
    changed["hear_back"] = sa.func.coalesce(new["hear_back"], Participant.hear_back)
    # The database decides, in the same statement, so that an objection made during the import is not lost.
    stays = sa.or_(Participant.consent == Consent.WITHDRAWN, Participant.consent == new["consent"])
    changed["consent"] = sa.case((stays, Participant.consent), else_=new["consent"])
    changed["consent_at"] = sa.case((stays, Participant.consent_at), else_=new["consent_at"])
    statement = statement.on_conflict_do_update(index_elements=["reference"], set_=changed)
    for batch in _batches(values):
        session.connection().execute(statement, batch)
    session.expire_all()


def _batches(values: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
