"""The logic model: four columns of boxes, each box a list of elements that measures speak to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from survey_app.ask.instruments.faults import DataFault, read_source
from survey_app.ask.instruments.table_reader import TableReader

_ELEMENT_ID = re.compile(r"^(enablers|components|outcomes|impact)\.[a-z]+\.[1-9][0-9]?$")


class UnknownElement(KeyError):
    """An element or box that the logic model does not have."""


class LogicModelFault(DataFault):
    """The logic model's file cannot be used."""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that integrated care is meant to do, with our own short title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Box:
    """Elements that belong together."""

    id: str
    title: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One of the model's steps from enablers to impact."""

    id: str
    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class LogicModel:
    """A model with its version; ids are never reused."""

    id: str
    version: int
    title: str
    source: str
    columns: tuple[Column, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes, in the model's order.

        Returns
        -------
        tuple of Box
            Every box of every column.
        """
        return tuple(box for column in self.columns for box in column.boxes)

    @property
    def elements(self) -> tuple[Element, ...]:
        """All elements, in the model's order.

        Returns
        -------
        tuple of Element
            Every element of every box.
        """
        return tuple(element for box in self.boxes for element in box.elements)

    def element(self, element_id: str) -> Element:
        """Give an element by its id, or raise UnknownElement.

        Parameters
        ----------
        element_id : str
            An element's id, such as outcomes.experience.1.

        Returns
        -------
        Element
            The element.

        Raises
        ------
        UnknownElement
            If there is none.
        """
        for element in self.elements:
            if element.id == element_id:
                return element
        raise UnknownElement(f"{self.id} v{self.version} has no element {element_id!r}")

    def box(self, box_id: str) -> Box:
        """Give a box by its id (the part of an element's id before its number), or raise UnknownElement.

        Parameters
        ----------
        box_id : str
            A box's id, such as outcomes.experience.

        Returns
        -------
        Box
            The box with its elements.

        Raises
        ------
        UnknownElement
            If there is none.
        """
        for box in self.boxes:
            if box.id == box_id:
                return box
        raise UnknownElement(f"{self.id} v{self.version} has no box {box_id!r}")

    def has(self, element_id: str) -> bool:
        """Tell whether the model has this element.

        Parameters
        ----------
        element_id : str
            An element's id, such as outcomes.experience.1.

        Returns
        -------
        bool
            True if it is there.
        """
        return any(element.id == element_id for element in self.elements)


def load_logic_model(path: Path) -> LogicModel:
    """Read a logic model from its file.

    Parameters
    ----------
    path : Path
        A TOML file with `model`, `version`, `title`, `source` and tables `columns` and `boxes`.

    Returns
    -------
    LogicModel
        The model, checked.

    Raises
    ------
    LogicModelFault
        With every fault found, each with its line.

    References
    ----------
    .. [1] Social Care Institute for Excellence (2017), Developing an integration scorecard.
    """
    source = read_source(path)
    header = TableReader(source, source.document)
    header.refuse_other_keys(("model", "version", "title", "source", "columns", "boxes"))
    boxes = _read_boxes(header)
    columns = tuple(_read_column(row, boxes) for row in header.tables("columns"))
    model = LogicModel(
        id=header.text("model"),
        version=header.whole("version") or 0,
        title=header.text("title"),
        source=header.text("source"),
        columns=columns,
    )
    if source.faults:
        raise LogicModelFault(source.faults)
    return model


def _read_column(row: TableReader, boxes: list[Box]) -> Column:
    column_id = row.text("id")
    return Column(column_id, row.text("title"), tuple(box for box in boxes if _column_of(box) == column_id))


def _column_of(box: Box) -> str:
    return box.id.partition(".")[0]


def _read_boxes(header: TableReader) -> list[Box]:
    columns = {row.text("id") for row in header.tables("columns")}
    boxes: list[Box] = []
    seen: set[str] = set()
    for row in header.tables("boxes"):
        box_id = row.text("id")
        box = Box(
            box_id, row.text("title"), tuple(_read_element(entry, box_id) for entry in row.rows("elements"))
        )
        if _column_of(box) not in columns:
            row.fault(f"box {box_id}: expected its column among the columns", "id")
        for element in box.elements:
            if element.id in seen:
                row.fault(f"element {element.id}: expected every id only once", "elements")
            seen.add(element.id)
        boxes.append(box)
    return boxes


def _read_element(entry: TableReader, box_id: str) -> Element:
    element = Element(f"{box_id}.{entry.whole('n')}", entry.text("title", required=False))
    if not _ELEMENT_ID.match(element.id) or not element.title:
        entry.fault(f"element {element.id}: expected column.box.number and a title", "elements")
    return element
