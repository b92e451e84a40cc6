"""Making the report of a closed wave, once. Only jobs and commands load this module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.clock import london_day
from survey_app.database import insert_or_ignore
from survey_app.know.evidence.climate.masks import ShareBand, people_band, share_band, shown_count
from survey_app.know.evidence.climate.reading import (
    ballots_of,
    earlier_waves,
    needed_for,
    roster_of,
    teams_of,
)
from survey_app.know.evidence.climate.result import Past, Refused, Report, report_from, total_of
from survey_app.know.evidence.climate.scoring import (
    Said,
    change_between,
    factor_figure,
    item_figure,
    n_alike,
    scores_on,
)
from survey_app.know.evidence.climate.tables import TeamReport


def make_report(session: Session, library: Library, wave_id: str, *, now: dt.datetime) -> bool:
    """Make the report of a wave and store it.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    library : Library
        Instruments.
    wave_id : str
        A wave as a whole: there is no report of a part of its ballots.
    now : datetime
        Stamped on the row.

    Returns
    -------
    bool
        Whether this call stored it; False for a wave that is not closed or has its report.
    """
    report = build(session, library, wave_id)
    return keep(session, report, now=now) if report else False


def build(session: Session, library: Library, wave_id: str) -> Report | None:
    """Work out the report of a closed wave.

    Parameters
    ----------
    session : Session
        Any session; nothing is written.
    library : Library
        Instruments.
    wave_id : str
        Which wave.

    Returns
    -------
    Report or None
        None for a wave that is not closed, has a report, or whose wording is away for a while.
    """
    wave = session.get(Wave, wave_id)
    if wave is None or wave.state is not WaveState.CLOSED or _content(session, wave_id):
        return None
    try:
        instrument = library.get(wave.instrument_id, wave.instrument_version)
    except UnknownInstrument:
        return None
    said, n_asked = ballots_of(session, wave_id), len(roster_of(session, wave_id))
    bare = _bare(session, wave, instrument, said, n_asked)
    if bare.refused:
        return bare
    return _compared(session, wave, instrument, said, _filled(bare, wave, instrument, said))


def keep(session: Session, report: Report, *, now: dt.datetime) -> bool:
    """Store a report, unless the wave has one: what was shown once is never changed behind its readers.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    report : Report
        As built.
    now : datetime
        Stamped on the row.

    Returns
    -------
    bool
        Whether it was stored.
    """
    row = {
        "wave_id": report.wave_id,
        "content": report.to_document(),
        "edition": report.edition,
        "made_at": now,
    }
    return insert_or_ignore(session, TeamReport, [row]) == 1


def _bare(session: Session, wave: Wave, instrument: Instrument, said: list[Said], n_asked: int) -> Report:
    share = share_band(len(said), n_asked)
    needed = needed_for(wave)
    refused = Refused.NEEDED if len(said) < needed else Refused.SHARE if share is ShareBand.TOO_FEW else None
    return Report(
        wave_id=wave.id,
        round=wave.round,
        instrument=instrument.id,
        version=instrument.version,
        title=instrument.title,
        teams=teams_of(session, wave.id),
        closed_on=london_day(wave.closed_at) if wave.closed_at else wave.ends_on,
        n_asked=n_asked,
        people=people_band(len(said)) if len(said) >= needed else "",
        share=share.value,
        refused=refused,
    )


def _filled(bare: Report, wave: Wave, instrument: Instrument, said: list[Said]) -> Report:
    factors = tuple(
        factor_figure(scale, instrument, said, needed_for(wave)) for scale in factors_of(instrument)
    )
    points = {one.id: one.points for one in factors if one.points is not None}
    items = tuple(item_figure(item, said) for item in instrument.items if item.scored)
    return replace(
        bare,
        indicative=bare.share == ShareBand.INDICATIVE.value,
        factors=factors,
        total=total_of(points, len(factors)),
        items=items if any(one.points is not None for one in items) else (),
        quick=shown_count(sum(one.quick for one in said), len(said)),
        alike=shown_count(n_alike(instrument, said), len(said)),
    )


def _compared(
    session: Session, wave: Wave, instrument: Instrument, said: list[Said], report: Report
) -> Report:
    earlier = list(_earlier(session, wave, report.teams))
    if not earlier:
        return report
    last_wave, last = earlier[0]
    said_then = ballots_of(session, last_wave.id)
    then = {one.id: one.points for one in last.factors}
    factors = tuple(
        replace(
            figure,
            change=change_between(
                figure,
                scores_on(scale, instrument, said),
                then.get(scale.id),
                scores_on(scale, instrument, said_then),
            ),
        )
        for figure, scale in zip(report.factors, factors_of(instrument), strict=True)
    )
    now, before = roster_of(session, wave.id), roster_of(session, last_wave.id)
    history = tuple(_past(one) for _, one in earlier)
    return replace(report, factors=factors, history=history, moved=(len(now - before), len(before - now)))


def _earlier(session: Session, wave: Wave, teams: tuple[str, ...]) -> Iterator[tuple[Wave, Report]]:
    for one in earlier_waves(session, wave, teams) if teams else ():
        content = _content(session, one.id)
        report = report_from(content) if content else None
        if report is not None and report.refused is None:
            yield one, report


def _content(session: Session, wave_id: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = session.scalar(
        sa.select(TeamReport.content).where(TeamReport.wave_id == wave_id)
    )
    return found


def _past(report: Report) -> Past:
    points = {one.id: one.points for one in report.factors if one.points is not None}
    return Past(report.wave_id, report.closed_on, points, report.total)
