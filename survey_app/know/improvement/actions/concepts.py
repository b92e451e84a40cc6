"""Change concepts: kinds of change an action may try, read from config/change_concepts.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


class BadConcepts(ValueError):
    """The file of change concepts cannot be used."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One kind of change, and the title of its stage."""

    id: str
    stage: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Concepts:
    """Every concept, in the file's order."""

    all: tuple[Concept, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids, in the file's order."""
        return tuple(concept.id for concept in self.all)

    def title(self, concept_id: str) -> str:
        """Return a concept's title; of one that is no longer in the file, its id."""
        return next((concept.title for concept in self.all if concept.id == concept_id), concept_id)


def load_concepts(path: Path) -> Concepts:
    """Read the file; one that lacks a part, or names an unknown stage, raises BadConcepts."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        stages = {row["id"]: row["title"] for row in raw["stages"]}
        found = [Concept(r["id"], stages[r["stage"]], r["title"], r["words"]) for r in raw["concepts"]]
    except KeyError as missing:
        raise BadConcepts(f"{path.name}: expected a stage or key {missing}") from None
    if len({concept.id for concept in found}) != len(found):
        raise BadConcepts(f"{path.name}: an id stands twice")
    return Concepts(tuple(found))
