"""Easy Read: the same statements in shorter sentences, with a picture each; items, codes and order stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.ask.instruments.faults import Fault, InstrumentFault, SourceFile, read_source
from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item, UnknownItem
from survey_app.ask.instruments.table_reader import TableReader


@dataclass(frozen=True, slots=True)
class EasyRead:
    """One instrument version in easy wording, and the name of the picture beside each item."""

    instrument: Instrument
    pictures: Mapping[str, str]
    is_reviewed: bool


Key = tuple[str, int, str]
"""Instrument id, version and language."""


def load_easy_read(folder: Path, library: Library, *, unsigned_too: bool) -> dict[Key, EasyRead]:
    """Read the Easy Read file of every language of every instrument version that has one.

    Parameters
    ----------
    folder : Path
        Holds `<id>/v<version>.easy.toml` beside the released files, which never change, and
        `<id>/v<version>.<language>.easy.toml` beside their translations.
    library : Library
        The instruments.
    unsigned_too : bool
        Whether wording that nobody has signed off may be shown; in production it may not.

    Returns
    -------
    dict of Key to EasyRead
        By instrument id, version and language.

    Raises
    ------
    InstrumentFault
        With every fault of every file: a missing item, an unknown one, or a code that does not exist.
    """
    faults: list[Fault] = []
    found = {}
    for instrument in _said(library):
        path = folder / instrument.id / f"{_stem(library, instrument)}.easy.toml"
        if path.is_file():
            source = read_source(path)
            found[instrument.id, instrument.version, instrument.language] = _easy_read(source, instrument)
            faults += source.faults
    if faults:
        raise InstrumentFault(faults)
    return {key: easy for key, easy in found.items() if unsigned_too or easy.is_reviewed}


def _said(library: Library) -> Iterator[Instrument]:
    for released in library.all():
        yield from (released.in_language(language) for language in released.languages)


def _stem(library: Library, instrument: Instrument) -> str:
    is_released = library.get(instrument.id, instrument.version).language == instrument.language
    return f"v{instrument.version}" if is_released else f"v{instrument.version}.{instrument.language}"


def _easy_read(source: SourceFile, instrument: Instrument) -> EasyRead:
    row = TableReader(source, source.document)
    row.refuse_other_keys(("reviewed_by", "title", "intro", "items"))
    read = dict(_items(row, instrument))
    missing = [item.id for item in instrument.items if item.id not in read]
    if missing:
        row.fault(f"expected every item of {instrument.id}, missing {', '.join(missing)}")
    items = tuple(read[item.id][0] if item.id in read else item for item in instrument.items)
    return EasyRead(
        replace(instrument, title=row.text("title"), intro=row.text("intro"), items=items),
        {item_id: picture for item_id, (_, picture) in read.items()},
        bool(row.text("reviewed_by", required=False)),
    )


def _items(row: TableReader, instrument: Instrument) -> Iterator[tuple[str, tuple[Item, str]]]:
    for entry in row.tables("items"):
        entry.refuse_other_keys(("id", "text", "picture", "labels"))
        try:
            item = instrument.item(entry.text("id"))
        except UnknownItem as error:
            entry.fault(f"expected an item of the instrument: {error.args[0]}", "id")
            continue
        labels = dict(_labels(entry, item))
        options = tuple(replace(one, label=labels.get(one.code, one.label)) for one in item.options)
        yield item.id, (replace(item, text=entry.text("text"), options=options), entry.text("picture"))


def _labels(entry: TableReader, item: Item) -> Iterator[tuple[int, str]]:
    known = {option.code for option in item.options}
    for label in entry.rows("labels"):
        code = label.whole("code")
        if code in known:
            yield code, label.text("label")
        else:
            entry.fault(f"expected a code of {item.id}, found {code}", "labels")
