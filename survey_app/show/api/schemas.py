"""What the API's documents look like, as JSON Schema; tests hold it against real answers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import Assurance, Direction, PointState, VariationIcon

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def maybe(schema: Schema) -> Schema:
    """Return a schema that may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(kind: Iterable[StrEnum]) -> Schema:
    """Return the schema of a word from an enum."""
    return {"type": "string", "enum": [member.value for member in kind]}


def many(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def record(**fields: Schema) -> Schema:
    """Return the schema of an object that has all of some fields; `from_` is named from."""
    named = {name.rstrip("_"): schema for name, schema in fields.items()}
    return {"type": "object", "required": list(named), "properties": named}


def refer(name: str) -> Schema:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {"type": TEXT, "title": TEXT, "status": COUNT, "detail": TEXT},
    },
    "Place": record(id=TEXT, name=TEXT, kind=TEXT, parent=maybe(TEXT), members=many(TEXT)),
    "Measure": record(
        id=TEXT,
        title=TEXT,
        statement=TEXT,
        unit=TEXT,
        direction=one_of(Direction),
        audience=maybe(TEXT),
        elements=many(TEXT),
        instrument=TEXT,
        version=COUNT,
    ),
    "SeriesHead": record(
        measure=TEXT,
        place=TEXT,
        release=TEXT,
        revision=TEXT,
        from_=maybe(DAY),
        to=maybe(DAY),
        n=maybe(COUNT),
        state=one_of(PointState),
        href=TEXT,
    ),
    "Point": record(
        from_=DAY,
        to=DAY,
        value=NUMBER,
        low=maybe(NUMBER),
        high=maybe(NUMBER),
        centre=maybe(NUMBER),
        lower=maybe(NUMBER),
        upper=maybe(NUMBER),
        n=COUNT,
        state=one_of(PointState),
        signals=many(TEXT),
        found=many(DAY),
        flagged=maybe(DAY),
        provisional=FLAG,
        carried=FLAG,
    ),
    "Withheld": record(from_=DAY, to=DAY, withheld=TEXT),
    "Series": record(
        measure=TEXT,
        place=TEXT,
        element=maybe(TEXT),
        unit=TEXT,
        direction=one_of(Direction),
        release=TEXT,
        rules=TEXT,
        chart=one_of(ChartKind),
        limits=TEXT,
        target=maybe(NUMBER),
        points=many({"anyOf": [refer("Point"), refer("Withheld")]}),
        variation=maybe(one_of(VariationIcon)),
        assurance=maybe(one_of(Assurance)),
        summary=TEXT,
        marks=many({"type": "object"}),
        revision=TEXT,
        target_since=maybe(DAY),
        proposal=maybe({"type": "object"}),
        versions=many(record(version=COUNT, from_=DAY, to=DAY)),
        counted=TEXT,
    ),
}
