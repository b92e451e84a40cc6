"""Quarterly figures as people read them: a document a measure, place and quarter, from released counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.database import upsert_all
from survey_app.know.disclosure.tables import QuarterFigure, QuarterKind, Release
from survey_app.know.evidence.tables import StoredQuarter
from survey_app.know.measures.formulas import Figure, item_mean, scale_figure, top_share
from survey_app.know.measures.measures import Measure, MeasureKind, Measures
from survey_app.stats.intervals import mean_interval, wilson

Spot = tuple[str, str, int, Audience, dt.date]
"""Place, instrument, version, audience and quarter: figures that are read together."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a document: which people, at which edition; its figures by item."""

    kind: QuarterKind
    category: str
    edition: int
    items: Mapping[str, QuarterFigure]


def refresh_quarters(session: Session, library: Library, measures: Measures) -> list[dict[str, Any]]:
    """Return anew every document whose quarter has been released since it was stored.

    Parameters
    ----------
    session : Session
        A reading session.
    library : Library
        Instruments.
    measures : Measures
        What to compute.

    Returns
    -------
    list of dict
        Rows for `save_quarters`. Where two versions give a measure in a quarter, the newer one's.
    """
    rows = []
    taken: set[tuple[str, str, dt.date]] = set()
    for spot, token, is_stored in _spots(session):
        place_id, instrument_id, version, audience, quarter = spot
        found = [
            measure
            for measure in measures.for_instrument(instrument_id, version)
            if measure.audience is audience and measure.items and (measure.id, place_id, quarter) not in taken
        ]
        taken |= {(measure.id, place_id, quarter) for measure in found}
        if is_stored or not found:
            continue
        instrument, lines = library.get(instrument_id, version), _lines(session, spot)
        for measure in found:
            document = _document(lines, measure, instrument)
            rows.append(
                {
                    "measure_id": measure.id,
                    "place_id": place_id,
                    "quarter": quarter,
                    "release": token,
                    "document": json.dumps(document, separators=(",", ":")),
                }
            )
    return rows


def save_quarters(session: Session, rows: list[dict[str, Any]]) -> None:
    """Store documents, each in place of the one before.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    rows : list of dict
        From `refresh_quarters`.
    """
    upsert_all(session, StoredQuarter, rows, key=["measure_id", "place_id", "quarter"])


def _document(lines: list[_Line], measure: Measure, instrument: Instrument) -> list[dict[str, Any]]:
    written = [_written(line, measure, instrument) for line in lines]
    # A restatement without a figure leaves no trace: only its reason could have made it appear.
    return [row for row in written if row["edition"] == 1 or "value" in row]


def _spots(session: Session) -> list[tuple[Spot, str, bool]]:
    columns = (
        QuarterFigure.place_id,
        QuarterFigure.instrument_id,
        QuarterFigure.instrument_version,
        QuarterFigure.audience,
        QuarterFigure.quarter,
    )
    newest = sa.func.max(QuarterFigure.release_id).label("release_id")
    latest = sa.select(*columns, newest).group_by(*columns).subquery()
    stored = sa.exists().where(
        StoredQuarter.place_id == latest.c.place_id,
        StoredQuarter.quarter == latest.c.quarter,
        StoredQuarter.release == Release.token,
    )
    query = (
        sa.select(latest, Release.token, stored.label("is_stored"))
        .join(Release, Release.id == latest.c.release_id)
        .order_by(latest.c.instrument_version.desc())
    )
    found = session.connection().execute(query).all()
    return [((row[0], row[1], row[2], row[3], row[4]), row.token, bool(row.is_stored)) for row in found]


def _lines(session: Session, spot: Spot) -> list[_Line]:
    place_id, instrument_id, version, audience, quarter = spot
    query = sa.select(QuarterFigure).where(
        QuarterFigure.place_id == place_id,
        QuarterFigure.instrument_id == instrument_id,
        QuarterFigure.instrument_version == version,
        QuarterFigure.audience == audience,
        QuarterFigure.quarter == quarter,
    )
    found: dict[tuple[QuarterKind, str, int], dict[str, QuarterFigure]] = {}
    for row in session.scalars(query.order_by(QuarterFigure.id)):
        found.setdefault((row.kind, row.category, row.edition), {})[row.item_id] = row
    return [_Line(*key, items) for key, items in found.items()]


def _written(line: _Line, measure: Measure, instrument: Instrument) -> dict[str, Any]:
    head = {"kind": line.kind.value, "category": line.category, "edition": line.edition}
    figure = _figure(line, measure, instrument)
    if figure is None:
        return head | {"withheld": "small_number"}
    sizes = [row.n_effective for row in _rows(line, measure.items) if row.n_effective is not None]
    low, high = _interval(figure, min(sizes) if sizes else float(figure.n))
    numbers = {"value": figure.value, "n": figure.n, "low": low, "high": high}
    if sizes:
        numbers["n_effective"] = min(sizes)
    return head | {name: round(n, 4) if n is not None else None for name, n in numbers.items()}


def _rows(line: _Line, item_ids: Iterable[str]) -> list[QuarterFigure]:
    return [line.items[item_id] for item_id in item_ids if item_id in line.items]


def _figure(line: _Line, measure: Measure, instrument: Instrument) -> Figure | None:
    # A restated item stands beside figures of the same edition only: a scale needs all of its items anew.
    shown = {row.item_id: row for row in _rows(line, measure.items) if row.n_valid}
    means = {
        item_id: mean
        for item_id, row in shown.items()
        if (mean := _item(measure.kind is MeasureKind.TOP_SHARE, instrument, row)) is not None
    }
    if measure.kind is MeasureKind.SCALE:
        return scale_figure(instrument.scale(measure.scale or ""), means)
    return means.get(measure.items[0])


def _item(top: bool, instrument: Instrument, row: QuarterFigure) -> Figure | None:  # noqa: FBT001 - private
    counts = {int(code): n for code, n in row.counts.items()}
    compute = top_share if top else item_mean
    figure = compute(instrument.item(row.item_id), counts)
    return None if figure is None else Figure(figure.value, row.n_valid, sd=figure.sd, n_top=figure.n_top)


def _interval(figure: Figure, n: float) -> tuple[float | None, float | None]:
    if figure.n_top is not None:
        share = wilson(n * figure.value / 100, n)
        return (100 * share.low, 100 * share.high) if share else (None, None)
    if figure.sd is None:
        return None, None
    mean = mean_interval(figure.value, figure.sd, max(2, int(n)))
    return (max(0.0, mean.low), min(100.0, mean.high)) if mean else (None, None)
