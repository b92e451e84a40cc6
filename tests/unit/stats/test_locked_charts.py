"""Once limits are locked nothing said of a closed point is taken back; what is added says when."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.stats.baselines import Stage
from survey_app.stats.charting import I_PRIME, PERCENT, XMR, control_chart
from survey_app.stats.kinds import ChartKind
from survey_app.stats.presets import MDC6, MDC7
from survey_app.stats.variation import Direction, PointState, point_states

FIGURE = st.tuples(st.integers(30, 70), st.integers(10, 60))
BASELINE = st.tuples(st.lists(FIGURE, min_size=26, max_size=30), st.sets(st.integers(0, 25), max_size=4)).map(
    lambda drawn: [
        part for row, figure in enumerate(drawn[0]) for part in ([None] if row in drawn[1] else []) + [figure]
    ]
)
# Blocks that drift one way make runs and trends; independent noise would hardly ever complete one.
BLOCK = st.tuples(st.sampled_from([-9, -2, -1, 0, 1, 2, 9, None]), st.integers(1, 8))
STEPS = st.lists(BLOCK, min_size=1, max_size=5).map(
    lambda blocks: [step for step, length in blocks for _ in range(length if step is not None else 1)]
)
METHODS = st.sampled_from([XMR, I_PRIME, PERCENT])
RULES = st.sampled_from([MDC7, MDC6, replace(MDC7, lock_at=20)])


def charted(figures, method, rules):
    values = [figure and float(figure[0]) for figure in figures]
    return control_chart(values, [figure and figure[1] for figure in figures], method=method, rules=rules)


def walked(steps, start=50):
    figures, value = [], start
    for number, step in enumerate(steps):
        value = min(max(value + (step or 0), 0), 100)
        figures.append(None if step is None else (value, 12 + 7 * number % 40))
    return figures


@settings(max_examples=300, deadline=None)
@given(BASELINE, STEPS, METHODS, RULES)
def test_appending_a_point_moves_no_line_and_takes_no_signal_back(baseline, steps, method, rules):
    figures = list(baseline)
    before = charted(figures, method, rules)
    assert before.stage is Stage.LOCKED or before.kind is ChartKind.RUN
    for figure in walked(steps):
        figures.append(figure)
        after = charted(figures, method, rules)
        if before.stage is Stage.LOCKED:
            assert after.stage is Stage.LOCKED
            for old, new in zip(before.points, after.points, strict=False):
                assert new.lines == old.lines
                assert new.signals[: len(old.signals)] == old.signals
                assert all(signal.found_at == len(figures) - 1 for signal in new.signals[len(old.signals) :])
        before = after


@settings(max_examples=100, deadline=None)
@given(BASELINE, STEPS, METHODS, st.sampled_from(Direction))
def test_a_label_once_given_is_never_changed_into_another(baseline, steps, method, direction):
    figures = list(baseline)
    for figure in walked(steps):
        before = charted(figures, method, MDC7)
        figures.append(figure)
        if before.stage is not Stage.LOCKED:
            continue
        after = charted(figures, method, MDC7)
        for old, new in zip(point_states(before, direction), point_states(after, direction), strict=False):
            assert new is old or old is PointState.COMMON_CAUSE


def test_a_point_that_was_worse_stays_worse_when_a_rise_begins_at_it():
    chart = control_chart([50, 52] * 13 + [50, 50, 50, 50, 50, 50, 49] + [49.5, 50, 50.5, 51.5, 52, 52.5])
    turning = chart.points[32]
    assert [str(signal) for signal in turning.signals] == ["shift_low", "trend_high"]
    assert point_states(chart, Direction.INCREASE)[32] is PointState.CONCERN


def test_a_shift_marks_the_points_before_it_and_says_that_it_was_found_later():
    calm = [50, 52] * 13
    chart = control_chart(calm + [53] * 7)
    assert [str(signal) for signal in chart.points[27].signals] == ["shift_high"]
    assert {signal.found_at for point in chart.points[26:] for signal in point.signals} == {32 - 1, 32}
    assert control_chart(calm + [53] * 5).points[27].signals == ()


def test_on_trial_limits_still_move_with_each_new_figure():
    before, after = control_chart([50, 52] * 8), control_chart([50, 52] * 8 + [70])
    assert before.stage is after.stage is Stage.TRIAL
    assert before.points[0].lines != after.points[0].lines


def test_a_rebase_starts_a_lock_of_its_own():
    chart = control_chart([50, 52] * 13 + [70, 72] * 13, rebases=[26])
    assert [segment.stage for segment in chart.segments] == [Stage.LOCKED, Stage.LOCKED]
    assert chart.points[26].centre == 71
