import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from survey_app.know.evidence.series import LimitsStage, Point
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.axes import frame_of
from survey_app.show.charts.drawing.canvas import NARROW, WIDE
from survey_app.show.charts.drawing.chart import series_svg
from survey_app.show.charts.drawing.labels import Label, spread
from survey_app.show.charts.drawing.marks import _steps, _stretches
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.tables import Rendering
from survey_app.stats.kinds import ChartKind
from tests.unit.show.charts.example import example, gap, weighing

TITLES = Titles("Involved in decisions", "Riverside")
SVG = "{http://www.w3.org/2000/svg}"


def test_the_same_series_gives_the_same_bytes():
    assert draw(example(), TITLES) == draw(example(), TITLES)


def test_there_is_a_picture_of_every_kind():
    pictures = draw(example(), TITLES)
    assert set(pictures) == set(Rendering)
    assert pictures[Rendering.PNG].startswith(b"\x89PNG")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_an_svg_has_title_and_description_and_no_style(size):
    svg = series_svg(example(), TITLES, size=size)
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == "Involved in decisions, Riverside"
    assert root.find(f"{SVG}desc").text.startswith("Better")
    assert b"style" not in svg
    assert b"<metadata" not in svg


@pytest.mark.parametrize(
    "name",
    ["Kent $\\frac{1}$", "A$^$B", "North $5 & South $6", "<b>&\"'", "$x^{" * 200, "\\N{DASH}", "x" * 500],
)
def test_any_name_is_drawn_as_it_is(name):
    root = ET.fromstring(series_svg(example(), Titles(name, name)))  # noqa: S314 - our own drawing
    assert root.find(f"{SVG}title").text == f"{name}, {name}"


def test_the_figure_and_the_lines_are_named_beside_them():
    words = {text.text for text in ET.fromstring(series_svg(example(), TITLES)).iter(f"{SVG}text")}  # noqa: S314 - our own drawing
    assert {"Latest 65", "Average 59", "Upper limit 66", "Lower limit 52"} <= words


def test_states_differ_by_shape_and_only_used_signs_are_explained():
    calm = replace(example(), points=example().points[:4])
    assert "better" not in series_svg(calm, TITLES).decode().partition("</desc>")[2]
    assert "better than chance explains" in series_svg(example(), TITLES).decode().partition("</desc>")[2]


@pytest.mark.parametrize("points", [(), (gap(0),), (gap(0), gap(1)), example().points[-1:]])
def test_series_with_hardly_anything_in_them_are_drawn(points):
    assert ET.fromstring(series_svg(example(points=points), TITLES)).tag == f"{SVG}svg"  # noqa: S314 - our own drawing


def test_a_thousand_weeks_are_cut_to_the_newest_three_years():
    n_bytes = len(series_svg(example(n_weeks=1000, gaps=()), TITLES))
    assert n_bytes < 60_000


def test_a_frame_never_shows_chance_as_a_mountain():
    flat = [replace(p, value=50.0, lower=None, upper=None) for p in example().points if isinstance(p, Point)]
    frame = frame_of(example(points=tuple(flat)))
    assert frame.high - frame.low >= 24


def test_labels_that_would_touch_are_moved_apart():
    placed = spread([Label(50, "a", "#000"), Label(50.1, "b", "#000"), Label(70, "c", "#000")], 3)
    assert [height for _, height in placed] == [50, 53, 70]


def drawn(series, size=WIDE):
    return series_svg(series, TITLES, size=size).decode().partition("</desc>")[2]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_limits_that_follow_the_answers_are_drawn_as_steps_within_the_frame(size):
    longest = max(re.findall(r' d="([^"]*)"', drawn(weighing(), size)), key=len)
    heights = {float(height) for height in re.findall(r"[ML] \S+ (\S+)", longest)}
    assert len(heights) >= 20
    assert all(0 <= height <= size.height for height in heights)


def test_a_band_that_steps_stops_at_a_gap_and_one_that_does_not_goes_on():
    points = [point for point in example().points if isinstance(point, Point)]
    assert [len(stretch) for stretch in _stretches(example())] == [len(points)]
    assert [len(stretch) for stretch in _stretches(weighing())] == [8, len(points) - 8]


def test_equal_limits_are_one_long_line():
    (stretch,) = _stretches(example())
    days, lower, upper = _steps(stretch, frame_of(example()))
    assert (len(days), len(lower), len(upper)) == (2, 2, 2)


def test_a_week_with_very_wide_limits_does_not_flatten_the_picture():
    wide = weighing()
    points = [replace(wide.points[0], lower=0.0, upper=100.0), *wide.points[1:]]
    frame = frame_of(replace(wide, points=tuple(points)))
    assert frame.high - frame.low < 60


def test_trial_limits_are_said_on_the_picture():
    assert "trial" not in drawn(example())
    assert "Score out of 100. Limits on trial" in drawn(example(limits=LimitsStage.TRIAL))
    assert "to 66 (trial)" in drawn(example(limits=LimitsStage.TRIAL), NARROW)


def test_the_middle_of_a_run_chart_is_called_a_median():
    young = [replace(p, lower=None, upper=None) for p in example(gaps=()).points]
    assert "Median 59" in drawn(example(points=tuple(young), chart=ChartKind.RUN, limits=LimitsStage.NONE))
