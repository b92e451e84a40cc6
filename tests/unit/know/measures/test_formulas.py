from __future__ import annotations

import doctest
import statistics
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments import texts
from survey_app.ask.instruments.loader import load_instrument, load_library
from survey_app.ask.instruments.model import BadAnswer
from survey_app.ask.instruments.scoring import scale_score
from survey_app.know.measures import formulas
from survey_app.know.measures.formulas import (
    Figure,
    all_alike,
    item_mean,
    scale_figure,
    scale_mean,
    top_codes,
    top_share,
    valid,
)

LIBRARY = load_library(Path("instruments"))
ITEMS = {item.id: item for instrument in LIBRARY.all() for item in instrument.items}
P3C, CARER, CLIMATE = (LIBRARY.latest(name) for name in ("p3c-style-10", "carer", "team-climate-style-14"))


@st.composite
def counted_items(draw):
    item = draw(st.sampled_from(list(ITEMS.values())))
    codes = st.sampled_from([option.code for option in item.options])
    return item, draw(st.dictionaries(codes, st.integers(0, 40)))


@pytest.mark.parametrize("module", [formulas, texts])
def test_the_examples_in_the_documentation_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_only_scored_options_are_valid():
    assert valid(ITEMS["ex.moves"], {1: 4, 2: 3, 3: 20, 0: 50}) == 7
    assert valid(ITEMS["pc.family"], {0: 12}) == 0


def test_a_code_that_is_no_answer_is_refused():
    with pytest.raises(BadAnswer):
        valid(ITEMS["ex.life"], {9: 1})


@given(counted_items())
@settings(max_examples=100, deadline=None)
def test_a_mean_is_that_of_the_answers_written_out(counted):
    item, counts = counted
    answers = [item.score(code) for code, n in counts.items() for _ in range(n)]
    known = [
        100 * (score - item.lowest) / (item.highest - item.lowest) for score in answers if score is not None
    ]
    figure = item_mean(item, counts)
    if not known:
        assert figure is None
        return
    assert figure.n == valid(item, counts) == len(known)
    assert figure.value == pytest.approx(statistics.fmean(known), abs=1e-9)
    assert 0 <= figure.value <= 100
    expected = statistics.stdev(known) if len(known) > 1 else None
    assert figure.sd == (None if expected is None else pytest.approx(expected, abs=1e-6))


@given(counted_items())
@settings(max_examples=100, deadline=None)
def test_a_share_is_its_count_of_the_same_people(counted):
    item, counts = counted
    figure, mean = top_share(item, counts), item_mean(item, counts)
    assert (figure is None) == (mean is None)
    if figure is not None:
        assert figure.n == mean.n
        assert figure.value == 100 * figure.n_top / figure.n
        assert 0 <= figure.n_top <= figure.n


def test_not_sure_and_does_not_apply_move_no_figure():
    few, many = {1: 4, 2: 3}, {1: 4, 2: 3, 3: 99, 0: 99}
    assert item_mean(ITEMS["ex.moves"], few) == item_mean(ITEMS["ex.moves"], many)
    assert top_share(ITEMS["ex.moves"], few) == top_share(ITEMS["ex.moves"], many)


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("ex.life", (3, 4)),
        ("pc.say", (3, 4)),
        ("cc.story", (1, 2)),
        ("ex.moves", (1,)),
        ("ca.time", (1,)),
        ("ca.safe", (1,)),
        ("ou.better", (3,)),
        ("tc.v1", (4, 5)),
    ],
)
def test_most_positive_is_two_of_four_or_more_and_one_of_three_or_fewer(item, codes):
    assert top_codes(ITEMS[item]) == codes


def test_telling_the_story_again_is_bad():
    assert item_mean(ITEMS["cc.story"], {1: 10}).value == 100
    assert item_mean(ITEMS["cc.story"], {4: 10}).value == 0


def test_alike_means_one_valid_answer_whatever_else_was_said():
    assert all_alike(ITEMS["ex.life"], {4: 15, 0: 3, 1: 0})
    assert all_alike(ITEMS["ex.life"], {0: 3})
    assert not all_alike(ITEMS["ex.life"], {4: 15, 3: 1})


def test_a_number_counts_as_itself():
    visits = load_instrument(Path("tests/fixtures/instruments/tiny/v1.toml")).item("t.visits")
    assert item_mean(visits, {0: 1, 10: 2, 20: 1}) == Figure(50.0, 4, sd=pytest.approx(40.8248290463863))


def test_a_scale_has_no_figure_until_each_item_has_one():
    scale = CARER.scale("ca6")
    figures = {item_id: Figure(50.0, 12) for item_id in scale.items}
    assert scale_figure(scale, figures) == Figure(50.0, 12)
    for item_id in scale.items:
        assert scale_figure(scale, {key: figures[key] for key in figures if key != item_id}) is None


def test_items_count_once_however_many_answered_them():
    assert scale_mean([Figure(0.0, 1000), Figure(100.0, 10)]) == Figure(50.0, 10)
    with pytest.raises(ValueError, match="at least one"):
        scale_mean([])


def test_a_plan_counts_once_as_the_mean_of_what_is_said_of_it():
    scale = P3C.scale("coordination")
    figures = {item_id: Figure(100.0, 20) for item_id in scale.items}
    figures |= {
        "cc.plan_copy": Figure(0.0, 11),
        "cc.plan_help": Figure(30.0, 10),
        "cc.plan_used": Figure(60.0, 12),
    }
    assert scale_figure(scale, figures) == Figure((300 + 30) / 4, 10)


@given(st.lists(st.lists(st.integers(1, 5), min_size=14, max_size=14), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_where_everybody_answers_everything_the_figure_is_the_mean_of_peoples_scores(people):
    answers = [dict(zip((item.id for item in CLIMATE.items), codes, strict=True)) for codes in people]
    figures = {
        item.id: item_mean(item, {code: sum(row[item.id] == code for row in answers) for code in range(1, 6)})
        for item in CLIMATE.items
    }
    for scale in CLIMATE.scales:
        scores = [scale_score(scale, CLIMATE, row) for row in answers]
        assert scale_figure(scale, figures).value == pytest.approx(statistics.fmean(scores), abs=1e-9)
