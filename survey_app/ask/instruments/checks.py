"""What an instrument must satisfy beyond its keys: ids, conditions, scales, text budget, elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.faults import SourceFile
from survey_app.ask.instruments.model import Audience, Instrument, Item, Scale
from survey_app.ask.instruments.question_types.registry import QUESTION_TYPES
from survey_app.ask.instruments.texts import Encoding, measure_text, outside_gsm

# The conversation puts "3/6 " in front of an item; the longest such counter must still fit one segment.
COUNTER = "12/12 "
ONE_SEGMENT = 160

_INSTRUMENT_ID = re.compile(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")
_ITEM_ID = re.compile(r"^[a-z][a-z0-9]*(\.[a-z0-9_]+)+$")
_CURLY = re.compile("[\u2018\u2019\u201c\u201d]")


def check_instrument(instrument: Instrument, source: SourceFile, model: LogicModel | None) -> None:
    """Add every fault of an instrument to its source.

    Parameters
    ----------
    instrument : Instrument
        As parsed; may be incomplete where faults were already found.
    source : SourceFile
        The file it came from.
    model : LogicModel or None
        What the items' elements must resolve against; None leaves them unchecked.
    """
    for fault, key in _header_faults(instrument, source):
        source.report(fault, key=key)
    earlier: dict[str, Item] = {}
    for index, item in enumerate(instrument.items):
        phone = _phone_faults if instrument.audience is not Audience.PANEL else _no_phone_faults
        for fault, key in (*_item_faults(item, earlier, model), *phone(item)):
            source.report(f"{item.id or 'item'}: {fault}", "items", index, key)
        earlier.setdefault(item.id, item)
    seen: set[str] = set()
    for index, scale in enumerate(instrument.scales):
        for fault, key in _scale_faults(scale, earlier, seen):
            source.report(f"scale {scale.id}: {fault}", "scales", index, key)
        seen.add(scale.id)


def _header_faults(instrument: Instrument, source: SourceFile) -> Iterator[tuple[str, str]]:
    if not _INSTRUMENT_ID.match(instrument.id):
        yield "expected id in small letters, digits and hyphens", "id"
    if instrument.id != source.path.parent.name:
        yield f"expected id to be the folder's name, {source.path.parent.name}", "id"
    if source.path.stem != f"v{instrument.version}" or instrument.version < 1:
        yield (
            f"expected version to be the file's number, as in v1.toml, found {instrument.version}",
            "version",
        )
    if not 5 <= instrument.reading_age <= 18:
        yield "expected reading_age, in years, between 5 and 18", "reading_age"
    if not instrument.items:
        yield "expected at least one [[items]] table", ""
    for key in ("title", "intro"):
        if _CURLY.search(getattr(instrument, key)):
            yield f"expected straight quotes in {key}", key


def _item_faults(item: Item, earlier: dict[str, Item], model: LogicModel | None) -> Iterator[tuple[str, str]]:
    if not _ITEM_ID.match(item.id):
        yield "expected an id such as ex.life: small letters, digits, dots and underscores", "id"
    if item.id in earlier:
        yield "expected every item id only once", "id"
    if item.type in QUESTION_TYPES:
        key = "options" if QUESTION_TYPES[item.type].has_options else "type"
        for fault in QUESTION_TYPES[item.type].check(item):
            yield fault, key
    yield from _wording_faults(item)
    yield from _condition_faults(item, earlier)
    if not item.elements:
        yield "expected at least one element", "elements"
    for element in item.elements:
        if model is not None and not model.has(element):
            yield f"element {element}: expected an element of {model.id} v{model.version}", "elements"


def _wording_faults(item: Item) -> Iterator[tuple[str, str]]:
    for key in ("title", "text", "sms", "spoken"):
        if _CURLY.search(getattr(item, key)):
            yield f"expected straight quotes in {key}", key


def _no_phone_faults(item: Item) -> Iterator[tuple[str, str]]:
    for key in ("sms", "spoken"):
        if getattr(item, key):
            yield f"expected no {key}: a panel answers on web pages only", key


def _phone_faults(item: Item) -> Iterator[tuple[str, str]]:
    size = measure_text(COUNTER + item.sms)
    if size.encoding is not Encoding.GSM_7:
        yield f"expected GSM-7 characters in sms, found {' '.join(outside_gsm(item.sms))}", "sms"
    elif size.units > ONE_SEGMENT:
        yield f"expected sms with its counter in {ONE_SEGMENT} septets, found {size.units}", "sms"
    for option in item.options:
        if f"{option.code} {option.label}" not in item.sms:
            yield f'expected sms to offer "{option.code} {option.label}"', "sms"
        if not re.search(rf"\b{option.code}\b", item.spoken):
            yield f"expected spoken to name key {option.code}", "spoken"


def _condition_faults(item: Item, earlier: dict[str, Item]) -> Iterator[tuple[str, str]]:
    if item.show_if is None:
        return
    asked = earlier.get(item.show_if.item)
    if asked is None:
        yield f"expected show_if to name an earlier item, found {item.show_if.item}", "show_if"
        return
    codes = {option.code for option in asked.options}
    if asked.options and not item.show_if.codes <= codes:
        yield f"expected show_if codes of {asked.id} among {sorted(codes)}", "show_if"


def _scale_faults(scale: Scale, items: dict[str, Item], seen: set[str]) -> Iterator[tuple[str, str]]:
    if not scale.id or scale.id in seen:
        yield "expected an id of its own", "id"
    if not 0 < scale.min_share <= 1:
        yield "expected min_share above 0 and at most 1", "min_share"
    if scale.min_applicable < 1:
        yield "expected min_applicable of at least 1", "min_applicable"
    yield from _member_faults(scale, items)


def _member_faults(scale: Scale, items: dict[str, Item]) -> Iterator[tuple[str, str]]:
    if len(scale.items) + len(scale.composites) < 2:
        yield "expected at least 2 items or composites", "items"
    gates = tuple(composite.gate for composite in scale.composites if composite.gate)
    for item_id in (*scale.item_ids, *gates):
        if item_id not in items:
            yield f"expected items of this instrument, found {item_id}", "items"
    if len(set(scale.item_ids)) < len(scale.item_ids):
        yield "expected every item only once in a scale", "items"
    if any(not composite.children for composite in scale.composites):
        yield "expected children in every composite", "composites"
