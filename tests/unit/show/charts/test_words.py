from dataclasses import replace

from survey_app.know.evidence.series import Gap
from survey_app.show.charts.alt import Titles, alt_text, alt_title
from survey_app.show.charts.icon import TOO_FEW, WAITING, Tone, icon_of, icon_svg
from survey_app.show.charts.phrases import figure_words, scale_words
from survey_app.show.charts.sparkline import sparkline_svg
from survey_app.stats.variation import VariationIcon
from tests.unit.show.charts.example import example, gap


def test_the_description_begins_with_the_sentence_and_counts_what_is_marked():
    words = alt_text(example())
    assert words.startswith("Better: it was 66 out of 100. Line chart, score out of 100, from 1 Jun 2026")
    assert "7 are marked better and 1 worse" in words
    assert "1 period has no figure because too few people answered." in words


def test_a_gap_at_the_end_is_told_as_too_few_answers_even_while_a_new_week_is_open():
    series = example()
    points = list(series.points)
    points[-2] = gap(20)
    assert icon_of(replace(series, points=tuple(points))) is TOO_FEW


def test_a_series_without_limits_is_too_early_to_judge():
    assert icon_of(example(variation=None)) is WAITING


def test_every_icon_differs_from_every_other_by_more_than_colour():
    drawn = {}
    for variation in VariationIcon:
        icon = icon_of(example(variation=variation))
        drawn.setdefault((icon.letter, icon.words), set()).add(variation)
        assert 'aria-hidden="true"' in icon_svg(icon)
    assert all(len(kinds) == 1 for kinds in drawn.values())


def test_better_and_worse_have_tones_of_their_own():
    assert icon_of(example(variation=VariationIcon.CONCERN_HIGH)).tone is Tone.WORSE
    assert icon_of(example(variation=VariationIcon.IMPROVEMENT_LOW)).tone is Tone.BETTER


def test_a_sparkline_breaks_at_a_gap_and_needs_no_style_attribute():
    svg = sparkline_svg(example())
    assert svg.count("M") == 2
    assert "style" not in svg


def test_a_series_of_gaps_has_no_sparkline():
    assert sparkline_svg(example(points=(gap(0), gap(1)))) == ""
    assert all(isinstance(point, Gap) for point in (gap(0), gap(1)))


def test_units_are_said_shortly():
    assert figure_words(-0.2, "score 0-100") == "0"
    assert (scale_words("percent"), scale_words("people")) == ("Per cent of people", "Number of people")
    assert alt_title(Titles("A", "B")) == "A, B"
