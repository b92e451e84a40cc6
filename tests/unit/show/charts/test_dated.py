import csv
import datetime as dt
import io
import json

from survey_app.know.evidence.series import series_from_json
from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.show.charts.alt import Titles, alt_text
from survey_app.show.charts.comma import series_csv
from survey_app.show.charts.dated import KINDS, by_bin, numbered
from survey_app.show.charts.drawing.canvas import NARROW, WIDE
from survey_app.show.charts.drawing.chart import series_svg
from survey_app.show.charts.drawing.events import ROWS, WORDS, flags
from survey_app.show.charts.table import table_rows
from tests.unit.show.charts.example import FIRST, example

DAY = dt.timedelta(days=1)
MARKS = (
    Mark(FIRST + 100 * DAY, MarkKind.ANNOTATION, "New single phone number opened"),
    Mark(FIRST + 58 * DAY, MarkKind.MODE_SHIFT, "Many more answers by text from here on"),
    Mark(FIRST - 9 * DAY, MarkKind.ACTION, "Before the first week"),
    Mark(FIRST + 400 * DAY, MarkKind.VERSION, "After the last"),
)
MARKED = example(marks=MARKS)


def test_every_form_of_a_series_tells_every_mark():
    rows = list(csv.DictReader(io.StringIO(series_csv(MARKED), newline="")))
    table = " ".join(one.words for row in table_rows(MARKED) for one in row.marks)
    for mark in MARKS:
        assert mark.text in series_from_json(MARKED.to_json()).to_json()
        assert mark.text in alt_text(MARKED)
        assert mark.text in table
        assert any(f"{mark.day} {mark.kind.value}: {mark.text}" in row["marks"] for row in rows)


def test_every_kind_of_mark_has_its_words():
    assert set(KINDS) == set(MarkKind)


def test_marks_change_no_figure():
    bare, marked = json.loads(example().to_json()), json.loads(MARKED.to_json())
    assert {**marked, "marks": []} == bare


def test_a_mark_stands_with_the_bin_its_day_falls_in_and_a_gap_can_have_one():
    found = [[one.mark.kind for one in bin_] for bin_ in by_bin(MARKED)]
    assert found[14] == [MarkKind.ANNOTATION]
    assert found[8] == [MarkKind.MODE_SHIFT]  # the week without a figure
    assert (found[0], found[-1]) == ([MarkKind.ACTION], [MarkKind.VERSION])


def test_the_picture_shows_the_marks_of_its_days_as_text_only():
    evil = Mark(FIRST + 30 * DAY, MarkKind.ANNOTATION, "<b>$x$</b>")
    for size in (WIDE, NARROW):
        svg = series_svg(example(marks=(*MARKS, evil)), Titles("Say", "Riverside"), size=size).decode()
        assert ">3<" in svg.replace(" ", "")
        assert "<b>" not in svg
    assert "New single phone" in series_svg(MARKED, Titles("Say", "Riverside")).decode()


def test_marks_close_together_stand_in_rows_and_words_are_cut_to_the_room():
    many = example(marks=tuple(Mark(FIRST + n * DAY, MarkKind.ANNOTATION, "x" * 90) for n in range(0, 60, 3)))
    places = [(one, 30.0 * one.number) for one in numbered(many)]
    found = flags(places, WIDE)
    assert len(found) == len(places)
    assert {flag.row for flag in found} == set(range(ROWS))
    assert all(len(flag.words) <= WORDS for flag in found)
    assert not any(flag.words for flag in flags(places, NARROW))
