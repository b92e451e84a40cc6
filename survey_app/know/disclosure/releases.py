"""The gate: closed blocks become figures of their place and its parents, or a gap, under an opaque token."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument
from survey_app.clock import london_day
from survey_app.know.aggregation.blocks import K
from survey_app.know.aggregation.closing import Closed, counting_day
from survey_app.know.aggregation.tables import SKIPPED, Block, Cell
from survey_app.know.disclosure.spots import Spot, ended, touched
from survey_app.know.disclosure.tables import PEOPLE, Figure, Release

Counts = dict[str, int]


class Leak(RuntimeError):
    """A figure would rest on fewer than K people: nothing is released and somebody must look."""


@dataclass(frozen=True, slots=True)
class _People:
    n_blocks: int
    n_people: int
    n_carried: int


def release(
    session: Session,
    library: Library,
    closed: Iterable[Closed],
    *,
    now: dt.datetime,
    ended_before: dt.date | None = None,
) -> str | None:
    """Let out what newly closed blocks allow, and say which ended bins stay empty.

    Parameters
    ----------
    session : Session
        The transaction in which the blocks closed: both happen or neither.
    library : Library
        Says which codes are scored.
    closed : iterable of Closed
        What this run closed.
    now : datetime
        Stamped on the release.
    ended_before : date, optional
        In the nightly run: bins before this date are over, so figures lose "provisional" and gaps are told.

    Returns
    -------
    str or None
        The release's token, or None where nothing changed.

    Raises
    ------
    Leak
        If a figure would rest on a block of fewer than `K` people or `K` valid answers.
    """
    counted_until = counting_day(session)
    spots = set(touched(closed, counted_until or london_day(now)))
    if ended_before is not None:
        spots |= set(ended(session, ended_before))
    if not spots:
        return None
    token = secrets.token_urlsafe(16)
    release_id = _new_release(session, token, now)
    for spot in sorted(spots):
        instrument = library.get(spot.stream.instrument_id, spot.stream.instrument_version)
        open_ = counted_until is None or spot.bin.end >= counted_until
        _write(session, spot, _figures(session, instrument, spot, open_=open_), release_id)
    return token


def _new_release(session: Session, token: str, now: dt.datetime) -> int:
    row = {"token": token, "made_at": now}
    return session.connection().execute(sa.insert(Release).returning(Release.id), row).scalar_one()


def _write(session: Session, spot: Spot, figures: list[dict[str, Any]], release_id: int) -> None:
    place = {
        **spot.stream._asdict(),
        "release_id": release_id,
        "place_id": spot.place_id,
        "bin_start": spot.bin.start,
        "bin_end": spot.bin.end,
    }
    connection = session.connection()
    connection.execute(sa.delete(Figure).where(spot.figures()))
    connection.execute(sa.insert(Figure), [place | figure for figure in figures])


def _figures(session: Session, instrument: Instrument, spot: Spot, *, open_: bool) -> list[dict[str, Any]]:
    people = _people(session, spot)
    state = {"carried": people.n_carried > 0, "provisional": open_ and people.n_blocks > 0}
    everyone = {"people": people.n_people} if people.n_blocks else {}
    rows = [{"item_id": PEOPLE, "counts": everyone, "n_valid": people.n_people}]
    rows += [
        {"item_id": item_id, "counts": counts, "n_valid": sum(counts.values())}
        for item_id, counts in _item_counts(session, instrument, spot).items()
    ]
    return [row | state for row in rows]


def _people(session: Session, spot: Spot) -> _People:
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(Block.n_people), 0),
        sa.func.coalesce(sa.func.sum(Block.n_carried), 0),
        sa.func.min(Block.n_people),
    ).where(spot.blocks())
    n_blocks, n_people, n_carried, fewest = session.connection().execute(query).one()
    if n_blocks and fewest < K:
        raise Leak(f"a block of {fewest} people at {spot.place_id}, {spot.bin.start}: every block needs {K}")
    return _People(int(n_blocks), int(n_people), int(n_carried))


def _item_counts(session: Session, instrument: Instrument, spot: Spot) -> dict[str, Counts]:
    # An item has K valid answers in a block or none at all: less could be found by subtracting blocks.
    query = (
        sa.select(Cell.block_id, Cell.item_id, Cell.code, Cell.n)
        .join(Block, Block.id == Cell.block_id)
        .where(spot.blocks())
        .order_by(Cell.item_id, Cell.code)
    )
    counts: dict[str, Counts] = {}
    n_valid: dict[tuple[str, int], int] = {}
    for block_id, item_id, code, n in session.connection().execute(query):
        in_block = n_valid.setdefault((item_id, block_id), 0)
        if code == SKIPPED or instrument.item(item_id).score(code) is None:
            continue
        n_valid[item_id, block_id] = in_block + n
        of_item = counts.setdefault(item_id, {})
        of_item[str(code)] = of_item.get(str(code), 0) + n
    for (item_id, block_id), n in n_valid.items():
        if n < K:
            raise Leak(f"{n} valid answers to {item_id} in block {block_id}: a figure needs {K}")
    return counts
