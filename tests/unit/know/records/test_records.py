"""Records: definitions name what is wrong, periods are right, and only rounded parts get out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.population.sheets import BadRows, Faults
from survey_app.know.evidence.records import record_series
from survey_app.know.evidence.series import series_from_json
from survey_app.know.improvement.steering import NOTHING
from survey_app.know.records.definitions import Days, FigureKind, PeriodKind
from survey_app.know.records.loading import RecordFault, load_records
from survey_app.know.records.periods import easter_sunday, following, n_days, period_fault
from survey_app.know.records.rounding import Raw, Shown, rounded, shown
from survey_app.know.records.rows import read_rows
from survey_app.stats.kinds import ChartKind

MODEL = load_logic_model(Path("config/logic_model.toml"))
PATH = Path("config/records.toml")
RECORDS = load_records(PATH, MODEL)
START, END = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
COUNTED = [one for one in RECORDS.all if one.figure is not FigureKind.STANDARDISED]
counts = st.integers(0, 60)


def test_the_metrics_of_the_reference_are_defined():
    assert {one.id for one in RECORDS.all} == {
        "emerg_adm_65", "emerg_bed_days", "total_bed_days", "dtoc", "reable_91", "reable_offer",
        "resid_adm_65",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"outcomes.system.2", "impact.value.3"', '"outcomes.system.99"', "found outcomes.system.99"),
        ('chart = "u_prime"', 'chart = "pie"', "expected chart to be one of xmr, u_prime, table"),
        ('period = "month"', 'period = "year"', "expected chart table for a year's figures"),
        ('id = "emerg_bed_days"', 'id = "emerg_adm_65"', "an id that no other measure has"),
        ('use = "performance"', 'uses = "performance"', "unknown key uses"),
    ],
)
def test_a_wrong_definition_is_named_with_its_line(tmp_path, before, after, said):
    path = tmp_path / "records.toml"
    path.write_text(PATH.read_text().replace(before, after, 1))
    with pytest.raises(RecordFault) as caught:
        load_records(path, MODEL)
    assert said in str(caught.value)
    assert all(fault.line > 1 for fault in caught.value.faults)


@given(st.integers(0, 10**6))
def test_a_count_is_hidden_from_1_to_7_and_else_within_2_of_a_multiple_of_5(count):
    out = rounded(count)
    assert (out is None) == (1 <= count <= 7)
    assert out is None or (out % 5 == 0 and abs(out - count) <= 2)


@given(st.sampled_from(COUNTED), st.tuples(counts, counts), st.tuples(counts, counts))
def test_periods_that_round_alike_look_alike(measure, one, other):
    first, second = (shown(measure, Raw(START, END, float(a), float(b))) for a, b in (one, other))
    if [rounded(part) for part in one] == [rounded(part) for part in other]:
        assert first == second


@given(st.sampled_from(COUNTED), counts, counts)
def test_no_figure_is_made_of_a_hidden_part(measure, top, bottom):
    out = shown(measure, Raw(START, END, float(top), float(bottom)))
    hidden = rounded(top) is None or (measure.figure is not FigureKind.COUNT and rounded(bottom) is None)
    assert out.hidden is hidden
    assert out.value is None or not hidden
    assert {out.numerator, out.denominator} <= {None, *range(0, 65, 5)}


def test_a_percentage_is_made_of_rounded_parts_and_a_mean_needs_eight():
    offer = RECORDS.get("reable_offer")
    assert shown(offer, Raw(START, END, 13, 52)).value == 100 * 15 / 50
    mean = replace(offer, figure=FigureKind.MEAN, unit="days")
    assert shown(mean, Raw(START, END, 40, 7)).value is None
    assert shown(mean, Raw(START, END, 40, 8)).value == 40 / 10


def test_rates_are_told_for_a_year_of_their_days():
    admissions = shown(RECORDS.get("emerg_adm_65"), Raw(START, END, 300, 20_000))
    assert admissions.value == pytest.approx(1e5 * 300 / 20_000 * 365.25 / 30)
    stays = shown(RECORDS.get("resid_adm_65"), Raw(START, END, 20, 20_000))
    assert stays.value == pytest.approx(1e5 * 20 / 20_000 * 253 / 20)
    waiting = shown(RECORDS.get("dtoc"), Raw(START, END, 600, 100_000))
    assert waiting.value == pytest.approx(1e5 * 600 / 30 / 100_000)


def test_working_days_leave_out_weekends_and_bank_holidays():
    assert [easter_sunday(year) for year in (2024, 2025, 2026)] == [
        dt.date(2024, 3, 31), dt.date(2025, 4, 20), dt.date(2026, 4, 5),
    ]  # fmt: skip
    assert n_days(START, END, Days.WORKING) == 20  # Good Friday and Easter Monday are in it
    assert (
        n_days(dt.date(2022, 1, 1), dt.date(2022, 1, 31), Days.WORKING) == 20
    )  # New Year's Day was a Saturday
    assert following(PeriodKind.MONTH, dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)


def test_a_period_is_a_whole_one_of_its_kind():
    assert period_fault(PeriodKind.MONTH, START, END) is None
    assert "calendar month" in period_fault(PeriodKind.MONTH, START, dt.date(2026, 5, 31))
    assert "whole months" in period_fault(PeriodKind.MONTH, START, dt.date(2026, 4, 29))
    assert "calendar quarter" in period_fault(PeriodKind.QUARTER, dt.date(2026, 2, 1), END)
    assert period_fault(PeriodKind.YEAR, dt.date(2025, 10, 1), dt.date(2025, 12, 31)) is None


def test_every_bad_line_is_named_with_its_reasons():
    text = """measure,place,from,to,numerator,denominator,note
emerg,north,2026-04-01,2026-04-30,1,1,
emerg_adm_65,south,2026-04-01,2026-04-30,1,1,
emerg_adm_65,north,2026-04-01,2026-04-15,1,1,
emerg_adm_65,north,2026-13-01,2026-04-30,x,,
reable_offer,north,2026-04-01,2026-04-30,9,8,=1+1
emerg_adm_65,north,2027-04-01,2027-04-30,1.5,100,
emerg_adm_65,north,2026-03-01,2026-03-31,1,100,
emerg_adm_65,north,2026-03-01,2026-03-31,2,100,
"""
    faults = Faults()
    read_rows(text, RECORDS, {"north"}, today=dt.date(2026, 11, 2), faults=faults)
    with pytest.raises(BadRows) as caught:
        faults.raise_any()
    said = str(caught.value)
    for expected in (
        "line 2: measure 'emerg' is not known",
        "line 3: place 'south' is not known",
        "line 4: expected whole months",
        "line 5: from must be a date",
        "line 5: numerator must be a number",
        "line 5: denominator is empty",
        "line 6: note begins with '='",
        "line 6: numerator is larger than denominator",
        "line 7: to 2027-04-30 is in the future",
        "line 7: numerator must be a whole number",
        "line 9: the same measure, place and period stand already in line 8",
    ):
        assert expected in said


def test_a_years_figures_have_no_lines_and_no_verdict():
    years = [
        Shown(dt.date(year, 10, 1), dt.date(year, 12, 31), 200 + year % 9 * 5, 250, 80.0 + year % 9, 2.5)
        for year in range(2000, 2026)
    ]
    series = record_series(RECORDS.get("reable_91"), "north", "e1", years, NOTHING)
    assert (series.chart, series.variation, series.latest.centre, series.latest.signals) == (
        ChartKind.NONE, None, None, (),
    )  # fmt: skip
    assert "from October to December 2025" in series.summary
    assert series_from_json(series.to_json()).counted == "people at home"
