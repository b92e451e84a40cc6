"""The discussion guide: a topic for each factor, and questions that fit the figure."""

from __future__ import annotations

import pytest

from survey_app.know.evidence.climate.guide import BadGuide, load_guide
from survey_app.know.evidence.climate.result import Agreement, Figure, Level
from survey_app.settings import CONFIG_DIR
from tests.teams import FACTORS

PATH = CONFIG_DIR / "climate.toml"


def figure(points, level=Level.SHARED):
    return Figure("vision", "Vision", points, agreement=Agreement(level, level, 0.4))


def test_every_factor_has_a_topic_and_one_brought_in_has_none():
    guide = load_guide(PATH)
    assert {topic.id for topic in guide.topics} == set(FACTORS)
    assert guide.topic("interaction") is None


def test_two_camps_are_talked_about_first_and_no_figure_asks_nothing():
    topic = load_guide(PATH).topic("vision")
    assert topic.questions(figure(50, Level.APART)) == topic.apart + topic.low
    assert topic.questions(figure(80, Level.APART)) == topic.apart
    assert topic.questions(figure(50)) == topic.low
    assert topic.questions(figure(80)) == topic.strong
    assert topic.questions(figure(None)) == ()


@pytest.mark.parametrize("broken", ['id = "vision"', ""])
def test_a_guide_that_lacks_a_part_or_says_a_topic_twice_is_refused(tmp_path, broken):
    text = PATH.read_text(encoding="utf-8")
    bad = tmp_path / "climate.toml"
    bad.write_text(text.replace('id = "vision"', "", 1) if broken else text + text, encoding="utf-8")
    with pytest.raises(BadGuide):
        load_guide(bad)
