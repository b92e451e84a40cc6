"""Steering: all that people have decided or noted about one chart, as evidence takes it into account."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.population.places import ancestors
from survey_app.know.improvement.actions.marks import all_marks
from survey_app.know.improvement.annotations import standing_annotations
from survey_app.know.improvement.marks import Mark, MarkKind, in_order
from survey_app.know.improvement.rebases import Rebase, all_rebases
from survey_app.know.improvement.targets import Target, all_targets


@dataclass(frozen=True, slots=True)
class Steering:
    """Target, rebases and marks of one measure at one place."""

    target: Target | None = None
    rebases: tuple[Rebase, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def days(self) -> frozenset[dt.date]:
        """Return the days from which new lines hold."""
        return frozenset(rebase.day for rebase in self.rebases)

    @property
    def revision(self) -> str:
        """Return a short text that is the same for the same decisions; empty where there are none."""
        if self == NOTHING:
            return ""
        return hashlib.sha256(repr((self.target, self.rebases, self.marks)).encode()).hexdigest()[:22]


NOTHING = Steering()


class Steerings:
    """The steering of every chart, read once."""

    def __init__(self, session: Session) -> None:
        self._targets = all_targets(session)
        self._rebases = all_rebases(session)
        self._acted = all_marks(session)
        self._marks: dict[str, list[tuple[str | None, Mark]]] = {}
        for row in standing_annotations(session):
            mark = Mark(row.day, MarkKind.ANNOTATION, row.text)
            self._marks.setdefault(row.place_id, []).append((row.measure_id, mark))

    def of(self, measure_id: str, place_id: str, path: str) -> Steering:
        """Return the steering of one series; `path` leads to its place, whose parents' marks it inherits."""
        rebases = self._rebases.get((measure_id, place_id), ())
        places = {place_id, *ancestors(path)} if self._marks else ()
        marks = [
            mark
            for place in places
            for concerned, mark in self._marks.get(place, ())
            if concerned in {None, measure_id}
        ]
        marks += [Mark(rebase.day, MarkKind.REBASE, rebase.reason) for rebase in rebases]
        marks += self._acted.get((place_id, measure_id), ())
        return Steering(self._targets.get((measure_id, place_id)), rebases, in_order(marks))
