"""The API described as OpenAPI 3.1; a test holds it against the routes."""

from __future__ import annotations

from typing import Any

from survey_app.show.api.paging import MOST, USUAL
from survey_app.show.api.schemas import SCHEMAS, Schema, many, maybe, record, refer

TEXT: Schema = {"type": "string"}
PAGING = (
    ("limit", "How many at once", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    ("after", "Where to go on; follow `next` instead of making one", TEXT),
)
FAULTS = {
    "400": "A parameter cannot be used",
    "401": "No token, or one that does not work",
    "404": "Unknown, or outside the token's reach: both look the same",
    "429": "Too many requests: wait as long as Retry-After says",
}


def document(service_name: str) -> dict[str, Any]:
    """Return the description of version 1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{service_name}: figures",
            "version": "1",
            "description": "The figures that pages show, of the same releases, to read only.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def _paths() -> dict[str, Any]:
    filters = (("place", "Only this place or neighbour group", TEXT), ("measure", "Only this measure", TEXT))
    listed = {
        "/places": ("places", "Places and neighbour groups of the token's reach", "Place", PAGING),
        "/measures": ("measures", "Every measure in its newest version", "Measure", PAGING),
        "/series": ("series", "Where each series stands", "SeriesHead", (*filters, *PAGING)),
    }
    paths = {
        path: {"get": _operation(name, words, _part(schema), [_query(*row) for row in asked])}
        for path, (name, words, schema, asked) in listed.items()
    }
    named = [
        {"name": name, "in": "path", "required": True, "schema": TEXT} for name in ("measure_id", "place_id")
    ]
    one = _operation("one", "One series with all its points", refer("Series"), named)
    one["responses"]["200"]["headers"] = {"ETag": {"schema": TEXT}}
    one["responses"]["304"] = {"description": "Your copy, named in If-None-Match, is the newest"}
    described = _operation("openapi", "This description", {"type": "object"}, [])
    return paths | {"/series/{measure_id}/{place_id}": {"get": one}, "/openapi.json": {"get": described}}


def _part(schema: str) -> Schema:
    return record(items=many(refer(schema)), next=maybe(TEXT))


def _query(name: str, words: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _operation(name: str, words: str, schema: Schema, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    given = {"description": words, "content": {"application/json": {"schema": schema}}}
    fault = {"application/problem+json": {"schema": refer("Problem")}}
    faults = {code: {"description": text, "content": fault} for code, text in FAULTS.items()}
    return {
        "operationId": name,
        "summary": words,
        "parameters": parameters,
        "responses": {"200": given} | faults,
    }
