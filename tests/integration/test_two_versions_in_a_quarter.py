"""Two versions of an instrument were answered in one quarter: the newer one's figures stand, every night."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.know.disclosure.tables import Quarter, QuarterFigure, QuarterKind, Release
from survey_app.know.evidence.places.refreshing import refresh_findings, save_findings
from survey_app.know.evidence.places.tables import StoredFinding
from survey_app.know.evidence.quarters import refresh_quarters, save_quarters
from survey_app.know.evidence.tables import StoredQuarter
from survey_app.know.measures.measures import Measures
from tests.attacks.ground import ON_SQLITE
from tests.worlds import PULSE, World

START = dt.date(2026, 6, 29)
OLD, NEW = (1, 2)


@dataclass
class SameWords:
    """A library whose second version asks what the first one does."""

    library: Library

    def get(self, instrument_id: str, _version: int) -> Instrument:
        return self.library.get(instrument_id, OLD)


def measures_of(runtime, *, but: str) -> Measures:
    """Return measures of both versions, one of which only the older version may give."""
    old = [one for one in runtime.measures.all() if one.instrument == PULSE]
    return Measures([*old, *(replace(one, version=NEW) for one in old if one.id != but)])


@pytest.fixture
def released(runtime) -> None:
    World(runtime).build("riverside", "hillside")
    codes = [str(option.code) for option in runtime.library.get(PULSE, OLD).item("ex.life").scored]
    first = runtime.breakdown.ids[0]
    with runtime.database.writing() as session:
        for version, n in ((OLD, 12), (NEW, 30)):
            facts = {"instrument_id": PULSE, "instrument_version": version, "audience": Audience.USER}
            session.add(Release(id=version, token=f"of-version-{version}", made_at=runtime.clock()))
            session.flush()
            session.add(Quarter(**facts, start=START, edition=1, categories=[first], left_out={}))
            figure = {"item_id": "ex.life", "kind": QuarterKind.CATEGORY, "category": first, "edition": 1}
            counts = dict.fromkeys(codes[:2], n // 2)
            place = {"place_id": "system", "quarter": START, "release_id": version, "published": True}
            session.add(QuarterFigure(**facts, **figure, **place, counts=counts, n_valid=n))


@ON_SQLITE
@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("only_old", ["", "ex.life.top"])
def test_the_newer_version_stands_and_the_next_night_makes_nothing_again(runtime, only_old):
    library, made = SameWords(runtime.library), []
    measures = measures_of(runtime, but=only_old)
    for _night in range(2):
        with runtime.database.writing() as session:
            findings = refresh_findings(session, library, measures, runtime.breakdown)
            quarters = refresh_quarters(session, library, measures)
            save_findings(session, findings)
            save_quarters(session, quarters)
            made.append((len(findings) > 0, len(quarters) > 0))
    assert made == [(True, True), (False, False)]
    with runtime.database.reading() as session:
        for table in (StoredFinding, StoredQuarter):
            rows = session.execute(sa.select(table.measure_id, table.release).distinct())
            of_old = {measure_id for measure_id, release in rows if release == "of-version-1"}
            assert of_old == {only_old} - {""}
