"""Other frameworks: the same elements and measures, grouped another way; read from config/frameworks/."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from survey_app.ask.instruments.elements import Element, LogicModel, UnknownElement
from survey_app.ask.instruments.faults import DataFault, Fault, SourceFile, read_source
from survey_app.ask.instruments.table_reader import TableReader
from survey_app.know.measures.measures import Measure, Measures, UnknownMeasure

KEYS = ("id", "title", "short", "source", "stages", "groups")


class FrameworkFault(DataFault):
    """A framework's file cannot be used."""


@dataclass(frozen=True, slots=True)
class Group:
    """Elements and measures put together; the title is empty where that of the stage says it all."""

    id: str
    title: str
    elements: tuple[Element, ...]
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of a framework: a stage, an area or a domain."""

    id: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """One way to group what is measured; `short` is its name where there is little room."""

    id: str
    title: str
    short: str
    source: str
    stages: tuple[Stage, ...]


def of_logic_model(model: LogicModel) -> Framework:
    """Return the logic model as a framework like any other.

    Parameters
    ----------
    model : LogicModel
        The model.

    Returns
    -------
    Framework
        Its columns as stages, its boxes as groups.
    """
    stages = tuple(
        Stage(column.id, column.title, tuple(Group(box.id, box.title, box.elements) for box in column.boxes))
        for column in model.columns
    )
    return Framework(model.id, model.title, "Logic model", model.source, stages)


def load_frameworks(folder: Path, model: LogicModel, measures: Measures) -> tuple[Framework, ...]:
    """Read every framework of a folder and resolve what it names.

    Parameters
    ----------
    folder : Path
        TOML files, one a framework, shown in the order of their names.
    model : LogicModel
        Where elements must be found.
    measures : Measures
        Where measures must be found.

    Returns
    -------
    tuple of Framework
        In the order of the files' names.

    Raises
    ------
    FrameworkFault
        With every id that does not resolve, each with its file and line.
    """
    faults: list[Fault] = []
    found: dict[str, Framework] = {}
    for path in sorted(folder.glob("*.toml")):
        source = read_source(path)
        framework = _read(source, model, measures)
        if framework.id in found or framework.id == model.id:
            source.report(f"framework {framework.id}: expected every id only once", key="id")
        found[framework.id] = framework
        faults += source.faults
    if faults:
        raise FrameworkFault(faults)
    return tuple(found.values())


def _read(source: SourceFile, model: LogicModel, measures: Measures) -> Framework:
    header = TableReader(source, source.document)
    header.refuse_other_keys(KEYS)
    groups = [(row.text("stage"), _group(row, model, measures)) for row in header.tables("groups")]
    stages = tuple(_stage(row, groups) for row in header.tables("stages"))
    known = {stage.id for stage in stages}
    for row in header.tables("groups"):
        if row.text("stage") not in known:
            row.fault(f"group {row.text('id')}: expected its stage among the stages", "stage")
    return Framework(
        header.text("id"), header.text("title"), header.text("short"), header.text("source"), stages
    )


def _stage(row: TableReader, groups: list[tuple[str, Group]]) -> Stage:
    row.refuse_other_keys(("id", "title"))
    stage_id = row.text("id")
    return Stage(stage_id, row.text("title"), tuple(group for stage, group in groups if stage == stage_id))


def _group(row: TableReader, model: LogicModel, measures: Measures) -> Group:
    row.refuse_other_keys(("id", "stage", "title", "elements", "measures"))
    group = Group(
        row.text("id"),
        row.text("title", required=False),
        tuple(_elements(row, model)),
        tuple(_measures(row, measures)),
    )
    if not group.elements and not group.measures:
        row.fault(f"group {group.id}: expected elements or measures", "id")
    return group


def _elements(row: TableReader, model: LogicModel) -> Iterator[Element]:
    for element_id in row.texts("elements"):
        try:
            yield model.element(element_id)
        except UnknownElement:
            row.fault(f"expected an element of {model.id}, found {element_id}", "elements")


def _measures(row: TableReader, measures: Measures) -> Iterator[Measure]:
    for measure_id in row.texts("measures"):
        try:
            yield measures.get(measure_id)
        except UnknownMeasure:
            row.fault(f"expected a measure of config/measures.toml, found {measure_id}", "measures")
