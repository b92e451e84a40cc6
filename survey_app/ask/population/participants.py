"""People who may be asked: imported from a file, all or nothing, their numbers sealed."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.ask.population.addresses import (
    Addresses,
    AddressKind,
    address_key,
    address_of,
    index_column,
    indexes_of,
    sealed_columns,
)
from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.people_rows import COLUMNS, OPTIONAL, Person, people_of
from survey_app.ask.population.sheets import Faults, parse_sheet
from survey_app.ask.population.tables import Consent, Participant, Place, Suppression
from survey_app.crypto import Keys

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; the tuples hold line numbers of people who will not be asked all the same."""

    n_added: int
    n_updated: int
    suppressed: tuple[int, ...]
    withdrawn: tuple[int, ...]
    without_phone: tuple[int, ...]  # nor any other address


def import_people(
    session: Session,
    text: bytes | str,
    *,
    keys: Keys,
    now: dt.datetime,
    breakdown: Breakdown,
    synthetic: bool = False,
) -> ImportReport:
    """Add or update the people of a file; where a line is bad, raise BadRows naming each and store nothing.

    An import never undoes an objection: a suppressed number stays suppressed, who withdrew stays withdrawn.
    """
    faults = Faults()
    rows = parse_sheet(text, columns=COLUMNS, optional=OPTIONAL, faults=faults)
    places = {found.id: found for found in session.scalars(sa.select(Place))}
    people = people_of(rows, places, breakdown, faults)
    faults.raise_any()
    before = _known(session)
    values = [_values(person, keys=keys, now=now, synthetic=synthetic) for person in people]
    _store(session, values)
    n_updated = sum(person.reference in before for person in people)
    return ImportReport(
        n_added=len(people) - n_updated,
        n_updated=n_updated,
        suppressed=_suppressed(session, people, keys),
        withdrawn=tuple(p.line for p in people if Consent.WITHDRAWN in (p.consent, before.get(p.reference))),
        without_phone=tuple(person.line for person in people if person.addresses == Addresses()),
    )


def participant(session: Session, participant_id: int) -> Participant | None:
    """Return a person by id, or None."""
    return session.get(Participant, participant_id)


def by_phone(session: Session, index: bytes) -> list[Participant]:
    """Return everybody who shares a number, mobile or landline, by id."""
    theirs = sa.or_(Participant.phone_index == index, Participant.landline_index == index)
    return list(session.scalars(sa.select(Participant).where(theirs).order_by(Participant.id)))


def addresses_alone(session: Session, person: Participant) -> list[bytes]:
    """Return the indexes of a person's addresses that nobody shares."""
    others = sa.select(sa.func.count()).where(Participant.id != person.id)
    columns = [index_column(kind) for kind in AddressKind]
    return [
        index
        for index in indexes_of(person)
        if not session.scalar(others.where(sa.or_(*(column == index for column in columns))))
    ]


def numbers_alone(session: Session, keys: Keys, person: Participant) -> list[str]:
    """Return the telephone numbers of a person that nobody shares, in readable form."""
    kinds = (AddressKind.PHONE, AddressKind.LANDLINE)
    found = {
        address_key(keys, kind, said): said for kind in kinds if (said := address_of(keys, person, kind))
    }
    return [found[index] for index in addresses_alone(session, person) if index in found]


def phone_of(keys: Keys, person: Participant) -> str | None:
    """Return a person's number in readable form, or None; only what sends a message needs it."""
    return address_of(keys, person, AddressKind.PHONE)


def speak(session: Session, participant_id: int, language: str) -> None:
    """Keep the language a person chose: they are asked in it from now on."""
    chosen = sa.update(Participant).where(Participant.id == participant_id)
    session.execute(chosen.values(language=language, language_chosen=True))


def strip(session: Session, person: Participant, *, now: dt.datetime) -> None:
    """Leave nothing of an erased person but a row that can be neither found nor asked.

    The row stays because its number must never be given to somebody else: pseudonyms are made from it.
    """
    person.reference = f"erased-{secrets.token_hex(12)}"
    person.practice_id = person.category = None
    for kind in AddressKind:
        setattr(person, f"{kind}_sealed", None)
        setattr(person, f"{kind}_index", None)
    person.consent, person.consent_at, person.hear_back = Consent.WITHDRAWN, now, None
    session.flush()


def any_synthetic(session: Session) -> bool:
    """Return whether invented people are among the participants, so that pages can say so."""
    return bool(session.scalar(sa.select(sa.exists().where(Participant.synthetic.is_(True)))))


def _known(session: Session) -> dict[str, Consent]:
    return dict(session.execute(sa.select(Participant.reference, Participant.consent)).all())


def _values(person: Person, *, keys: Keys, now: dt.datetime, synthetic: bool) -> dict[str, object]:
    return {
        **sealed_columns(keys, person.addresses, person.reference),
        "reference": person.reference,
        "audience": person.audience,
        "locality_id": person.locality,
        "practice_id": person.practice,
        "category": person.category,
        "language": person.language,
        "channel": person.channel,
        "consent": person.consent,
        "consent_at": now,
        "hear_back": person.hear_back,
        "synthetic": synthetic,
        "created_at": now,
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


def _suppressed(session: Session, people: list[Person], keys: Keys) -> tuple[int, ...]:
    blocked = set(session.scalars(sa.select(Suppression.phone_index)))
    if not blocked:
        return ()
    return tuple(person.line for person in people if blocked & set(_indexes(person, keys)))


def _indexes(person: Person, keys: Keys) -> Iterator[bytes]:
    for kind in AddressKind:
        address = person.addresses.of(kind)
        if address is not None:
            yield address_key(keys, kind, address)
