"""Quarterly figures: asked for when a quarter is over; each goes out only if the auditor finds no way in."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Audience
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.closing import counting_day
from survey_app.know.aggregation.memberships import n_held
from survey_app.know.aggregation.periods import quarter_start
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Block
from survey_app.know.disclosure.candidates import Candidate, candidates, population
from survey_app.know.disclosure.cells import HELD, QuarterCells, cells_now, with_leavers
from survey_app.know.disclosure.judging import Judge, Verdict
from survey_app.know.disclosure.releases import new_release
from survey_app.know.disclosure.rests import left_from
from survey_app.know.disclosure.tables import AuditCell, Quarter, QuarterFigure, QuarterKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one night's work on one quarter of one stream stands on."""

    session: Session
    library: Library
    stream: Stream
    quarter: dt.date
    categories: tuple[str, ...]

    def cells(self) -> QuarterCells:
        """Count the quarter's cells anew.

        Returns
        -------
        QuarterCells
            Of the people held now.
        """
        instrument = self.library.get(self.stream.instrument_id, self.stream.instrument_version)
        return cells_now(self.session, instrument, self.stream, self.quarter, self.categories)

    def judges(
        self, cells: QuarterCells, left: Mapping[str, Mapping[QuarterKind, list[int]]] | None = None
    ) -> Iterator[tuple[str, Judge]]:
        """Yield a judge for each item that the quarter's blocks count.

        Parameters
        ----------
        cells : QuarterCells
            The quarter's cells.
        left : mapping, optional
            By item and kind the blocks that the first figures left out; None before these.

        Yields
        ------
        (str, Judge)
            Item and judge, in the order of their ids.
        """
        residents = population(self.session, self.quarter)
        for item_id in sorted({item for block in cells.blocks.values() for item in block.n_valid}):
            of_item = None if left is None else left_from(left.get(item_id, {}))
            yield item_id, Judge(cells, item_id, residents, self.categories, of_item)

    def where(self) -> dict[str, Any]:
        """Return the columns that say which quarter.

        Returns
        -------
        dict
            Those of the stream, and `quarter`.
        """
        return {**self.stream._asdict(), "quarter": self.quarter}


@dataclass(frozen=True, slots=True)
class Judged:
    """What may go out of one quarter, and the state it was judged in: if that changes, it is judged again."""

    key: tuple[str, int, Audience, dt.date]
    edition: int
    n_held: int
    n_left: int
    figures: list[dict[str, Any]]
    first: dict[str, Any] | None = None  # the quarter's row and cells, with its first figures
    cells: list[dict[str, Any]] = field(default_factory=list)


def judge_quarters(
    session: Session, library: Library, categories: tuple[str, ...], *, day: dt.date
) -> list[Judged]:
    """Judge the figures of quarters that are over, and restatements where K people's answers have gone.

    Parameters
    ----------
    session : Session
        A reading session: auditing takes seconds, and nobody's answer waits for it.
    library : Library
        Instruments.
    categories : tuple of str
        Of the declared breakdown, in order.
    day : date
        The business date; bins before it have ended.

    Returns
    -------
    list of Judged
        One a quarter and stream with something to write down.
    """
    found = [
        _judged(stream, partial(_first, _Run(session, library, stream, quarter, categories)))
        for stream, quarter in _over(session, day)
    ]
    for state, n_left in list(_left_since(session)):
        stream = Stream(state.instrument_id, state.instrument_version, state.audience)
        run = _Run(session, library, stream, state.start, tuple(state.categories))
        found.append(_judged(stream, partial(_restated, run, state, n_left)))
    return [one for one in found if one is not None]


def _judged(stream: Stream, judge: Callable[[], Judged]) -> Judged | None:
    try:
        return judge()
    except UnknownInstrument:
        log.exception("a quarter of %s waits until its instrument is there again", stream.instrument_id)
        return None


def publish_quarters(session: Session, judged: list[Judged], *, now: dt.datetime) -> str | None:
    """Let out what was judged, unless somebody was erased in between: then the next night judges again.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    judged : list of Judged
        From `judge_quarters`.
    now : datetime
        Stamped on the release.

    Returns
    -------
    str or None
        The release's token, or None where nothing went out.
    """
    current = [one for one in judged if _still_so(session, one)]
    connection = session.connection()
    for one in current:
        if one.first is not None:
            connection.execute(sa.insert(Quarter), one.first)
            if one.cells:
                connection.execute(sa.insert(AuditCell), one.cells)
            continue
        state = session.get_one(Quarter, one.key)
        state.n_left, state.edition = one.n_left, one.edition + bool(one.figures)
        session.flush()
    rows = [row for one in current for row in one.figures]
    if not rows:
        return None
    release_id, token = new_release(session, now)
    connection.execute(sa.insert(QuarterFigure), [row | {"release_id": release_id} for row in rows])
    return token


def _still_so(session: Session, one: Judged) -> bool:
    state = session.get(Quarter, one.key, populate_existing=True)
    stream = Stream(*one.key[:3])
    unchanged = n_held(session, stream, one.key[3]) == one.n_held
    return unchanged and (state.edition if state else 0) == one.edition


def _over(session: Session, day: dt.date) -> list[tuple[Stream, dt.date]]:
    columns = (Block.instrument_id, Block.instrument_version, Block.audience)
    over = quarter_start(min(day, counting_day(session) or day))  # no quarter whose last bins have not ended
    started = sa.select(*columns, Block.bin_start).where(Block.bin_end < over).distinct()
    connection = session.connection()
    found = {(Stream(*row[:3]), quarter_start(row[3])) for row in connection.execute(started)}
    done = sa.select(Quarter.instrument_id, Quarter.instrument_version, Quarter.audience, Quarter.start)
    return sorted(found - {(Stream(*row[:3]), row[3]) for row in connection.execute(done)})


def _first(run: _Run) -> Judged:
    held = n_held(run.session, run.stream, run.quarter)  # first: whoever is erased from here on is noticed
    cells = run.cells()
    asked = candidates(run.session, run.quarter, cells.blocks.values(), run.categories)
    figures, left = [], {}
    for item_id, judge in run.judges(cells):
        left[item_id] = {kind: sorted(ids) for kind, ids in judge.left.items() if ids}
        verdicts = [(candidate, judge.judge(candidate, edition=1)) for candidate in asked]
        figures += [_row(run, item_id, candidate, verdict, edition=1) for candidate, verdict in verdicts]
    reasons = Counter(row["reason"] or "shown" for row in figures)
    log.info("quarter from %s of %s: %s", run.quarter, run.stream.instrument_id, dict(reasons))
    return Judged(
        key=(*run.stream, run.quarter),
        edition=0,
        n_held=held,
        n_left=0,
        figures=figures,
        first={
            **run.stream._asdict(),
            "start": run.quarter,
            "edition": 1,
            "n_left": 0,
            "categories": list(run.categories),
            "left_out": {item_id: of_item for item_id, of_item in left.items() if of_item},
            "retired": False,
        },
        cells=list(cells.rows()),
    )


def _left_since(session: Session) -> Iterator[tuple[Quarter, int]]:
    # Only a quarter from which K more answers have gone than at the last look can have anything to restate.
    columns = (Block.instrument_id, Block.instrument_version, Block.audience, Block.bin_start)
    query = (
        sa.select(*columns, sa.func.sum(AuditCell.people))
        .join(Block, Block.id == AuditCell.block_id)
        .where(AuditCell.gone != HELD)
        .group_by(*columns)
    )
    n_left: Counter[tuple[str, int, Audience, dt.date]] = Counter()
    for instrument_id, version, audience, bin_start, n in session.connection().execute(query):
        n_left[instrument_id, version, audience, quarter_start(bin_start)] += n
    for key, n in sorted(n_left.items()):
        state = session.get_one(Quarter, key)
        if n >= K and n != state.n_left and not state.retired:
            yield state, n


def _restated(run: _Run, state: Quarter, n_left: int) -> Judged:
    held = n_held(run.session, run.stream, run.quarter)
    cells = with_leavers(run.session, run.stream, run.quarter, run.cells())
    out, edition = _published(run), state.edition + 1
    figures = []
    for item_id, judge in run.judges(cells, state.left_out):
        for row in out.get(item_id, []):
            judge.know(candidate_of(row), edition=row.edition, residents=row.residents)
        newest = {candidate_of(row): row.edition for row in out.get(item_id, [])}
        changed = [one for one, since in newest.items() if judge.n_left(one, since=since) >= K]
        verdicts = [(candidate, judge.judge(candidate, edition=edition)) for candidate in changed]
        figures += [
            _row(run, item_id, candidate, verdict, edition=edition)
            for candidate, verdict in verdicts
            if verdict.published  # a refused restatement leaves no trace: the older figure stands
        ]
    return Judged(
        key=(*run.stream, run.quarter),
        edition=state.edition,
        n_held=held,
        n_left=n_left,
        figures=figures,
    )


def _published(run: _Run) -> dict[str, list[QuarterFigure]]:
    chosen = sa.and_(
        run.stream.rows_of(QuarterFigure), QuarterFigure.quarter == run.quarter, QuarterFigure.published
    )
    found: dict[str, list[QuarterFigure]] = {}
    for row in run.session.scalars(sa.select(QuarterFigure).where(chosen).order_by(QuarterFigure.id)):
        found.setdefault(row.item_id, []).append(row)
    return found


def candidate_of(row: QuarterFigure) -> Candidate:
    """Return what a figure is about.

    Parameters
    ----------
    row : QuarterFigure
        As stored.

    Returns
    -------
    Candidate
        Equal for all editions of the same figure.
    """
    return Candidate(row.kind, row.place_id, row.category)


def _row(run: _Run, item_id: str, candidate: Candidate, verdict: Verdict, *, edition: int) -> dict[str, Any]:
    return {
        **run.where(),
        "item_id": item_id,
        "kind": candidate.kind,
        "place_id": candidate.place_id,
        "category": candidate.category,
        "edition": edition,
        "counts": {str(code): n for code, n in verdict.counts.items()},
        "n_valid": verdict.n_valid,
        "n_effective": verdict.n_effective,
        "residents": verdict.residents,
        "reason": verdict.reason,
        "published": verdict.published,
    }
