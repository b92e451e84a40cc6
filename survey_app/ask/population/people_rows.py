"""From the rows of a file to people, each cell checked for what it must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.ask.instruments.model import Audience
from survey_app.ask.population.addresses import Addresses, AddressKind, BadAddress, parse_address
from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.languages import language_fault
from survey_app.ask.population.phones import BadPhone
from survey_app.ask.population.sheets import Faults, Row, formula_fault
from survey_app.ask.population.tables import ChannelChoice, Consent, Place, PlaceKind

COLUMNS = ("reference", "audience", "locality", "practice", "phone", "channel", "language", "consent")
LINES = tuple(f"address_{number}" for number in range(1, 7))
OPTIONAL = ("category", "hear_back", "landline", "email", *LINES, "postcode")
ASKED = tuple(audience for audience in Audience if audience is not Audience.PANEL)
"""Panels have lists of their own, in which people agree to be named."""
HEAR_BACK = {"yes": True, "no": False}
CHOICES = {"audience": ASKED, "channel": tuple(ChannelChoice), "consent": tuple(Consent)}


NAMES = {AddressKind.POST: "address"}


@dataclass(frozen=True, slots=True)
class Person:
    """One good row."""

    line: int
    reference: str
    audience: Audience
    locality: str
    practice: str | None
    addresses: Addresses
    channel: ChannelChoice
    language: str
    consent: Consent
    category: str | None
    hear_back: bool | None


def people_of(
    rows: list[Row], places: Mapping[str, Place], breakdown: Breakdown, faults: Faults
) -> list[Person]:
    """Return the people of the good rows; every fault of a bad row is noted."""
    people = []
    first_lines: dict[str, int] = {}
    for row in rows:
        reasons = [*_cell_faults(row), *_place_faults(row, places), *_category_faults(row, breakdown)]
        addresses = _addresses(row, reasons)
        first = first_lines.setdefault(row["reference"], row.line)
        if first != row.line:
            reasons.append(f"reference {row['reference']!r} stands already in line {first}")
        for reason in reasons:
            faults.add(row.line, reason)
        if not reasons:
            people.append(_person(row, addresses))
    return people


def _person(row: Row, addresses: Addresses) -> Person:
    return Person(
        line=row.line,
        reference=row["reference"],
        audience=Audience(row["audience"]),
        locality=row["locality"],
        practice=row["practice"] or None,
        addresses=addresses,
        channel=ChannelChoice(row["channel"]),
        language=row["language"] or "en",
        consent=Consent(row["consent"]),
        category=row["category"] or None,
        hear_back=HEAR_BACK.get(row["hear_back"]),
    )


def _cell_faults(row: Row) -> list[str]:
    faults = []
    if not 1 <= len(row["reference"]) <= 64:
        faults.append("reference must have 1 to 64 characters")
    for column, choices in CHOICES.items():
        if row[column] not in choices:
            found = f"not {row[column]!r}" if row[column] else "and is empty"
            faults.append(f"{column} must be one of {', '.join(choices)}, {found}")
    if row["hear_back"] and row["hear_back"] not in HEAR_BACK:
        faults.append(f"hear_back must be empty, yes or no, not {row['hear_back']!r}")
    more = (
        language_fault(row["language"]) if row["language"] else None,
        formula_fault(row, ("reference", "locality", "practice")),
    )
    return [*faults, *(fault for fault in more if fault)]


def _place_faults(row: Row, places: Mapping[str, Place]) -> list[str]:
    faults = []
    locality = places.get(row["locality"])
    if locality is None or locality.kind is not PlaceKind.LOCALITY:
        faults.append(
            f"locality {row['locality']!r} is not known: expected a locality that stands under Places"
        )
    practice = places.get(row["practice"])
    if row["practice"] and (practice is None or practice.parent_id != row["locality"]):
        faults.append(f"practice {row['practice']!r} is not a practice of locality {row['locality']!r}")
    return faults


def _category_faults(row: Row, breakdown: Breakdown) -> list[str]:
    if not row["category"] or row["category"] in breakdown.ids:
        return []
    return [f"category must be empty or one of {', '.join(breakdown.ids)}, not {row['category']!r}"]


def _addresses(row: Row, reasons: list[str]) -> Addresses:
    post = "\n".join([*(row[line] for line in LINES if row[line]), row["postcode"]])
    cells = {
        AddressKind.PHONE: row["phone"],
        AddressKind.LANDLINE: row["landline"],
        AddressKind.EMAIL: row["email"],
        AddressKind.POST: post.strip(),
    }
    read: dict[AddressKind, str | None] = {}
    for kind, cell in cells.items():
        try:
            read[kind] = parse_address(kind, post if kind is AddressKind.POST else cell) if cell else None
        except (BadPhone, BadAddress) as error:
            reasons.append(f"{NAMES.get(kind, kind)} {error}")
    return Addresses(**{str(kind): address for kind, address in read.items()})
