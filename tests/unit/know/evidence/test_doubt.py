from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.show.pages.dashboard.faces import face_of
from survey_app.stats.variation import PointState
from tests.unit.show.charts.example import example

SHIFT = Mark(dt.date(2026, 9, 7), MarkKind.MODE_SHIFT, "More people answered by text message from this week")


def at(state: PointState, *marks: Mark):
    found = example(marks=marks)
    points = list(found.points)
    points[-2] = replace(points[-2], state=state)
    return replace(found, points=tuple(points))


@pytest.mark.parametrize("state", [PointState.IMPROVEMENT, PointState.CONCERN, PointState.NEUTRAL_HIGH])
def test_a_change_is_in_doubt_where_people_have_answered_another_way(state):
    series = at(state, SHIFT)
    assert series.answered_otherwise == SHIFT.day
    assert face_of(series).sure == "In doubt: people have answered another way since 7 Sep 2026"


def test_without_a_change_or_with_newer_lines_there_is_nothing_to_doubt():
    rebase = Mark(SHIFT.day + dt.timedelta(weeks=1), MarkKind.REBASE, "New lines")
    assert at(PointState.COMMON_CAUSE, SHIFT).answered_otherwise is None
    assert at(PointState.IMPROVEMENT, SHIFT, rebase).answered_otherwise is None
    assert at(PointState.IMPROVEMENT).answered_otherwise is None
