"""All measures of an installation, read from config/measures.toml and resolved against what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from survey_app.ask.instruments.elements import LogicModel
from survey_app.ask.instruments.faults import DataFault, read_source
from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Instrument, UnknownScale
from survey_app.ask.instruments.table_reader import TableReader
from survey_app.know.measures.expansion import (
    ITEM_MEASURES,
    helped_measure,
    mode_measure,
    replies_measure,
    scale_measure,
)
from survey_app.know.measures.model import Direction, Measure, MeasureKind, UnknownMeasure
from survey_app.know.measures.modes import WORDS

__all__ = [
    "Direction",
    "Measure",
    "MeasureFault",
    "MeasureKind",
    "Measures",
    "UnknownMeasure",
    "load_measures",
]

ROW_KEYS = ("id", "version", "each_item", "replies", "modes", "helped", "scales")


class MeasureFault(DataFault):
    """The file of measures cannot be used."""


class Measures:
    """Every measure by its id; two versions of an instrument may give a measure of the same id.

    Parameters
    ----------
    measures : Iterable[Measure]
        Measures, in the file's order.
    """

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._all = tuple(measures)
        by_version = sorted(self._all, key=lambda measure: measure.version)
        self._latest = {measure.id: measure for measure in by_version}

    def get(self, measure_id: str, version: int | None = None) -> Measure:
        """Give a measure of the newest version, or of the one named; or raise UnknownMeasure.

        Parameters
        ----------
        measure_id : str
            A measure's id, such as ex.life.mean.
        version : int, optional
            A version of it.

        Returns
        -------
        Measure
            The measure.

        Raises
        ------
        UnknownMeasure
            If there is none.
        """
        if version is None:
            found = self._latest.get(measure_id)
        else:
            found = next((row for row in self._all if (row.id, row.version) == (measure_id, version)), None)
        if found is None:
            raise UnknownMeasure(f"no measure {measure_id!r}" + (f" of version {version}" if version else ""))
        return found

    def all(self) -> tuple[Measure, ...]:
        """List all measures, in the file's order.

        Returns
        -------
        tuple of Measure
            Every measure of every version.
        """
        return self._all

    @property
    def records(self) -> tuple[str, ...]:
        """List the ids of measures that were counted elsewhere, by months or years.

        Returns
        -------
        tuple of str
            In the files' order.
        """
        return tuple(measure.id for measure in self.all() if measure.kind is MeasureKind.RECORD)

    def for_instrument(self, instrument_id: str, version: int) -> tuple[Measure, ...]:
        """List the measures of one instrument version.

        Parameters
        ----------
        instrument_id : str
            An instrument's id.
        version : int
            A version of it.

        Returns
        -------
        tuple of Measure
            In the file's order.
        """
        return tuple(row for row in self._all if (row.instrument, row.version) == (instrument_id, version))

    def for_element(self, element_id: str) -> tuple[Measure, ...]:
        """List the measures that speak to an element, those that have it as their primary one first.

        Parameters
        ----------
        element_id : str
            An element's id, such as outcomes.experience.1.

        Returns
        -------
        tuple of Measure
            Empty when no measure speaks to it.
        """
        rows = [row for row in self._all if element_id in row.elements]
        return tuple(sorted(rows, key=lambda row: row.elements.index(element_id) > 0))


def load_measures(path: Path, library: Library, logic_model: LogicModel) -> Measures:
    """Read the measures and resolve everything they name.

    Parameters
    ----------
    path : Path
        A TOML file with one [[instruments]] table for each instrument version.
    library : Library
        Where instruments, items and scales must be found.
    logic_model : LogicModel
        Where elements must be found.

    Returns
    -------
    Measures
        One row each, in the file's order.

    Raises
    ------
    MeasureFault
        With every id that does not resolve, each with its line.
    """
    source = read_source(path)
    header = TableReader(source, source.document)
    header.refuse_other_keys(("instruments",))
    found: dict[tuple[str, int], Measure] = {}
    for row in header.tables("instruments"):
        for measure in _expand(row, library):
            _check(row, measure, logic_model)
            if (measure.id, measure.version) in found:
                row.fault(f"measure {measure.id}: expected only once for version {measure.version}", "id")
            found[measure.id, measure.version] = measure
    if not found and not source.faults:
        source.report("expected at least one [[instruments]] table")
    if source.faults:
        raise MeasureFault(source.faults)
    return Measures(found.values())


def _expand(row: TableReader, library: Library) -> Iterator[Measure]:
    row.refuse_other_keys(ROW_KEYS)
    try:
        instrument = library.get(row.text("id"), row.whole("version") or 0)
    except UnknownInstrument as error:
        row.fault(f"expected an instrument of the library: {error.args[0]}", "id")
        return
    for word in row.texts("each_item"):
        if word not in ITEM_MEASURES:
            row.fault(f"expected each_item to list {', '.join(ITEM_MEASURES)}, found {word}", "each_item")
            continue
        for item in instrument.items:
            # A number has no options, hence no most positive ones.
            if item.options or word != "top":
                yield ITEM_MEASURES[word](instrument, item)
    yield from _scales(row, instrument)
    if row.flag("replies"):
        yield replies_measure(instrument)
    yield from _modes(row, instrument)
    if row.flag("helped"):
        yield helped_measure(instrument)


def _scales(row: TableReader, instrument: Instrument) -> Iterator[Measure]:
    for entry in row.rows("scales"):
        entry.refuse_other_keys(("id", "elements"))
        try:
            scale = instrument.scale(entry.text("id"))
        except UnknownScale as error:
            row.fault(f"expected a scale of the instrument: {error.args[0]}", "scales")
            continue
        yield scale_measure(instrument, scale, entry.texts("elements"))


def _modes(row: TableReader, instrument: Instrument) -> Iterator[Measure]:
    for channel in row.texts("modes"):
        if channel in WORDS:
            yield mode_measure(instrument, channel)
        else:
            row.fault(f"expected modes to list {', '.join(WORDS)}, found {channel}", "modes")


def _check(row: TableReader, measure: Measure, logic_model: LogicModel) -> None:
    for element in measure.elements:
        if not logic_model.has(element):
            fault = f"measure {measure.id}: expected an element of {logic_model.id}, found {element}"
            row.fault(fault, "scales" if measure.kind is MeasureKind.SCALE else "each_item")
