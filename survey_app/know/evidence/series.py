"""The Series: one measure at one place over time, of which sentence, table, picture and twins are made."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from survey_app.know.evidence.points import Gap, LimitsStage, Point, Withheld, point_document, point_from
from survey_app.know.improvement.marks import Mark, MarkKind, mark_from
from survey_app.know.improvement.rebases import Proposal, proposal_from
from survey_app.know.measures.measures import Direction
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import Assurance, PointState, VariationIcon

__all__ = ["ANSWERS", "Gap", "LimitsStage", "Point", "Series", "Version", "Withheld", "series_from_json"]

ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Version:
    """One wording: its number, and the first and last day for which it has figures or gaps at this place."""

    number: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Series:
    """Everything shown of one measure at one place; made only from released figures.

    Attributes
    ----------
    points : tuple of Point or Gap
        Oldest first, one per bin, values in `unit`.
    release : str
        Opaque; changes only when a release changes figures of this instrument at this place.
    limits : LimitsStage
        How firm the limits are.
    variation, assurance : str or None
        Icons of the latest closed point, against chance and against the target.
    summary : str
        One plain sentence that says what the series means.
    marks : tuple of Mark
        Dated things to know when reading the chart, oldest first; none changes a figure.
    target_since : date or None
        The day from which the target holds.
    proposal : Proposal or None
        New lines that the figures ask for; only a person can let them hold.
    versions : tuple of Version
        The wording of these figures, then earlier ones; those figures are no part of this series.
    counted : str
        What `n` counts: answers, or what an operational measure counts, rounded; empty where nothing is told.
    revision : str
        Opaque; changes with target, rebases and marks, which are no part of a release. Empty without any.
    """

    measure: str
    place: str
    element: str | None
    unit: str
    direction: Direction
    release: str
    rules: str
    chart: ChartKind
    target: float | None
    points: tuple[Point | Gap, ...]
    variation: VariationIcon | None
    assurance: Assurance | None
    summary: str
    limits: LimitsStage = LimitsStage.NONE
    marks: tuple[Mark, ...] = ()
    revision: str = ""
    target_since: dt.date | None = None
    proposal: Proposal | None = None
    versions: tuple[Version, ...] = ()
    counted: str = ANSWERS

    @property
    def latest(self) -> Point | None:
        """Return the newest closed point.

        Returns
        -------
        Point or None
            Older than the latest bin where that one is a gap.
        """
        closed = [point for point in self.points if isinstance(point, Point) and not point.provisional]
        return closed[-1] if closed else None

    @property
    def open(self) -> Point | None:
        """Return the provisional point of the bin that is still open.

        Returns
        -------
        Point or None
            None while the open bin has no figure.
        """
        last = self.points[-1] if self.points else None
        return last if isinstance(last, Point) and last.provisional else None

    @property
    def answered_otherwise(self) -> dt.date | None:
        """Return the day since which people have answered another way, where that puts a change in doubt.

        Returns
        -------
        date or None
            None where the latest closed figure is not marked, or its lines began after that day.
        """
        if self.latest is None or self.latest.state in (PointState.NONE, PointState.COMMON_CAUSE):
            return None
        days = {kind: [mark.day for mark in self.marks if mark.kind is kind] for kind in MarkKind}
        shift = max(days[MarkKind.MODE_SHIFT], default=None)
        return shift if shift and shift >= max(days[MarkKind.REBASE], default=shift) else None

    def to_json(self) -> str:
        """Return the Series JSON of the contract.

        Returns
        -------
        str
            Always the same text for the same series; values rounded to four decimals.
        """
        return json.dumps(_document(self), ensure_ascii=False, separators=(",", ":"))


def _document(series: Series) -> dict[str, Any]:
    return {
        "measure": series.measure,
        "place": series.place,
        "element": series.element,
        "unit": series.unit,
        "direction": series.direction.value,
        "release": series.release,
        "rules": series.rules,
        "chart": series.chart.value,
        "limits": series.limits.value,
        "target": series.target,
        "points": [point_document(point) for point in series.points],
        "variation": series.variation.value if series.variation else None,
        "assurance": series.assurance.value if series.assurance else None,
        "summary": series.summary,
        "marks": [mark.to_dict() for mark in series.marks],
        "revision": series.revision,
        "target_since": series.target_since.isoformat() if series.target_since else None,
        "proposal": series.proposal.to_dict() if series.proposal else None,
        "versions": [
            {"version": one.number, "from": one.first.isoformat(), "to": one.last.isoformat()}
            for one in series.versions
        ],
        "counted": series.counted,
    }


def series_from_json(text: str) -> Series:
    """Read back what `to_json` wrote.

    Parameters
    ----------
    text : str
        Series JSON.

    Returns
    -------
    Series
        As it was written, with rounded values; of a text written before limits had stages, on trial; of one
        written before there were marks, without.
    """
    raw = json.loads(text)
    points = tuple(point_from(point) for point in raw["points"])
    return Series(
        measure=raw["measure"],
        place=raw["place"],
        element=raw["element"],
        unit=raw["unit"],
        direction=Direction(raw["direction"]),
        release=raw["release"],
        rules=raw["rules"],
        chart=ChartKind(raw["chart"]),
        target=raw["target"],
        points=points,
        variation=VariationIcon(raw["variation"]) if raw["variation"] else None,
        assurance=Assurance(raw["assurance"]) if raw["assurance"] else None,
        summary=raw["summary"],
        limits=LimitsStage(raw["limits"]) if "limits" in raw else _assumed(points),
        marks=tuple(mark_from(mark) for mark in raw.get("marks", [])),
        revision=raw.get("revision", ""),
        target_since=dt.date.fromisoformat(raw["target_since"]) if raw.get("target_since") else None,
        proposal=proposal_from(raw.get("proposal")),
        versions=tuple(_version_from(one) for one in raw.get("versions", [])),
        counted=raw.get("counted", ANSWERS),
    )


def _version_from(raw: dict[str, Any]) -> Version:
    return Version(raw["version"], dt.date.fromisoformat(raw["from"]), dt.date.fromisoformat(raw["to"]))


def _assumed(points: tuple[Point | Gap, ...]) -> LimitsStage:
    drawn = any(isinstance(point, Point) and point.upper is not None for point in points)
    return LimitsStage.TRIAL if drawn else LimitsStage.NONE
