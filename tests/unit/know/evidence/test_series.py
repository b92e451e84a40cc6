"""The Series and its JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from survey_app.know.evidence.series import Gap, LimitsStage, Point, Series, Withheld, series_from_json
from survey_app.know.measures.model import Direction
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState, VariationIcon

MONDAY = dt.date(2026, 11, 2)


def point(week: int = 0, **changed) -> Point:
    start = MONDAY + dt.timedelta(weeks=week)
    facts = {
        "start": start,
        "end": start + dt.timedelta(days=6),
        "value": 61.5,
        "n": 24,
        "low": 50.0,
        "high": 73.0,
        "centre": 60.0,
        "lower": 40.0,
        "upper": 80.0,
        "state": PointState.COMMON_CAUSE,
        "signals": (),
        "provisional": False,
    }
    return Point(**facts | changed)


def gap(week: int) -> Gap:
    start = MONDAY + dt.timedelta(weeks=week)
    return Gap(start, start + dt.timedelta(days=6), Withheld.SMALL_NUMBER)


def series(*points: Point | Gap) -> Series:
    return Series(
        measure="ex.life.mean",
        place="riverside",
        element="outcomes.experience.1",
        unit="score 0-100",
        direction=Direction.INCREASE,
        release="token",
        rules="mdc7",
        chart=ChartKind.I_PRIME,
        target=None,
        points=points,
        variation=VariationIcon.COMMON_CAUSE,
        assurance=None,
        summary="No real change.",
        limits=LimitsStage.LOCKED,
    )


def test_what_is_written_is_read_back():
    whole = series(
        point(),
        gap(1),
        point(2, signals=("shift_low",), found=(dt.date(2026, 12, 6),), carried=True),
        point(3, provisional=True),
    )
    assert series_from_json(whole.to_json()) == whole


def test_the_json_has_the_names_of_the_contract():
    raw = json.loads(series(point(), gap(1)).to_json())
    assert list(raw) == [
        "measure", "place", "element", "unit", "direction", "release", "rules", "chart", "limits", "target",
        "points",
        "variation", "assurance", "summary", "marks", "revision",
            "target_since", "proposal", "versions",
        "counted",
    ]  # fmt: skip
    assert (raw["chart"], raw["limits"]) == ("i_prime", "locked")
    assert raw["points"][0]["from"] == "2026-11-02"
    assert raw["points"][0]["state"] == "common_cause"
    assert raw["points"][1] == {"from": "2026-11-09", "to": "2026-11-15", "withheld": "small_number"}


def test_values_are_rounded_once_so_that_every_twin_shows_the_same():
    raw = series(point(value=200 / 3, upper=None)).to_json()
    assert json.loads(raw)["points"][0]["value"] == 66.6667
    assert series_from_json(raw).to_json() == raw


def test_the_latest_point_is_the_newest_closed_one_and_the_open_one_is_provisional():
    whole = series(point(0), point(1), gap(2), point(3, provisional=True))
    assert whole.latest == point(1)
    assert whole.open == point(3, provisional=True)
    assert series(gap(0)).latest is None
    assert series(point(0)).open is None
    assert replace(whole, points=()).open is None


def test_a_point_that_was_marked_later_says_since_when():
    then, later = dt.date(2026, 11, 8), dt.date(2026, 12, 20)
    assert point(signals=("shift_low",), found=(later,)).flagged == later
    assert point(signals=("astronomical_low", "shift_low"), found=(then, later)).flagged is None
    assert point().flagged is None
    raw = json.loads(series(point(signals=("shift_low",), found=(later,))).to_json())
    assert (raw["points"][0]["found"], raw["points"][0]["flagged"]) == (["2026-12-20"], "2026-12-20")


def test_a_document_stored_before_limits_had_stages_is_still_read():
    raw = json.loads(series(point(signals=("shift_low",)), gap(1)).to_json())
    del raw["limits"]
    for one in raw["points"]:
        one.pop("found", None)
        one.pop("flagged", None)
    old = series_from_json(json.dumps(raw))
    assert old.limits is LimitsStage.TRIAL
    assert (old.points[0].found, old.points[0].flagged) == ((), None)
    raw["points"][0]["upper"] = None
    assert series_from_json(json.dumps(raw)).limits is LimitsStage.NONE
