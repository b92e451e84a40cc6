from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.population import sheets
from survey_app.ask.population.sheets import BadRows, Faults, formula_fault, parse_sheet

COLUMNS = ("name", "age")


def rows_of(data):
    faults = Faults()
    rows = parse_sheet(data, columns=COLUMNS, faults=faults)
    faults.raise_any()
    return [(row.line, row["name"], row["age"]) for row in rows]


def refusal(data):
    with pytest.raises(BadRows) as refused:
        rows_of(data)
    return str(refused.value)


def test_columns_may_come_in_any_order_and_a_byte_order_mark_is_taken_off():
    assert rows_of(b"\xef\xbb\xbfAge,Name\r\n7,Ann\r\n\r\n8,Bob\r\n") == [(2, "Ann", "7"), (4, "Bob", "8")]
    assert rows_of("\ufeffname,age\nAnn,7") == [(2, "Ann", "7")]


def test_spaces_and_invisible_marks_around_a_cell_are_taken_off():
    assert rows_of("name,age\n \u202aAnn\u202c\u200b ,\u00a07") == [(2, "Ann", "7")]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("name", "column 'age' is missing"),
        ("name,age,colour", "column 'colour' is not known"),
        ("name,age,age", "column 'age' stands twice"),
        ("", "column 'name' is missing"),
    ],
)
def test_a_wrong_header_is_refused_by_name(header, reason):
    message = refusal(f"{header}\nAnn,7")
    assert reason in message
    assert "expected name,age" in message


def test_every_bad_line_is_named_by_the_line_it_begins_on():
    message = refusal('name,age\nAnn\n"two\nlines",7\nBob,8\nCy,9,10\n')
    assert "line 2: has 1 cell, expected 2" in message
    assert "line 3: name holds a line end" in message
    assert "line 6: has 3 cells, expected 2" in message


def test_a_file_that_is_not_utf_8_is_refused_with_the_line():
    assert "line 3: the file is not UTF-8" in refusal("name,age\nAnn,7\nZoë,8".encode("latin-1"))
    assert "UTF-8" in refusal("name,age\nAnn,7".encode("utf-16"))


@pytest.mark.parametrize("cell", ["a\x00b", "a\tb", "a\x1b[31m", "a\u202eb"])
def test_characters_that_cannot_be_seen_are_refused(cell):
    assert "line 2: name holds" in refusal(f"name,age\n{cell},7")


def test_broken_quotation_marks_are_refused():
    assert "quotation marks" in refusal('name,age\n"Ann,7')
    assert "quotation marks" in refusal('name,age\n"Ann"x,7')


def test_too_many_rows_or_bytes_or_letters_are_refused(monkeypatch):
    assert "longer than 400" in refusal(f"name,age\n{'x' * 401},7")
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert len(rows_of("name,age\na,1\nb,2")) == 2
    assert "more than 2 rows" in refusal("name,age\na,1\nb,2\nc,3")
    monkeypatch.setattr(sheets, "MAX_BYTES", 10)
    assert "larger than" in refusal(b"name,age\na,1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_text_cell_that_spreadsheets_would_run_is_found(start):
    faults = Faults()
    (row,) = parse_sheet(f"name,age\n{start}1+1,-7", columns=COLUMNS, faults=faults)
    assert "formula" in (formula_fault(row, ("name",)) or "")
    assert formula_fault(row, ()) is None


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80)))
def test_any_file_is_read_or_refused(data):
    try:
        rows_of(data)
    except BadRows as refused:
        reasons = str(refused)
    else:
        return
    assert reasons
