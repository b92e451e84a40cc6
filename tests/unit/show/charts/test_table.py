from survey_app.show.charts.table import note_words, range_words, table_rows
from tests.unit.show.charts.example import example, point


def test_every_bin_is_a_row_and_the_newest_stands_first():
    rows = table_rows(example())
    assert len(rows) == 22
    assert rows[0].state == "Still counting"
    assert rows[-1].period == "1 to 7 Jun 2026"


def test_a_gap_says_why_and_shows_no_number():
    row = table_rows(example())[22 - 1 - 8]
    assert (row.value, row.n, row.interval, row.limits, row.exact) == ("Too few answers", "", "", "", None)


def test_the_exact_figure_is_the_one_of_the_json():
    series = example()
    exact = [row.exact for row in reversed(table_rows(series)) if row.exact is not None]
    assert exact == [round(p.value, 4) for p in series.points if hasattr(p, "value")]


def test_signals_are_told_in_words_with_the_length_of_the_preset():
    said, _, since = note_words(point(14), "mdc7").partition("; ")
    assert said == "Part of seven points in a row above the average"
    assert since == "marked since 25 Oct 2026, when the pattern was complete"
    assert note_words(point(20), "mdc6") == "Part of six points in a row above the average"


def test_a_range_with_a_missing_end_is_empty():
    assert range_words(None, 3.0, "percent") == ""
    assert range_words(1.0, 3.0, "percent") == "1% to 3%"
