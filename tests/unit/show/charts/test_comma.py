import csv
import io
import json

import pytest

from survey_app.show.charts.comma import COLUMNS, series_csv
from tests.unit.show.charts.example import example


def rows_of(series):
    return list(csv.DictReader(io.StringIO(series_csv(series), newline="")))


def test_the_csv_carries_the_figures_of_the_json():
    series = example()
    points = json.loads(series.to_json())["points"]
    for row, point in zip(rows_of(series), points, strict=True):
        assert (row["from"], row["to"]) == (point["from"], point["to"])
        if "withheld" in point:
            assert row["withheld"] == "small_number"
            assert not any(row[name] for name in ("value", "n", "low", "high", "centre", "lower", "upper"))
            continue
        assert row["n"] == str(point["n"])
        assert row["flagged"] == (point["flagged"] or "")
        for name in ("value", "low", "high", "centre", "lower", "upper"):
            assert float(row[name]) == point[name]


def test_lines_end_as_rfc_4180_says():
    text = series_csv(example())
    assert text.split("\r\n")[0] == ",".join(COLUMNS)
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("evil", ["=cmd()", "+1", "-1", "@x", "\t=1", "\r=1", "\0=1", "\uff1d1", "\uff0b1"])
def test_no_name_can_run_as_a_formula(evil):
    assert rows_of(example(place=evil))[0]["place"] == f"'{evil}"
