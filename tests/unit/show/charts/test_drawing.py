import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from survey_app.know.evidence.series import Point
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.axes import frame_of
from survey_app.show.charts.drawing.canvas import NARROW, WIDE
from survey_app.show.charts.drawing.labels import Label, spread
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.drawing.xmr import series_svg
from survey_app.show.charts.tables import Rendering
from tests.unit.show.charts.example import example, gap

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
