from dataclasses import replace

from survey_app.know.evidence.series import Gap, LimitsStage
from survey_app.show.charts.alt import Titles, alt_text, alt_title
from survey_app.show.charts.icon import TOO_FEW, WAITING, Tone, icon_of, icon_svg
from survey_app.show.charts.phrases import figure_words, limit_words, scale_words
from survey_app.show.charts.series_words import chart_words
from survey_app.show.charts.sparkline import sparkline_svg
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import VariationIcon
from tests.unit.show.charts.example import example, gap, weighing


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
    line = svg.partition('class="app-spark__line" d="')[2].partition('"')[0]
    assert line.count("M") == 2
    assert "style" not in svg


def test_a_series_of_gaps_has_no_sparkline():
    assert sparkline_svg(example(points=(gap(0), gap(1)))) == ""
    assert all(isinstance(point, Gap) for point in (gap(0), gap(1)))


def test_units_are_said_shortly():
    assert figure_words(-0.2, "score 0-100") == "0"
    assert (scale_words("percent"), scale_words("people")) == ("Per cent of people", "Number of people")
    assert alt_title(Titles("A", "B")) == "A, B"


def test_a_chart_says_what_it_is_and_how_firm_its_limits_are():
    assert chart_words(weighing()).startswith("Each point has limits of its own: they are wider where fewer")
    assert "locked" in chart_words(weighing())
    assert "on trial" in chart_words(weighing(limits=LimitsStage.TRIAL))
    assert chart_words(example()).startswith("The limits are the same for every point.")
    assert "median" in chart_words(example(chart=ChartKind.RUN, limits=LimitsStage.NONE))
    assert chart_words(example(chart=ChartKind.NONE, limits=LimitsStage.NONE)) == ""
    assert chart_words(weighing()) in alt_text(weighing())


def test_limits_are_said_within_the_scale_and_counts_have_no_top():
    assert limit_words(-3.0, 104.0, "percent") == "0% to 100%"
    assert limit_words(-3.0, 104.0, "people") == "0 to 104"
    assert limit_words(None, 104.0, "people") == ""


def test_the_band_of_a_sparkline_follows_each_point():
    band = sparkline_svg(weighing()).partition('class="app-spark__band" d="')[2].partition('"')[0]
    assert band.count("M") == 21
    assert len({part.split("V")[1].split("h")[0] for part in band.split("M")[1:]}) > 5
