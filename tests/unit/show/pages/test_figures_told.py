"""What the public is told in figures never suggests more than the verdict says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

from survey_app.know.evidence.series import Point
from survey_app.know.measures.measures import Direction
from survey_app.show.pages.dashboard.actions.figures import figures_told
from tests.unit.show.charts.example import FIRST, example

STARTED = FIRST + dt.timedelta(weeks=13)
MEASURES = SimpleNamespace(get=lambda _: SimpleNamespace(title="A say in my care"))


def told(series, started_on=STARTED):
    return figures_told(series, MEASURES, started_on)


def every_point(series, **fields):
    return replace(
        series,
        points=tuple(replace(one, **fields) if isinstance(one, Point) else one for one in series.points),
    )


def test_a_change_is_told_with_both_averages_and_what_they_rest_on():
    assert told(example()) == (
        "A say in my care. Average before: 57 out of 100 (310 answers in 12 weeks). "
        "Average since: 64 out of 100 (292 answers in 8 weeks). That is a change for the better."
    )


def test_no_change_and_too_early_are_said_without_averages():
    calm = every_point(example(), signals=(), found=())
    assert told(calm) == (
        "A say in my care. There is no clear change yet: 292 answers in 8 weeks since the start."
    )
    early = told(example(), FIRST + dt.timedelta(weeks=20))
    assert early.endswith("too early to say whether it has changed: 40 answers in 1 week since the start.")


def test_nothing_is_told_where_averages_do_not_show_the_verdict_or_there_is_none():
    assert told(every_point(example(), value=60.0)) is None
    assert told(example(direction=Direction.NEUTRAL)) is None
    assert told(example(counted="visits")) is None
