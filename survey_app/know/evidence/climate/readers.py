"""What of a round one reader is shown: nothing that gives away teams whose reports they may not read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.know.evidence.climate.result import Report, Rollup
from survey_app.know.evidence.climate.rollups import ROUND, shown_to
from survey_app.know.evidence.climate.tables import ClimateRound

# Built once: every page of a place asks it.
ROUNDS = sa.select(ClimateRound.instrument_id, ClimateRound.content).order_by(
    ClimateRound.instrument_id, ClimateRound.closed_on.desc(), ClimateRound.made_at.desc()
)


@dataclass(frozen=True, slots=True)
class Withheld:
    """All teams at a place together, kept from a reader who could work a few of them out.

    Attributes
    ----------
    subjects : tuple of str
        What there is a figure of, for other readers.
    has_total : bool
        Whether it is of factors, rather than of single statements.
    """

    round: str
    instrument: str
    place: str
    closed_on: dt.date
    subjects: tuple[str, ...]
    has_total: bool


def rollups_at(session: Session, place_id: str, read: frozenset[str]) -> list[Rollup | Withheld]:
    """Return what all teams at a place say together, of the newest round of each instrument.

    Parameters
    ----------
    session : Session
        A reading session.
    place_id : str
        A place.
    read : frozenset of str
        Waves whose own report the reader may read.

    Returns
    -------
    list of Rollup or Withheld
        By instrument; a place that may not be shown in the newest round shows none of it.
    """
    found: dict[str, Rollup | Withheld | None] = {}
    for instrument_id, content in session.connection().execute(ROUNDS):
        if instrument_id not in found:
            raw = content["rollups"].get(place_id)
            found[instrument_id] = _as_read(_rollup(raw), content, read) if raw else None
    return [one for one in found.values() if one is not None]


def report_as_read(session: Session, report: Report, read: frozenset[str]) -> Report:
    """Return a team's report without what is said of all teams, where its reader may not be shown that.

    Parameters
    ----------
    session : Session
        A reading session.
    report : Report
        As stored.
    read : frozenset of str
        Waves whose own report the reader may read, this one among them.

    Returns
    -------
    Report
        The others are all teams less this one: who reads this report and them knows all teams together.
    """
    if report.others is None:
        return report
    content = session.scalar(
        sa.select(ClimateRound.content).filter_by(
            round=report.round, instrument_id=report.instrument, instrument_version=report.version
        )
    )
    if content is not None and ROUND in _names(content, read):
        return report
    return replace(report, others=None, reliability=None)


def _as_read(one: Rollup, content: Mapping[str, Any], read: frozenset[str]) -> Rollup | Withheld:
    if one.place in _names(content, read):
        return one
    is_of_factors = one.total is not None
    return Withheld(one.round, one.instrument, one.place, one.closed_on, tuple(one.subjects), is_of_factors)


def _names(content: Mapping[str, Any], read: frozenset[str]) -> frozenset[str]:
    if "unions" not in content:
        # Released before unions were kept: whoever reads no report at all solves nothing with it.
        return frozenset() if read else frozenset({ROUND, *content["rollups"]})
    unions = [(name, frozenset(waves)) for name, waves in content["unions"]]
    return shown_to(content["people"], unions, read)


def _rollup(raw: Mapping[str, object]) -> Rollup:
    closed_on = dt.date.fromisoformat(str(raw["closed_on"]))
    return Rollup(**{**raw, "closed_on": closed_on})  # type: ignore[arg-type]
