"""The table of the population: how many people of each declared category live at a locality."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.ask.population.breakdown import Breakdown
from survey_app.ask.population.sheets import Faults, Row, parse_sheet
from survey_app.ask.population.tables import Place, PlaceKind, PopulationCount
from survey_app.database import upsert_all

COLUMNS = ("place", "category", "people")


def import_population(session: Session, text: bytes | str, breakdown: Breakdown) -> int:
    """Store the rows of a file and return how many it had, or raise BadRows naming each and store nothing."""
    faults = Faults()
    rows = parse_sheet(text, columns=COLUMNS, faults=faults)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        for fault in _faults(session, row, breakdown):
            faults.add(row.line, fault)
        if (row["place"], row["category"]) in seen:
            faults.add(row.line, f"{row['place']} and {row['category']} stand twice")
        seen.add((row["place"], row["category"]))
    faults.raise_any()
    values = [
        {"place_id": row["place"], "category": row["category"], "n": int(row["people"])} for row in rows
    ]
    upsert_all(session, PopulationCount, values, key=["place_id", "category"])
    return len(rows)


def _faults(session: Session, row: Row, breakdown: Breakdown) -> list[str]:
    faults = []
    place = session.get(Place, row["place"])
    if place is None or place.kind is not PlaceKind.LOCALITY:
        faults.append(f"place {row['place']!r} is not known: expected the id of a locality")
    if row["category"] not in breakdown.ids:
        faults.append(f"category must be one of {', '.join(breakdown.ids)}, not {row['category']!r}")
    if not (row["people"].isascii() and row["people"].isdigit() and len(row["people"]) < 10):
        faults.append(f"people must be a whole number, not {row['people']!r}")
    return faults
