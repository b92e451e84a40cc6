"""Targets, annotations and rebases are decided by people, kept for good, and never touch a figure."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.know.evidence.building import Beside, build
from survey_app.know.evidence.figures import BinFigures
from survey_app.know.evidence.series import LimitsStage, Version
from survey_app.know.improvement.annotations import NewAnnotation, annotate, annotations_for, withdraw
from survey_app.know.improvement.changes import BadSteering, newest_change
from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.know.improvement.rebases import (
    Confirmation,
    Proposal,
    Rebase,
    confirm,
    rebase_history,
    take_back,
)
from survey_app.know.improvement.steering import NOTHING, Steering, Steerings
from survey_app.know.improvement.targets import (
    NewTarget,
    Target,
    current_target,
    set_target,
    target_history,
)
from survey_app.know.measures.formulas import Figure
from survey_app.stats.charting import I_PRIME, control_chart
from tests.worlds import MONDAY

WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
NOW = dt.datetime(2026, 11, 9, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
BY = "Ada Lead (lead@example.org)"
JUDGED = ("value", "n", "low", "high", "centre", "lower", "upper", "state", "signals", "found", "flagged")


@pytest.fixture
def mean(loaded_runtime):
    return loaded_runtime.measures.get("ex.life.mean")


@pytest.fixture
def write(database):
    with database.writing() as session:
        yield session


def series_of(measure, values, steering=NOTHING, **beside):
    bins = [
        BinFigures(MONDAY + n * WEEK, MONDAY + n * WEEK + 6 * DAY, {}, 20, provisional=False, carried=False)
        for n in range(len(values))
    ]
    figures = [None if value is None else Figure(float(value), 20, 25.0) for value in values]
    return build(measure, "riverside", "token", bins, figures, Beside(steering, **beside))


def judged(series):
    points = json.loads(series.to_json())["points"]
    return [{name: point.get(name) for name in JUDGED} for point in points]


VALUES = st.lists(st.one_of(st.none(), st.integers(20, 80)), min_size=1, max_size=45)
MARKS = st.lists(
    st.builds(
        Mark,
        st.dates(MONDAY - 9 * WEEK, MONDAY + 60 * WEEK),
        st.sampled_from([MarkKind.ANNOTATION, MarkKind.ACTION]),
        st.text(min_size=1, max_size=120),
    ),
    max_size=6,
).map(tuple)
TARGETS = st.one_of(st.none(), st.builds(Target, st.floats(0, 100), st.dates(MONDAY - WEEK, MONDAY + WEEK)))


QUICK = settings(deadline=None, max_examples=60)


@QUICK
@given(values=VALUES, marks=MARKS, target=TARGETS)
def test_no_target_and_no_note_changes_a_value_a_limit_or_a_signal(loaded_runtime, values, marks, target):
    measure = loaded_runtime.measures.get("ex.life.mean")
    bare, steered = series_of(measure, values), series_of(measure, values, Steering(target, (), marks))
    assert judged(steered) == judged(bare)
    assert (steered.summary, steered.variation) == (bare.summary, bare.variation)
    assert (steered.release, steered.proposal) == (bare.release, bare.proposal)


@QUICK
@given(values=VALUES, rows=st.sets(st.integers(-3, 50), max_size=3))
def test_a_rebase_moves_lines_from_its_day_on_and_nothing_before_it(loaded_runtime, values, rows):
    measure = loaded_runtime.measures.get("ex.life.mean")
    rebases = tuple(Rebase(MONDAY + row * WEEK, "known") for row in sorted(rows))
    bare, rebased = series_of(measure, values), series_of(measure, values, Steering(None, rebases))
    assert [p.get("value") for p in json.loads(rebased.to_json())["points"]] == [
        p.get("value") for p in json.loads(bare.to_json())["points"]
    ]
    first = min((row for row in rows if 0 < row < len(values)), default=len(values))
    alone = series_of(measure, values[:first])
    assert judged(rebased)[:first] == judged(alone)


def test_a_lasting_shift_is_proposed_from_its_first_week_and_confirmed_it_starts_new_lines(mean):
    before, after = [54 - n % 5 for n in range(30)], [66 + n % 5 for n in range(14)]
    found = series_of(mean, before + after).proposal
    assert found == Proposal(MONDAY + 30 * WEEK, 14, upwards=True)
    assert not found.is_trial
    rebased = series_of(mean, before + after, Steering(None, (Rebase(found.day, "known"),)))
    assert (rebased.limits, rebased.proposal) == (LimitsStage.TRIAL, None)
    assert rebased.points[29].centre == pytest.approx(52, abs=0.2)
    assert rebased.points[30].centre == pytest.approx(68, abs=0.2)
    assert "baseline is new since 31 May 2027" in rebased.summary


def test_seven_figures_are_a_trial_and_six_are_none(mean):
    before = [54 - n % 5 for n in range(30)]
    assert series_of(mean, before + [60 + n % 3 for n in range(6)]).proposal is None
    trial = series_of(mean, before + [60 + n % 3 for n in range(7)]).proposal
    assert trial.is_trial
    assert trial.n_figures == 7


def test_a_shift_that_is_over_is_not_proposed_and_a_withheld_week_does_not_end_it(mean):
    shifted = [54 - n % 5 for n in range(30)] + [60 + n % 3 for n in range(9)]
    assert series_of(mean, [*shifted, 45]).proposal is None
    gaps = series_of(mean, [*shifted, None]).proposal
    assert gaps == series_of(mean, shifted).proposal


def test_a_shift_is_proposed_whether_good_or_bad(mean):
    chart = control_chart([54 - n % 5 for n in range(30)] + [40] * 8, [20] * 38, method=I_PRIME)
    assert {str(s) for s in chart.points[-1].signals} >= {"shift_low"}
    assert not series_of(
        mean, [54 - n % 5 for n in range(30)] + [40 + n % 2 for n in range(8)]
    ).proposal.upwards


def test_assurance_is_told_only_once_limits_are_locked(mean):
    target = Steering(Target(10.0, MONDAY))
    assert series_of(mean, [50 + n % 5 for n in range(25)], target).assurance is None
    assert series_of(mean, [50 + n % 5 for n in range(26)], target).assurance.value == "pass"


def test_another_wording_is_marked_where_it_begins_and_one_alone_is_not(mean):
    old = Version(1, MONDAY - 9 * WEEK, MONDAY - DAY)
    (mark,) = series_of(mean, [50, 51], versions=(Version(2, MONDAY, MONDAY + 2 * WEEK), old)).marks
    assert (mark.kind, mark.day) == (MarkKind.VERSION, MONDAY)
    assert series_of(mean, [50, 51], versions=(old,)).marks == ()


def test_a_new_target_supersedes_and_ending_it_keeps_the_history(write, mean):
    for value in (70.0, 75.04, None):
        set_target(write, mean, "riverside", NewTarget(value, TODAY, BY), now=NOW, today=TODAY)
    write.flush()
    assert current_target(write, mean.id, "riverside") is None
    assert [row.value for row in target_history(write, mean.id, "riverside")] == [None, 75.0, 70.0]
    assert Steerings(write).of(mean.id, "riverside", "/system/riverside/") == NOTHING


def test_a_target_off_the_scale_or_of_tomorrow_or_an_end_of_none_is_refused(write, mean):
    for value, day in ((101, TODAY), (-1, TODAY), (float("nan"), TODAY), (50, TODAY + DAY), (None, TODAY)):
        with pytest.raises(BadSteering, match=r"Enter|There is no target"):
            set_target(write, mean, "riverside", NewTarget(value, day, BY), now=NOW, today=TODAY)


def test_a_measure_without_a_good_direction_has_no_target(write, loaded_runtime):
    replies = loaded_runtime.measures.get("pulse-user-6.replies")
    with pytest.raises(BadSteering, match="no direction"):
        set_target(write, replies, "riverside", NewTarget(5, TODAY, BY), now=NOW, today=TODAY)


def note(place="riverside", measure=None, text="Clinic closed", day=TODAY):
    return NewAnnotation(place, measure, day, text, BY)


def texts(session, place_id, path, measure="ex.life.mean"):
    return [mark.text for mark in Steerings(session).of(measure, place_id, path).marks]


def test_a_note_at_a_place_shows_at_every_place_below_and_nowhere_else(write):
    annotate(write, note("system", text="Flood"), now=NOW, today=TODAY)
    annotate(write, note("riverside", "ex.life.mean", text="Clinic"), now=NOW, today=TODAY)
    assert texts(write, "riverside", "/system/riverside/") == ["Clinic", "Flood"]
    assert texts(write, "riverside", "/system/riverside/", "ex.say.mean") == ["Flood"]
    assert texts(write, "hillside", "/system/hillside/") == ["Flood"]
    assert texts(write, "system", "/system/") == ["Flood"]


def test_a_withdrawn_note_leaves_the_charts_and_stays_in_the_history(write):
    before = newest_change(write)
    number = annotate(write, note(), now=NOW, today=TODAY)
    revision = Steerings(write).of("ex.life.mean", "riverside", "/riverside/").revision
    assert withdraw(write, number, by="Bo", now=NOW)
    assert not withdraw(write, number, by="Bo", now=NOW)
    assert Steerings(write).of("ex.life.mean", "riverside", "/riverside/").revision == "" != revision
    (row,) = annotations_for(write, "ex.life.mean", ["riverside"])
    assert (row.withdrawn_by, row.withdrawn_at, row.text) == ("Bo", NOW, "Clinic closed")
    write.flush()
    assert newest_change(write) == before + 2


def test_a_note_says_something_short_and_has_happened(write):
    for text in ("", " \n\t", "x" * 121, "\x00\x1b"):
        with pytest.raises(BadSteering, match="1 to 120"):
            annotate(write, note(text=text), now=NOW, today=TODAY)
    with pytest.raises(BadSteering, match="not in the future"):
        annotate(write, note(day=TODAY + DAY), now=NOW, today=TODAY)


def test_a_note_is_one_plain_line(write):
    annotate(write, note(text=" =1+1\r\nBcc:\u202e x "), now=NOW, today=TODAY)
    assert texts(write, "riverside", "/riverside/") == ["=1+1 Bcc: x"]


ASKED = Confirmation("ex.life.mean", "riverside", Proposal(MONDAY, 14, upwards=True), "One front door", BY)


def test_a_rebase_stands_once_is_taken_back_once_and_can_be_confirmed_again(write):
    assert confirm(write, ASKED, now=NOW)
    assert not confirm(write, replace(ASKED, by="Bo"), now=NOW)
    (row,) = rebase_history(write, "ex.life.mean", "riverside")
    assert (row.confirmed_by, row.reason, row.n_figures) == (BY, "One front door", 14)
    assert Steerings(write).of("ex.life.mean", "riverside", "/riverside/").days == {MONDAY}
    assert take_back(write, row.id, reason="It was another cause", by="Bo", now=NOW)
    assert not take_back(write, row.id, reason="again", by="Cy", now=NOW)
    write.expire_all()
    (row,) = rebase_history(write, "ex.life.mean", "riverside")
    assert (row.taken_back_by, row.taken_back_reason) == ("Bo", "It was another cause")
    assert Steerings(write).of("ex.life.mean", "riverside", "/riverside/") == NOTHING
    assert confirm(write, ASKED, now=NOW)


def test_no_rebase_without_a_cause(write):
    with pytest.raises(BadSteering, match="the cause"):
        confirm(write, replace(ASKED, reason=" "), now=NOW)
