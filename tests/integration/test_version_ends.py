"""A version ends at a place once a newer one has a figure there: no gaps are told of it any more."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
from survey_app.know.disclosure.spots import ended
from survey_app.know.disclosure.tables import Release, Told
from tests.worlds import MONDAY, World

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def session(runtime):
    World(runtime).build("riverside", "hillside")
    with runtime.database.writing() as session:
        session.add(Release(id=1, token="t", made_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))
        session.flush()
        yield session


def tell(session, place, version, monday, audience=Audience.USER):
    row = {
        "place_id": place,
        "instrument_id": "pulse-user-6",
        "instrument_version": version,
        "audience": audience,
        "release_id": 1,
        "bin_start": monday,
        "bin_end": monday + WEEK - dt.timedelta(days=1),
    }
    session.execute(sa.insert(Told), [row])


def gaps(session):
    spots = ended(session, MONDAY + 3 * WEEK)
    return sorted({(s.place_id, s.stream.instrument_version, s.stream.audience.value) for s in spots})


def test_the_older_of_two_versions_is_told_no_more_where_both_have_figures(session):
    tell(session, "riverside", 1, MONDAY)
    tell(session, "riverside", 2, MONDAY + WEEK)
    tell(session, "hillside", 1, MONDAY)
    assert gaps(session) == [("hillside", 1, "user"), ("riverside", 2, "user")]


def test_another_audience_of_the_same_instrument_goes_on(session):
    tell(session, "riverside", 1, MONDAY, Audience.CARER)
    tell(session, "riverside", 2, MONDAY)
    assert gaps(session) == [("riverside", 1, "carer"), ("riverside", 2, "user")]
