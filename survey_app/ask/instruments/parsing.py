"""An instrument file's document turned into the model; whatever does not fit is noted with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from survey_app.ask.instruments.faults import SourceFile
from survey_app.ask.instruments.model import (
    Audience,
    Composite,
    Condition,
    Instrument,
    Item,
    Option,
    OptionKind,
    Scale,
    ScaleRule,
)
from survey_app.ask.instruments.question_types.registry import QUESTION_TYPES
from survey_app.ask.instruments.table_reader import TableReader

HEADER_KEYS = (
    "id", "version", "title", "audience", "language", "intro", "source", "licence", "reading_age",
    "validated", "options", "items", "scales",
)  # fmt: skip
ITEM_KEYS = (
    "id", "title", "type", "text", "sms", "spoken", "options", "reverse", "show_if", "elements",
    "minimum", "maximum",
)  # fmt: skip
SCALE_KEYS = ("id", "title", "items", "rule", "min_share", "min_applicable", "complete_only", "composites")

Word = TypeVar("Word", bound=StrEnum)
OptionSets = Mapping[str, tuple[Option, ...]]


def parse_instrument(source: SourceFile) -> Instrument:
    """Build the model from a document.

    Parameters
    ----------
    source : SourceFile
        A file that was read as TOML; faults found on the way are added to it.

    Returns
    -------
    Instrument
        Complete only if the source has no faults afterwards.
    """
    header = TableReader(source, source.document)
    header.refuse_other_keys(HEADER_KEYS)
    option_sets = _parse_option_sets(header)
    audience = _word(header, "audience", Audience, Audience.USER)
    on_phones = audience is not Audience.PANEL
    items = tuple(
        _parse_item(reader, ordinal, option_sets, on_phones=on_phones)
        for ordinal, reader in enumerate(header.tables("items"), 1)
    )
    return Instrument(
        id=header.text("id"),
        version=header.whole("version") or 0,
        title=header.text("title"),
        audience=audience,
        language=header.text("language"),
        intro=header.text("intro"),
        items=items,
        scales=tuple(_parse_scale(reader) for reader in header.tables("scales")),
        source=header.text("source"),
        licence=header.text("licence"),
        reading_age=header.whole("reading_age") or 0,
        validated=header.flag("validated"),
        digest=hashlib.sha256(source.raw).hexdigest(),
    )


def _word(reader: TableReader, key: str, kind: type[Word], default: Word) -> Word:
    value = reader.row.get(key, default)
    if value not in set(kind):
        reader.fault(f"expected {key} to be one of {', '.join(kind)}", key)
        return default
    return kind(value)


def _parse_option_sets(header: TableReader) -> OptionSets:
    sets = header.row.get("options", {})
    if not isinstance(sets, dict):
        header.fault("expected [options.<name>] tables", "options")
        return {}
    readers = {name: TableReader(header.source, body, f"options.{name}") for name, body in sets.items()}
    return {
        name: tuple(_parse_option(row) for row in reader.rows("choices")) for name, reader in readers.items()
    }


def _parse_option(row: TableReader) -> Option:
    code = row.whole("code")
    kind = _word(row, "kind", OptionKind, OptionKind.SCORED)
    row.refuse_other_keys(("code", "label", "score", "kind"))
    return Option(-1 if code is None else code, row.text("label"), row.number("score", None), kind)


def _parse_item(reader: TableReader, ordinal: int, option_sets: OptionSets, *, on_phones: bool) -> Item:
    reader.refuse_other_keys(ITEM_KEYS)
    kind = reader.text("type")
    if kind and kind not in QUESTION_TYPES:
        reader.fault(f"expected type to be one of {', '.join(QUESTION_TYPES)}", "type")
    name = reader.text("options", required=False)
    if name and name not in option_sets:
        reader.fault(f"expected options to be one of {', '.join(option_sets)}", "options")
    return Item(
        id=reader.text("id"),
        ordinal=ordinal,
        type=kind,
        title=reader.text("title"),
        text=reader.text("text"),
        sms=reader.text("sms", required=on_phones),
        spoken=reader.text("spoken", required=on_phones),
        options=option_sets.get(name, ()),
        reverse=reader.flag("reverse"),
        show_if=_parse_condition(reader),
        elements=reader.texts("elements"),
        minimum=reader.whole("minimum", required=False),
        maximum=reader.whole("maximum", required=False),
    )


def _parse_condition(reader: TableReader) -> Condition | None:
    value = reader.row.get("show_if")
    if value is None:
        return None
    match value:
        case {"item": str() as item, "codes": [*codes]} if codes and all(type(code) is int for code in codes):
            return Condition(item, frozenset(codes))
    reader.fault('expected show_if = { item = "<id>", codes = [<code>, ...] }', "show_if")
    return None


def _parse_scale(reader: TableReader) -> Scale:
    reader.refuse_other_keys(SCALE_KEYS)
    min_applicable = reader.whole("min_applicable", required=False)
    return Scale(
        id=reader.text("id"),
        title=reader.text("title"),
        items=reader.texts("items"),
        rule=_word(reader, "rule", ScaleRule, ScaleRule.PERCENT),
        min_share=reader.number("min_share", 0.5) or 0.0,
        min_applicable=2 if min_applicable is None else min_applicable,
        complete_only=reader.flag("complete_only"),
        composites=tuple(_parse_composite(row) for row in reader.rows("composites")),
    )


def _parse_composite(row: TableReader) -> Composite:
    row.refuse_other_keys(("id", "title", "children", "gate"))
    gate = row.text("gate", required=False)
    return Composite(row.text("id"), row.text("title"), row.texts("children"), gate or None)
