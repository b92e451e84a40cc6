"""The gate: closed blocks become figures of their place and its parents, or a gap, under an opaque token."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.clock import london_day
from survey_app.database import upsert_all
from survey_app.know.aggregation.closing import Closed, counting_day
from survey_app.know.aggregation.streams import Stream, instrument_of
from survey_app.know.disclosure.contents import Contents, contents_at
from survey_app.know.disclosure.spots import Spot, ended, last_told, touched
from survey_app.know.disclosure.tables import PEOPLE, Figure, Release, Told


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
    readable = _readable(library, spots)
    spots = {spot for spot in spots if spot.stream in readable}
    if not spots:
        return None
    release_id, token = new_release(session, now)
    rows = []
    for spot, contents in contents_at(session, library, sorted(spots)):
        open_ = counted_until is None or spot.bin.end >= counted_until
        rows += [_place(spot, release_id) | figure for figure in _figures(contents, open_=open_)]
    _write(session, spots, rows)
    _mark_told(session, spots, release_id)
    return token


def _readable(library: Library, spots: Iterable[Spot]) -> set[Stream]:
    return {stream for stream in {spot.stream for spot in spots} if instrument_of(library, stream)}


def new_release(session: Session, now: dt.datetime) -> tuple[int, str]:
    """Begin a release under a random token.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    now : datetime
        Stamped on the release; nobody outside sees it.

    Returns
    -------
    (int, str)
        Its id and its token.
    """
    row = {"token": secrets.token_urlsafe(16), "made_at": now}
    made = session.connection().execute(sa.insert(Release).returning(Release.id), row)
    return int(made.scalar_one()), str(row["token"])


def _mark_told(session: Session, spots: Iterable[Spot], release_id: int) -> None:
    newest = last_told(session)
    changed = set()
    for spot in spots:
        place = (spot.stream, spot.place_id)
        newest[place] = max(newest.get(place, spot.bin), spot.bin)
        changed.add(place)
    rows = [
        {**stream._asdict(), "place_id": place_id, "release_id": release_id}
        | {"bin_start": newest[stream, place_id].start, "bin_end": newest[stream, place_id].end}
        for stream, place_id in changed
    ]
    upsert_all(session, Told, rows, key=["place_id", *Stream._fields])


def _place(spot: Spot, release_id: int) -> dict[str, Any]:
    return {
        **spot.stream._asdict(),
        "release_id": release_id,
        "place_id": spot.place_id,
        "bin_start": spot.bin.start,
        "bin_end": spot.bin.end,
    }


def _figures(contents: Contents, *, open_: bool) -> list[dict[str, Any]]:
    state = {"carried": contents.n_carried > 0, "provisional": open_ and contents.n_blocks > 0}
    everyone = {"people": contents.n_people} if contents.n_blocks else {}
    rows: list[dict[str, Any]] = [{"item_id": PEOPLE, "counts": everyone, "n_valid": contents.n_people}]
    rows += [
        {"item_id": item_id, "counts": counts, "n_valid": sum(counts.values())}
        for item_id, counts in contents.counts.items()
    ]
    return [row | state for row in rows]


def _write(session: Session, spots: Iterable[Spot], rows: list[dict[str, Any]]) -> None:
    connection = session.connection()
    here = {
        "instrument": Figure.instrument_id,
        "version": Figure.instrument_version,
        "of": Figure.audience,
        "place": Figure.place_id,
        "start": Figure.bin_start,
        "end": Figure.bin_end,
    }
    gone = sa.delete(Figure).where(*(column == sa.bindparam(name) for name, column in here.items()))
    keys = [
        dict(zip(here, (*spot.stream, spot.place_id, spot.bin.start, spot.bin.end), strict=True))
        for spot in spots
    ]
    connection.execute(gone, keys)
    connection.execute(sa.insert(Figure), rows)
