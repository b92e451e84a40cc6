"""The face of a series: what its tiles say and draw, made once a document and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.know.evidence import heads as stored
from survey_app.know.evidence.heads import Head
from survey_app.know.evidence.series import Series
from survey_app.know.evidence.units import is_score
from survey_app.show.charts.assured import WORDS, assurance_svg
from survey_app.show.charts.dates import day_words, span_words
from survey_app.show.charts.icon import NO_RECORD, TOO_FEW, Icon, icon_of, icon_svg
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.sparkline import sparkline_svg
from survey_app.show.charts.standing import Sureness, since_of, sureness_of

MOST = 4096
"""Faces kept a process, about 2 kB each; to read and draw a document of a year costs 0.6 ms."""

SURE = {
    Sureness.STRONG: "Strong sign",
    Sureness.CLEAR: "Clear sign",
    Sureness.WEAK: "Weak sign: wait for the next figure",
}


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that tiles show of a series and that stands in its document; nothing of its place."""

    value: str
    unit: str
    n: int | None
    counted: str
    when: str
    latest_from: dt.date | None
    latest_to: dt.date | None
    icon: Icon
    sign: Markup
    spark: Markup
    summary: str
    reason: str
    since: str
    sure: str
    assured: str
    shield: Markup


class Faces:
    """Faces by the digest of their documents; all are dropped when there are too many."""

    def __init__(self) -> None:
        self._kept: dict[str, Face] = {}

    def of(self, session: Session, heads: Iterable[Head]) -> dict[tuple[str, str], Face]:
        """Return the faces of some series by measure and place; at most one query, none when all are kept."""
        wanted = list(heads)
        found = {
            (head.measure_id, head.place_id): self._kept[head.digest]
            for head in wanted
            if head.digest in self._kept
        }
        missing = [head for head in wanted if (head.measure_id, head.place_id) not in found]
        documents = stored.documents(session, missing)
        for head in missing:
            key = (head.measure_id, head.place_id)
            if key in documents:
                found[key] = self._keep(head.digest, face_of(documents[key]))
        return found

    def _keep(self, digest: str | None, face: Face) -> Face:
        if len(self._kept) >= MOST:
            self._kept = {}
        if digest:
            self._kept[digest] = face
        return face


FACES = Faces()


def face_of(series: Series) -> Face:
    """Make the face of a series."""
    icon = icon_of(series)
    point, since = series.latest, since_of(series)
    shown = None if icon in {TOO_FEW, NO_RECORD} else point
    return Face(
        value=figure_words(shown.value, series.unit) if shown else "",
        unit=unit_words(series.unit),
        n=shown.n if shown and series.counted else None,
        counted=series.counted,
        when=span_words(point.start, point.end) if point else "",
        latest_from=point.start if point else None,
        latest_to=point.end if point else None,
        icon=icon,
        sign=icon_svg(icon),
        spark=sparkline_svg(series),
        summary=series.summary,
        reason=_reason(series),
        since=day_words(since) if since and shown else "",
        sure=_sure(series) if shown else "",
        assured=WORDS[series.assurance] if series.assurance else "",
        shield=assurance_svg(series.assurance) if series.assurance else Markup(),
    )


def unit_words(unit: str) -> str:
    """Return what stands behind a large figure."""
    return "" if unit == "percent" else "out of 100" if is_score(unit) else unit


def _sure(series: Series) -> str:
    sure, otherwise = sureness_of(series), series.answered_otherwise
    if sure and otherwise:
        return f"In doubt: people have answered another way since {day_words(otherwise)}"
    return SURE[sure] if sure else ""


def _reason(series: Series) -> str:
    """Return why the latest figure is marked: the sentences of the summary after the one with the figure."""
    _, _, reason = series.summary.partition(" answers. ")
    return reason
