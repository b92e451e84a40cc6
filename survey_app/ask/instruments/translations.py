"""Translations: a released instrument in another language, from a file beside it; its scores stay its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.ask.instruments.checks import COUNTER, ONE_SEGMENT
from survey_app.ask.instruments.faults import SourceFile, read_source
from survey_app.ask.instruments.model import Audience, Instrument, Item, Option
from survey_app.ask.instruments.table_reader import TableReader
from survey_app.ask.instruments.texts import Encoding, measure_text

NAME = re.compile(r"^(v\d+)\.([a-z]{2,3})$")
"""What the stem of a translation's file looks like, as in v1.cy.toml."""
TWO_SEGMENTS = 134
"""Units of a text outside GSM-7: most other alphabets cannot ask a question in one segment."""

KEYS = ("language", "reviewed_by", "title", "intro", "sms", "key", "labels", "items")
ITEM_KEYS = ("text", "brief", "labels")


@dataclass(frozen=True, slots=True)
class Translation:
    """One instrument in another language, and who has read it; nobody yet, for a draft."""

    instrument: Instrument
    reviewed_by: str

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody has signed the file off.

        Returns
        -------
        bool
            True while `reviewed_by` is empty.
        """
        return not self.reviewed_by.strip()


def load_translation(path: Path, original: Instrument) -> tuple[Translation, SourceFile]:
    """Read the file that says an instrument in another language.

    Parameters
    ----------
    path : Path
        `<id>/v<version>.<language>.toml`.
    original : Instrument
        The instrument it translates.

    Returns
    -------
    tuple of Translation and SourceFile
        The translation is complete only if the source has no faults.
    """
    source = read_source(path)
    top = TableReader(source, source.document)
    top.refuse_other_keys(KEYS)
    language = top.text("language")
    if path.stem != f"v{original.version}.{language}":
        top.fault(f"expected language to be the file's own, as in v{original.version}.cy.toml", "language")
    on_phones = original.audience is not Audience.PANEL
    forms = {name: top.text(name, required=on_phones) for name in ("sms", "key")}
    labels, said = _table(top, "labels"), _table(top, "items")
    for unknown in said.keys() - {item.id for item in original.items}:
        top.fault(f"expected an item of {original.id}, found {unknown}", unknown)
    translated = replace(
        original,
        language=language,
        title=top.text("title"),
        intro=top.text("intro"),
        items=tuple(_item(source, item, said.get(item.id), labels, forms) for item in original.items),
        translations={},
    )
    for item in translated.items:
        for fault in _budget_faults(item) if on_phones else ():
            source.report(f"{item.id}: {fault}", f'items."{item.id}"', key="text")
    return Translation(translated, top.text("reviewed_by", required=False)), source


def _table(reader: TableReader, key: str) -> dict[str, object]:
    value = reader.row.get(key, {})
    if not isinstance(value, dict):
        reader.fault(f"expected a table [{key}]", key)
        return {}
    return value


def _item(
    source: SourceFile, item: Item, row: object, labels: Mapping[str, object], forms: Mapping[str, str]
) -> Item:
    reader = TableReader(source, row if row is not None else {}, f'items."{item.id}"')
    reader.refuse_other_keys(ITEM_KEYS)
    text = reader.text("text")
    options = _options(reader, item, {**labels, **_table(reader, "labels")})
    choices = " ".join(f"{option.code} {option.label}" for option in options)
    choices = choices or f"{item.minimum}-{item.maximum}"
    keys = " ".join(
        forms["key"].replace("{code}", str(option.code)).replace("{label}", option.label)
        for option in options
    )
    brief = reader.text("brief", required=False) or text
    on_phones = bool(forms["sms"])
    return replace(
        item,
        text=text,
        options=options,
        sms=forms["sms"].replace("{text}", brief).replace("{choices}", choices),
        spoken=f"{text} {keys}".strip() if on_phones else "",
    )


def _options(reader: TableReader, item: Item, labels: Mapping[str, object]) -> tuple[Option, ...]:
    said = []
    for option in item.options:
        label = labels.get(option.label)
        if not isinstance(label, str) or not label.strip():
            reader.fault(f'{item.id}: expected a label for "{option.label}"', "labels")
            label = option.label
        said.append(replace(option, label=label, source_label=option.label))
    if len({option.label.casefold() for option in said}) < len(said):
        reader.fault(f"{item.id}: expected every option to have a label of its own", "labels")
    return tuple(said)


def _budget_faults(item: Item) -> Iterator[str]:
    size = measure_text(COUNTER + item.sms)
    room = ONE_SEGMENT if size.encoding is Encoding.GSM_7 else TWO_SEGMENTS
    if size.units > room:
        yield f"expected its text with the counter in {room} {size.encoding} units, found {size.units}"
