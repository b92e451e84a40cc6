"""What a comparison says: chance first, names by figure only where chance does not explain them."""

from __future__ import annotations

from dataclasses import replace

from survey_app.know.evidence.places.documents import Compared, Comparison, Position, Smoothing
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.funnel import draw_funnel
from survey_app.show.charts.funnels.words import (
    alt_words,
    limits_words,
    reliability_words,
    smoothing_words,
    summary_words,
)

NAMES = {"a": "Ash $\\frac{1}$", "b": "Birch <b>", "c": "Cedar", "d": "Damson"}
USUAL = Compared("a", 60.0, 100, 55.0, 65.0, Position.USUAL, (55.0, 65.0), (52.0, 68.0))
FAR = replace(USUAL, place="b", value=40.0, position=Position.FAR_BELOW)
NEAR = replace(USUAL, place="c", value=66.0, position=Position.ABOVE)
FOUND = Comparison(
    60.0,
    widened=False,
    smoothing=Smoothing.FEW_PLACES,
    needed=None,
    places=(USUAL, FAR, NEAR, Compared("d")),
    lines=((10.0, 45.0, 75.0, 36.0, 84.0), (105.0, 55.0, 65.0, 52.0, 68.0)),
)


def test_only_what_chance_does_not_explain_is_told_with_its_figure():
    words = summary_words(FOUND, NAMES, "score")
    assert (
        "Of these, 1 differs by more than chance explains: Birch <b> is lower (40 from 100 answers)." in words
    )
    assert "Cedar lies a little outside" in words
    assert "1 place has too few answers" in words
    assert "Damson" not in words
    calm = replace(FOUND, places=(USUAL,))
    assert "None differs" in summary_words(calm, NAMES, "score")


def test_why_something_is_not_shown_is_said():
    assert "it takes 8 places" in smoothing_words(FOUND)
    assert "no evidence of real differences" in smoothing_words(
        replace(FOUND, smoothing=Smoothing.NO_DIFFERENCES)
    )
    assert reliability_words(FOUND) == ""
    reliable = replace(
        FOUND, needed=54, places=(replace(USUAL, reliability=0.8), replace(FAR, reliability=0.6))
    )
    assert "54 answers" in reliability_words(reliable)
    assert "1 of 2 places" in reliability_words(reliable)
    assert "fewer than 10 places" in limits_words(FOUND)
    none = replace(FOUND, target=None, places=(USUAL, Compared("d")))
    assert "only 1 of the places has a figure" in summary_words(none, NAMES, "score")


def test_the_picture_says_the_same_and_reads_no_name_as_markup_or_mathematics():
    pictures = draw_funnel(FOUND, Titles("Say <i>", "Kent $x^$"), NAMES, "score")
    assert set(pictures) == {False, True}
    for picture in pictures.values():
        text = picture.decode()
        assert "style=" not in text
        assert "Birch &lt;b&gt;" in text
        assert "Damson" not in text
        assert alt_words(FOUND, NAMES, "score").replace("<b>", "&lt;b&gt;") in text
    assert pictures == draw_funnel(FOUND, Titles("Say <i>", "Kent $x^$"), NAMES, "score")
