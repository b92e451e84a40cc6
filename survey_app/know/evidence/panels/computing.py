"""Making the results of closed rounds. Only jobs load this module."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.outreach.panels.tables import PanelRound, Rater
from survey_app.ask.outreach.tables import Invitation
from survey_app.clock import london_day
from survey_app.database import upsert_all
from survey_app.hear.responses.tables import Answer, Response, ResponseState
from survey_app.know.evidence.panels.result import HIGHEST, Judged, Named, PanelResult, Placed
from survey_app.know.evidence.panels.tables import StoredPanel
from survey_app.stats.panels import votes_of

STORED = sa.select(StoredPanel.round_id, StoredPanel.edition)
COUNTED = sa.select(Rater.round_id, sa.func.count().label("n")).group_by(Rater.round_id)


@dataclass(frozen=True, slots=True)
class _Said:
    """A rater and the scores they gave, by item."""

    name: str
    post: str
    scores: Mapping[str, int]


def stale_panels(session: Session, library: Library) -> list[PanelResult]:
    """Return the results of closed rounds that are not stored yet, or that somebody was erased from.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.
    library : Library
        Instruments.

    Returns
    -------
    list of PanelResult
        Oldest first, each compared with the round before it.
    """
    closed = session.scalars(
        sa.select(PanelRound).where(PanelRound.closed_at.is_not(None)).order_by(PanelRound.id)
    ).all()
    if not closed:
        return []
    stored = {row.round_id: row.edition for row in session.execute(STORED)}
    n_raters = {row.round_id: row.n for row in session.execute(COUNTED)}
    found: list[PanelResult] = []
    last: dict[tuple[str, str, int], PanelRound] = {}
    for made in closed:
        key = (made.place_id, made.instrument_id, made.instrument_version)
        before = last.get(key)
        last[key] = made
        edition = _edition(made, n_raters.get(made.id, 0), n_raters.get(before.id, 0) if before else 0)
        if stored.get(made.id) != edition:
            found += list(_result(session, library, made, before, edition))
    return found


def save_panels(session: Session, results: list[PanelResult]) -> None:
    """Store results, each in place of the one of the same round.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    results : list of PanelResult
        What to store.
    """
    rows: list[dict[str, object]] = [
        {
            "round_id": one.round_id,
            "instrument_id": one.instrument,
            "place_id": one.place,
            "closed_on": one.closed_on,
            "edition": one.edition,
            "document": one.to_json(),
        }
        for one in results
    ]
    upsert_all(session, StoredPanel, rows, key=["round_id"])


def _result(
    session: Session, library: Library, made: PanelRound, before: PanelRound | None, edition: str
) -> Iterator[PanelResult]:
    try:
        instrument = library.get(made.instrument_id, made.instrument_version)
    except UnknownInstrument:  # a private folder that is away for a while: the round waits
        return
    said = _said(session, made, instrument)
    dimensions = [item for item in instrument.items if _is_dimension(item)]
    judged = {item.id: one for item in dimensions if (one := _judged(item, said)) is not None}
    earlier = {}
    if before is not None:
        said_before = _said(session, before, instrument)
        earlier = {item.id: one for item in dimensions if (one := _judged(item, said_before)) is not None}
    yield PanelResult(
        round_id=made.id,
        instrument=instrument.id,
        version=instrument.version,
        title=instrument.title,
        place=made.place_id,
        edition=edition,
        opened_on=made.opened_on,
        closed_on=_closed_on(made),
        n_asked=_n_asked(session, made),
        dimensions=tuple(_compared(one, earlier.get(item_id)) for item_id, one in judged.items()),
        placed=tuple(_placed(item, said) for item in instrument.items if not _is_dimension(item)),
        raters=tuple(Named(one.name, one.post, one.scores) for one in said if one.scores),
        before_on=_closed_on(before) if before else None,
    )


def _is_dimension(item: Item) -> bool:
    return (item.lowest, item.highest) == (0, HIGHEST)


def _judged(item: Item, said: list[_Said]) -> Judged | None:
    points = [one.scores[item.id] for one in said if item.id in one.scores]
    votes = votes_of(points)
    if votes is None:
        return None
    counts = Counter(points)
    return Judged(
        id=item.id,
        title=item.title,
        text=item.text,
        step=_step(item, votes.median),
        n=votes.n,
        median=votes.median,
        low=votes.low,
        high=votes.high,
        quartile1=votes.quartile1,
        quartile3=votes.quartile3,
        n_outside=votes.n_outside,
        split=votes.split,
        counts={str(point): counts[point] for point in range(HIGHEST + 1)},
        elements=item.elements,
    )


def _step(item: Item, median: float) -> str:
    # Between two steps the lower one is what is reached.
    return next(option.label for option in item.scored if item.score(option.code) == int(median))


def _compared(now: Judged, before: Judged | None) -> Judged:
    return now if before is None else replace(now, before=before.median, split_before=before.split)


def _placed(item: Item, said: list[_Said]) -> Placed:
    counts = Counter(one.scores[item.id] for one in said if item.id in one.scores)
    return Placed(
        item.title,
        item.text,
        {option.label: counts[int(item.score(option.code) or 0)] for option in item.scored},
    )


def _said(session: Session, made: PanelRound, instrument: Instrument) -> list[_Said]:
    query = (
        sa.select(Rater.name, Rater.post, Answer.item_id, Answer.code)
        .select_from(Rater)
        .join(
            Invitation,
            sa.and_(
                Invitation.participant_id == Rater.participant_id,
                Invitation.campaign_id == made.campaign_id,
            ),
        )
        .join(Response, Response.origin == sa.literal("invitation:") + sa.cast(Invitation.id, sa.String))
        .join(Answer, Answer.response_id == Response.id)
        .where(
            Rater.round_id == made.id,
            Answer.code.is_not(None),
            Response.state != ResponseState.QUARANTINED,
        )
        .order_by(Rater.name)
    )
    found: dict[str, _Said] = {}
    for name, post, item_id, code in session.execute(query):
        score = instrument.item(item_id).score(code)
        scores = dict(found[name].scores) if name in found else {}
        found[name] = _Said(name, post, scores if score is None else scores | {item_id: int(score)})
    return list(found.values())


def _n_asked(session: Session, made: PanelRound) -> int:
    asked = sa.select(sa.func.count()).select_from(Rater).where(Rater.round_id == made.id)
    return int(session.execute(asked).scalar_one())


def _closed_on(made: PanelRound) -> dt.date:
    return london_day(made.closed_at) if made.closed_at else made.closes_on


def _edition(made: PanelRound, n_raters: int, n_before: int) -> str:
    words = f"{made.id}:{made.closed_at}:{n_raters}:{n_before}"
    return hashlib.sha256(words.encode()).hexdigest()[:22]
