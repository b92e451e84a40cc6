"""From a shift in the figures to new lines and back; targets and notes: what each changes, and who may."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
from survey_app.jobs.counting import refresh
from survey_app.jobs.steering import SteeringWatch
from survey_app.know.disclosure.tables import PEOPLE, Figure, Release, Told
from survey_app.know.improvement.marks import Mark, MarkKind
from survey_app.know.improvement.tables import AnnotationRow, RebaseRow, TargetRow
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.drawing.renderings import draw as pictures
from survey_app.show.charts.store import save as keep
from survey_app.show.charts.store import undrawn
from survey_app.show.charts.tables import ON_PAGES
from survey_app.show.charts.workbook import series_xlsx
from tests.attacks.ground import ON_SQLITE, everything
from tests.integration.signed_in import csrf_in, enter, settle
from tests.unit.show.charts.example import FIRST, example

SERIES = "/dashboard/series/ex.life.mean/riverside"
SYSTEM = "/dashboard/series/ex.life.mean/kmd"
N_WEEKS, SHIFT = 42, 28
WEEK = dt.timedelta(weeks=1)
MONDAY = dt.date(2026, 1, 5)
LINES = ("centre", "lower", "upper", "state", "signals")
JUDGED = ("value", "n", "low", "high")


def counts(week: int) -> dict[str, int]:
    n_good = 12 + 2 * ((week + 1) % 2) if week < SHIFT else 20 + week % 2
    return {"1": 24 - n_good, "4": n_good}


def tell(session, place, release_id):
    """Let out forty-two weeks of figures of a place that got better and stayed so."""
    stream = {
        "place_id": place,
        "instrument_id": "pulse-user-6",
        "instrument_version": 1,
        "audience": Audience.USER,
        "release_id": release_id,
    }
    bins = [
        {"bin_start": MONDAY + n * WEEK, "bin_end": MONDAY + n * WEEK + dt.timedelta(days=6)}
        for n in range(N_WEEKS)
    ]
    session.execute(sa.insert(Told), [{**stream, **bins[-1]}])
    rows = [
        {
            **stream, **bin_, "item_id": item, "counts": counts(n) if item else {}, "n_valid": 24,
            "carried": False, "provisional": False,
        }
        for n, bin_ in enumerate(bins)
        for item in (PEOPLE, "ex.life")
    ]  # fmt: skip
    session.execute(sa.insert(Figure), rows)


@pytest.fixture
def watch(runtime):
    settle(runtime, "lead@example.org", "east@example.org", "officer@example.org")
    with runtime.database.writing() as session:
        session.add(Release(id=1, token="t1", made_at=runtime.clock()))
        session.flush()
        for place in ("riverside", "hilltop", "kmd"):
            tell(session, place, 1)
    refresh(runtime)
    watch = SteeringWatch(runtime)
    assert watch.run()
    assert not watch.run()
    return watch


@pytest.fixture
def lead(app, watch):
    return enter(app, "lead@example.org")[0]


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_in(client), **form})


def points_of(client, names, address=SERIES):
    document = json.loads(client.get(f"{address}.json").data)
    return document, [[point.get(name) for name in names] for point in document["points"]]


def draw(runtime):
    """Let a worker draw what the page shows; the other forty series are left out."""
    with runtime.database.writing() as session:
        for todo in undrawn(session, 99, ON_PAGES):
            if (todo.series.measure, todo.series.place) == ("ex.life.mean", "riverside"):
                keep(
                    session,
                    todo,
                    pictures(todo.series, todo.title(runtime.measures), ON_PAGES),
                    now=runtime.clock(),
                )


def one(runtime, table):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(table)).one()


def test_a_lead_confirms_what_is_proposed_and_takes_it_back(lead, runtime, watch):
    draw(runtime)
    before, figures = points_of(lead, JUDGED)
    lines = points_of(lead, LINES)[1]
    assert before["proposal"] == {"from": "2026-07-20", "n_figures": 14, "upwards": True, "trial": False}
    page = lead.get(SERIES).text
    assert "The figures have moved and stayed." in page
    assert "From 20 Jul 2026 on 14 in a row lie above the average." in page
    etag = lead.get(f"{SERIES}/live").headers["ETag"]
    form = {"from": "2026-07-20", "reason": "One plan for each person"}
    assert post(lead, f"{SERIES}/baseline", **form).status_code == 303
    assert post(lead, f"{SERIES}/baseline", **form).status_code == 303  # pressed twice, confirmed once
    assert one(runtime, RebaseRow).confirmed_by == "lead (lead@example.org)"
    assert watch.run()
    after, rebased = points_of(lead, JUDGED)
    assert rebased == figures
    assert (after["release"], after["proposal"]) == (before["release"], None)
    new_lines = points_of(lead, LINES)[1]
    assert new_lines[:SHIFT] == lines[:SHIFT]
    assert new_lines[SHIFT][0] > lines[SHIFT][0]
    changed = lead.get(f"{SERIES}/live", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "New baseline: One plan for each person" in changed.text
    assert "data-pending" in changed.text  # the stored picture shows the old lines: it is drawn anew
    draw(runtime)
    assert "One plan" in lead.get(f"{SERIES}.svg").text
    take_back(lead, runtime, watch)
    assert points_of(lead, JUDGED)[1] == figures
    assert points_of(lead, LINES)[1] == lines


def take_back(lead, runtime, watch):
    address = f"{SERIES}/baseline/{one(runtime, RebaseRow).id}/take-back"
    assert post(lead, address, reason=" ").status_code == 422
    assert post(lead, address, reason="The plan ended").status_code == 303
    assert watch.run()
    history = lead.get(f"{SERIES}/baseline").text
    assert "taken back by lead (lead@example.org)" in history
    assert "The plan ended" in history


@ON_SQLITE
def test_a_rebase_needs_the_proposal_that_was_seen_and_a_cause(lead, runtime):
    moved = post(lead, f"{SERIES}/baseline", **{"from": "2026-07-27", "reason": "x"})
    assert moved.status_code == 409
    assert "The figures have moved on" in moved.text
    none = post(lead, f"{SERIES}/baseline", **{"from": "2026-07-20", "reason": ""})
    assert none.status_code == 422
    assert "Write down the cause" in none.text
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RebaseRow)) == 0


@ON_SQLITE
def test_a_target_is_told_with_what_the_limits_promise_and_can_be_ended(lead, runtime, watch):
    figures = points_of(lead, (*JUDGED, *LINES))[1]
    assert post(lead, f"{SERIES}/target", value="5,5", since="2026-03-02").status_code == 303
    assert watch.run()
    document, same = points_of(lead, (*JUDGED, *LINES))
    assert (document["target"], document["target_since"], document["assurance"]) == (
        5.5,
        "2026-03-02",
        "pass",
    )
    assert same == figures
    assert (
        "The target is 5.5, since 2 Mar 2026. As things are, it will be met every week"
        in lead.get(SERIES).text
    )
    for value, since, words in (("much", "2026-03-02", "as a number"), ("50", "soon", "as year-month-day")):
        refused = post(lead, f"{SERIES}/target", value=value, since=since)
        assert (refused.status_code, words in refused.text) == (422, True)
    assert post(lead, f"{SERIES}/target", end="yes").status_code == 303
    watch.run()
    assert json.loads(lead.get(f"{SERIES}.json").data)["target"] is None
    assert "Ended by lead (lead@example.org)" in lead.get(f"{SERIES}/target").text


@ON_SQLITE
def test_a_note_of_the_system_stands_on_the_charts_below_until_it_is_withdrawn(app, lead, runtime, watch):
    evil = "<b>=1+1</b> flood"
    form = {"text": evil, "day": "2026-05-06", "concerns": "place"}
    officer, _ = enter(app, "officer@example.org")
    assert post(officer, f"{SYSTEM}/annotations", **form).status_code == 303
    assert watch.run()
    for address in (SERIES, SYSTEM):
        page = lead.get(address).text
        assert "Note: &lt;b&gt;=1+1&lt;/b&gt; flood" in page
        assert "<b>=1+1" not in page
        assert json.loads(lead.get(f"{address}.json").data)["marks"][0]["text"] == evil
    number = one(runtime, AnnotationRow).id
    assert post(lead, f"{SERIES}/annotations/{number}/withdraw").status_code == 404  # it is not this place's
    east, _ = enter(app, "east@example.org")
    notes = east.get(f"{SERIES}/annotations").text
    assert "a wider area" in notes
    assert "officer@example.org" not in notes  # nor who wrote it there
    assert post(east, f"{SYSTEM}/annotations/{number}/withdraw").status_code == 404
    assert post(officer, f"{SYSTEM}/annotations/{number}/withdraw").status_code == 303
    watch.run()
    assert json.loads(lead.get(f"{SERIES}.json").data)["marks"] == []
    assert "withdrawn by officer" in lead.get(f"{SYSTEM}/annotations").text
    assert "flood" not in east.get(f"{SERIES}/annotations").text


@ON_SQLITE
def test_only_a_lead_of_the_place_decides_and_a_foreign_place_is_unknown(app, lead, runtime):
    officer, east = enter(app, "officer@example.org")[0], enter(app, "east@example.org")[0]
    decisions = {
        "target": {"value": "5", "since": "2026-03-02"},
        "baseline": {"from": "2026-07-20", "reason": "x"},
    }
    foreign = "/dashboard/series/ex.life.mean/hilltop"
    before = everything(runtime.database)
    for name, form in decisions.items():
        assert post(officer, f"{SERIES}/{name}", **form).status_code == 403
        assert officer.get(f"{SERIES}/{name}").status_code == 200
        assert (
            "<form" not in re.findall(r"<main.*</main>", officer.get(f"{SERIES}/{name}").text, re.DOTALL)[0]
        )
        assert post(east, f"{foreign}/{name}", **form).status_code == 404
        assert post(east, f"{SYSTEM}/{name}", **form).status_code == 404
    note = {"text": "x", "day": "2026-05-06", "concerns": "chart"}
    assert post(east, f"{foreign}/annotations", **note).status_code == 404
    assert post(lead, f"{SERIES}/annotations/77/withdraw").status_code == 404
    after = everything(runtime.database)
    assert {name: rows for name, rows in after.items() if name != "staff_session"} == {
        name: rows for name, rows in before.items() if name != "staff_session"
    }
    assert post(lead, f"{SERIES}/annotations", **note).status_code == 303
    number = one(runtime, AnnotationRow).id
    assert post(officer, f"{SERIES}/annotations/{number}/withdraw").status_code == 403
    assert post(lead, f"{SERIES}/target", **decisions["target"]).status_code == 303
    assert one(runtime, TargetRow).set_by == "lead (lead@example.org)"


@ON_SQLITE
def test_the_page_says_how_its_number_was_made(lead):
    page = lead.get(SERIES).text
    for words in (
        "Each figure comes from 24 answers.",
        "would most likely lie between",
        "No = 0 /",
        "This wording (version 1) has had figures here since 5 Jan 2026.",
        "a 95% interval of the mean",
        f'value="http://localhost{SERIES}"',
        f'href="{SERIES}.xlsx"',
    ):
        assert words in page, words


def sheets(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_no_text_in_a_workbook_is_a_formula_or_a_link():
    evil = ("=1+1", "+1", "@SUM(A1)", "http://evil.example", '=HYPERLINK("x")')
    marks = tuple(Mark(FIRST, MarkKind.ANNOTATION, text) for text in evil)
    titles = Titles("=cmd|'/c calc'!A1", "=1+1")
    content = series_xlsx(example(marks=marks, place="=1+1"), titles)
    text = sheets(content)
    assert "<f>" not in text
    assert "<hyperlink " not in text
    assert "<t>=1+1</t>" in text
    assert content == series_xlsx(example(marks=marks, place="=1+1"), titles)


@ON_SQLITE
def test_the_workbook_has_the_figures_of_the_json(lead):
    reply = lead.get(f"{SERIES}.xlsx")
    assert reply.mimetype.endswith("spreadsheetml.sheet")
    text = sheets(reply.data)
    values = [float(cell) for cell in re.findall(r'<c r="E\d+"><v>([^<]+)', text)]
    assert values == [point["value"] for point in json.loads(lead.get(f"{SERIES}.json").data)["points"]]
    assert "Living the way I want" in text
