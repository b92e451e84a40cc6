"""From the rows of a file to records, each cell checked for what it must say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from survey_app.ask.population.sheets import Faults, Row, formula_fault, parse_sheet
from survey_app.know.records.definitions import FigureKind, RecordMeasure, RecordMeasures
from survey_app.know.records.periods import period_fault

COLUMNS = ("measure", "place", "from", "to", "numerator", "denominator", "note")
LARGEST = 1e12

Key = tuple[str, str, dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Given:
    """One good row."""

    line: int
    measure_id: str
    place_id: str
    start: dt.date
    end: dt.date
    numerator: float
    denominator: float | None
    note: str

    @property
    def key(self) -> Key:
        """Return what a later import of the same period shares with it."""
        return self.measure_id, self.place_id, self.start, self.end


def read_rows(
    data: bytes | str,
    measures: RecordMeasures,
    places: Collection[str],
    *,
    today: dt.date,
    faults: Faults,
) -> list[Given]:
    """Return the good rows of a file; every fault of a bad one is noted."""
    found: list[Given] = []
    first_lines: dict[Key, int] = {}
    for row in parse_sheet(data, columns=COLUMNS, faults=faults):
        reasons = list(_faults(row, measures, places, today))
        for reason in reasons:
            faults.add(row.line, reason)
        if reasons:
            continue
        given = _given(row)
        first = first_lines.setdefault(given.key, row.line)
        if first != row.line:
            faults.add(row.line, f"the same measure, place and period stand already in line {first}")
        found.append(given)
    return found


def _given(row: Row) -> Given:
    return Given(
        line=row.line,
        measure_id=row["measure"],
        place_id=row["place"],
        start=dt.date.fromisoformat(row["from"]),
        end=dt.date.fromisoformat(row["to"]),
        numerator=float(row["numerator"]),
        denominator=float(row["denominator"]) if row["denominator"] else None,
        note=row["note"],
    )


def _faults(row: Row, measures: RecordMeasures, places: Collection[str], today: dt.date) -> Iterator[str]:
    if not measures.has(row["measure"]):
        known = ", ".join(one.id for one in measures.all)
        yield f"measure {row['measure']!r} is not known: expected one of {known}"
    if row["place"] not in places:
        yield f"place {row['place']!r} is not known: expected the id of a place you look after"
    formula = formula_fault(row, ("note",))
    if formula:
        yield formula
    if measures.has(row["measure"]):
        measure = measures.get(row["measure"])
        yield from _period_faults(row, measure, today)
        yield from _number_faults(row, measure)


def _period_faults(row: Row, measure: RecordMeasure, today: dt.date) -> Iterator[str]:
    days = []
    for column in ("from", "to"):
        try:
            days.append(dt.date.fromisoformat(row[column]))
        except ValueError:
            yield f"{column} must be a date such as 2026-04-01, not {row[column]!r}"
    if len(days) < 2:
        return
    if days[1] > today:
        yield f"to {days[1]} is in the future"
    fault = period_fault(measure.period, *days)
    if fault:
        yield fault


def _number_faults(row: Row, measure: RecordMeasure) -> Iterator[str]:
    numbers: dict[str, float] = {}
    for column in ("numerator", "denominator"):
        needed = column == "numerator" or bool(measure.denominator)
        fault = _number_fault(row[column], column, needed=needed, whole=_is_whole(measure))
        if fault:
            yield fault
        elif row[column]:
            numbers[column] = float(row[column])
    if "denominator" in numbers and not numbers["denominator"] and numbers.get("numerator"):
        yield "denominator is 0, but the numerator is not"
    is_share = measure.figure is FigureKind.PERCENT and len(numbers) == 2
    if is_share and numbers["numerator"] > numbers["denominator"]:
        yield "numerator is larger than denominator, so the percentage would be over 100"


def _is_whole(measure: RecordMeasure) -> bool:
    return measure.figure is not FigureKind.STANDARDISED


def _number_fault(text: str, column: str, *, needed: bool, whole: bool) -> str | None:
    if not text:
        return f"{column} is empty" if needed else None
    try:
        number = float(text)
    except ValueError:
        return f"{column} must be a number without spaces or commas, not {text!r}"
    if not math.isfinite(number) or not 0 <= number < LARGEST:
        return f"{column} must be a number from 0 up, not {text!r}"
    if whole and number != math.floor(number):
        return f"{column} must be a whole number, not {text!r}: counts are rounded here, after they are taken"
    return None
