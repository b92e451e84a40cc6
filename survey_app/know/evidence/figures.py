"""Reading released figures, bin by bin, and turning them into a measure's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.know.disclosure.tables import PEOPLE
from survey_app.know.disclosure.tables import Figure as ReleasedFigure
from survey_app.know.measures import formulas
from survey_app.know.measures.helped import HELPED, WITH_HELP
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.know.measures.modes import CODES, MODE


@dataclass(frozen=True, slots=True)
class BinFigures:
    """Everything released of one place in one bin: counts an item, people under PEOPLE."""

    start: dt.date
    end: dt.date
    counts: Mapping[str, Mapping[int, int]]
    n_people: int
    provisional: bool
    carried: bool


def released(session: Session, place_id: str, instrument: Instrument, audience: Audience) -> list[BinFigures]:
    """Return what is released of an instrument version at a place, oldest bin first.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.
    instrument : Instrument
        One version.
    audience : Audience
        Who answered.

    Returns
    -------
    list of BinFigures
        With an empty `counts` for a bin that had too few people.
    """
    query = sa.select(
        ReleasedFigure.bin_start,
        ReleasedFigure.bin_end,
        ReleasedFigure.item_id,
        ReleasedFigure.counts,
        ReleasedFigure.n_valid,
        ReleasedFigure.provisional,
        ReleasedFigure.carried,
    ).where(
        ReleasedFigure.place_id == place_id,
        ReleasedFigure.instrument_id == instrument.id,
        ReleasedFigure.instrument_version == instrument.version,
        ReleasedFigure.audience == audience,
    )
    bins: dict[tuple[dt.date, dt.date], dict[str, sa.Row[*tuple[Any, ...]]]] = {}
    for figure in session.connection().execute(query):
        bins.setdefault((figure.bin_start, figure.bin_end), {})[figure.item_id] = figure
    return [_bin(start, end, figures) for (start, end), figures in sorted(bins.items())]


def first_bins(session: Session, place_id: str, instrument_id: str, audience: Audience) -> dict[int, dt.date]:
    """Return the first day of the first bin of each version of an instrument that has one at a place.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place or neighbour group.
    instrument_id : str
        All its versions.
    audience : Audience
        Who answered.

    Returns
    -------
    dict of int to date
        By version.
    """
    query = sa.select(ReleasedFigure.instrument_version, sa.func.min(ReleasedFigure.bin_start)).where(
        ReleasedFigure.place_id == place_id,
        ReleasedFigure.instrument_id == instrument_id,
        ReleasedFigure.audience == audience,
    )
    rows = session.connection().execute(query.group_by(ReleasedFigure.instrument_version))
    return {row[0]: row[1] for row in rows}


def _bin(start: dt.date, end: dt.date, figures: Mapping[str, sa.Row[*tuple[Any, ...]]]) -> BinFigures:
    people = figures[PEOPLE]
    counts = {
        item_id: {int(code): n for code, n in figure.counts.items()}
        for item_id, figure in figures.items()
        if item_id != PEOPLE
    }
    return BinFigures(start, end, counts, people.n_valid, people.provisional, people.carried)


def values(
    measure: Measure, instrument: Instrument, bins: list[BinFigures]
) -> Iterator[formulas.Figure | None]:
    """Yield a measure's figure for each bin, or None where it has too few answers.

    Parameters
    ----------
    measure : Measure
        What to compute.
    instrument : Instrument
        The version the counts belong to.
    bins : list of BinFigures
        Oldest first.

    Yields
    ------
    formulas.Figure or None
        One a bin.
    """
    if measure.kind is MeasureKind.SCALE:
        yield from _scale_values(measure, instrument, bins)
        return
    for bin_ in bins:
        if measure.kind is MeasureKind.REPLIES:
            yield formulas.Figure(float(bin_.n_people), bin_.n_people) if bin_.n_people else None
            continue
        if measure.kind is MeasureKind.MODE:
            yield formulas.mode_share(bin_.counts.get(MODE, {}), CODES[measure.channel or ""])
            continue
        if measure.kind is MeasureKind.HELPED:
            yield formulas.mode_share(bin_.counts.get(HELPED, {}), WITH_HELP)
            continue
        item = instrument.item(measure.items[0])
        compute = formulas.item_mean if measure.kind is MeasureKind.ITEM_MEAN else formulas.top_share
        yield compute(item, bin_.counts.get(item.id, {}))


def _scale_values(
    measure: Measure, instrument: Instrument, bins: list[BinFigures]
) -> Iterator[formulas.Figure | None]:
    # A scale has a figure once each of its items has had one since the scale's last.
    scale = instrument.scale(measure.scale or "")
    since: dict[str, dict[int, int]] = {}
    for bin_ in bins:
        for item_id in scale.item_ids:
            for code, n in bin_.counts.get(item_id, {}).items():
                counts = since.setdefault(item_id, {})
                counts[code] = counts.get(code, 0) + n
        means = {
            item_id: formulas.item_mean(instrument.item(item_id), counts) for item_id, counts in since.items()
        }
        figure = formulas.scale_figure(
            scale, {item_id: mean for item_id, mean in means.items() if mean is not None}
        )
        if figure is not None:
            since = {}
        yield figure


def from_first_counted(kind: MeasureKind, bins: list[BinFigures]) -> list[BinFigures]:
    """Leave out the bins before the first in which a measure's answers were counted at all.

    Parameters
    ----------
    kind : MeasureKind
        Only how answers came, and who gave them, were not counted from the beginning.
    bins : list of BinFigures
        Oldest first.

    Returns
    -------
    list of BinFigures
        In older blocks it was not counted: their bins are no gaps, nobody knows. The newest bin always stays.
    """
    item_id = {MeasureKind.MODE: MODE, MeasureKind.HELPED: HELPED}.get(kind)
    if item_id is None:
        return bins
    first = next((number for number, bin_ in enumerate(bins) if item_id in bin_.counts), -1)
    return bins[first:]
