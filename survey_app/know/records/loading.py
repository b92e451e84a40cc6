"""Reading config/records.toml; what it names wrongly stops the start, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.faults import DataFault, read_source
from survey_app.ask.instruments.table_reader import TableReader
from survey_app.know.measures.model import Direction, Measure
from survey_app.know.records.definitions import (
    Days,
    FigureKind,
    PeriodKind,
    RecordChart,
    RecordMeasure,
    RecordMeasures,
    Use,
)

KEYS = (
    "id", "title", "definition", "figure", "unit", "per", "days", "daily", "cumulative", "numerator",
    "denominator", "period", "chart", "direction", "use", "elements", "source", "reliability",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")

Word = TypeVar("Word", bound=StrEnum)


class RecordFault(DataFault):
    """The file of operational measures cannot be used."""


def load_records(path: Path, model: LogicModel, others: tuple[Measure, ...] = ()) -> RecordMeasures:
    """Read the operational measures, or raise RecordFault with every fault; ids of `others` are taken."""
    source = read_source(path)
    header = TableReader(source, source.document)
    header.refuse_other_keys(("records",))
    taken = {measure.id for measure in others}
    found: list[RecordMeasure] = []
    for row in header.tables("records"):
        row.refuse_other_keys(KEYS)
        one = _record(row)
        for fault, key in _faults(one, model, taken):
            row.fault(f"record {one.id}: {fault}", key)
        taken.add(one.id)
        found.append(one)
    if source.faults:
        raise RecordFault(source.faults)
    return RecordMeasures(tuple(found))


def _record(row: TableReader) -> RecordMeasure:
    return RecordMeasure(
        id=row.text("id"),
        title=row.text("title"),
        definition=row.text("definition"),
        figure=_word(row, "figure", FigureKind),
        unit=row.text("unit"),
        per=row.number("per", 1.0) or 1.0,
        days=_word(row, "days", Days, "none"),
        daily=row.flag("daily"),
        cumulative=row.flag("cumulative"),
        numerator=row.text("numerator"),
        denominator=row.text("denominator", required=False),
        period=_word(row, "period", PeriodKind),
        chart=_word(row, "chart", RecordChart),
        direction=_word(row, "direction", Direction),
        use=_word(row, "use", Use),
        elements=row.texts("elements"),
        source=row.text("source"),
        reliability=row.text("reliability"),
    )


def _word(row: TableReader, key: str, kind: type[Word], default: str = "") -> Word:
    value = row.row.get(key, default)
    if value not in set(kind):
        row.fault(f"expected {key} to be one of {', '.join(kind)}, found {value!r}", key)
        return next(iter(kind))
    return kind(value)


def _faults(one: RecordMeasure, model: LogicModel, taken: set[str]) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(one.id):
        yield "expected an id of small letters, digits and underscores", "id"
    if one.id in taken:
        yield "expected an id that no other measure has", "id"
    if not one.elements:
        yield "expected at least one element", "elements"
    for element in one.elements:
        if not model.has(element):
            yield f"expected an element of {model.id}, found {element}", "elements"
    yield from _arithmetic_faults(one)


def _arithmetic_faults(one: RecordMeasure) -> Iterator[tuple[str, str]]:
    if one.figure in {FigureKind.PERCENT, FigureKind.RATE, FigureKind.MEAN} and not one.denominator:
        yield f"expected denominator, which a {one.figure} is divided by", "figure"
    if (one.figure is FigureKind.PERCENT) is not (one.unit == "percent"):
        yield 'expected unit "percent" where figure is percent, and only there', "unit"
    if (one.days is not Days.NONE or one.daily) and one.figure is not FigureKind.RATE:
        yield "expected days and daily of rates only", "figure"
    if one.chart is RecordChart.U_PRIME and one.figure is not FigureKind.RATE:
        yield "expected u_prime of rates only", "chart"
    if (one.period is PeriodKind.YEAR) is not (one.chart is RecordChart.TABLE):
        yield "expected chart table for a year's figures, and only for them", "chart"
    if one.cumulative and one.period is PeriodKind.YEAR:
        yield "expected cumulative of months and quarters only", "cumulative"
