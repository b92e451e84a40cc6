"""Records and panels from the officer's page to the manager's: what is shown, kept and left out."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.ask.outreach.panels.tables import PanelRound, Rater
from survey_app.ask.population.tables import Participant
from survey_app.cli.records import records
from survey_app.hear.erasure.erasing import erase
from survey_app.hear.responses.tables import Response
from survey_app.jobs.counting import refresh, top_up
from survey_app.jobs.worker import draw_some
from survey_app.know.aggregation.tables import Pooled
from survey_app.know.evidence.panels.store import newest_at, panels_at
from survey_app.know.evidence.store import stored
from survey_app.know.records.tables import Record, RecordImport
from tests.integration.signed_in import csrf_in, enter, settle

HEADER = "measure,place,from,to,numerator,denominator,note\n"
AUGUST = "reable_offer,riverside,2026-08-01,2026-08-31,{},150,{}\n"
SEPTEMBER = "reable_offer,riverside,2026-09-01,2026-09-30,6,150,\n"
RATERS = "Ana Lee,Director,yes\nBen Oak,GP lead,yes\nCy Ash,Carers' lead,yes\n"


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org", "lead@example.org", "east@example.org")


@pytest.fixture
def officer(app):
    return enter(app, "officer@example.org")[0]


@pytest.fixture
def lead(app):
    return enter(app, "lead@example.org")[0]


def send(client, address, **data):
    return client.post(address, data={"csrf_token": csrf_in(client)} | data)


def upload(client, text):
    file = (io.BytesIO(text.encode()), "return.csv")
    return send(client, "/workspace/records", records=file, source="Monthly return")


def confirm(client, shown):
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', shown.text)[1]
        for name in ("file", "file_name", "source")
    }
    return send(client, "/workspace/records/take", **form)


def rows(runtime, *columns):
    with runtime.database.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(columns[0]))]


def test_a_file_is_shown_first_then_stored_with_its_origin_and_corrected_by_a_revision(
    officer, lead, app, runtime
):
    shown = upload(officer, HEADER + AUGUST.format(21, "first count") + SEPTEMBER)
    assert "would bring 2 new figures" in shown.text
    assert rows(runtime, Record.id) == []
    assert "2 new figures" in confirm(officer, shown).text
    again = upload(officer, HEADER + AUGUST.format(31, "late records") + SEPTEMBER)
    assert "correct 1; 1 are there already" in again.text
    confirm(officer, again)
    assert rows(runtime, Record.revision, Record.numerator) == [(1, 21.0), (1, 6.0), (2, 31.0)]
    origin = rows(runtime, RecordImport.file_name, RecordImport.source, RecordImport.taken_by)
    assert origin[0] == ("return.csv", "Monthly return", "officer (officer@example.org)")

    assert (
        lead.get("/dashboard/series/reable_offer/riverside").status_code == 404
    )  # nothing is computed in the web
    refresh(runtime)
    page = lead.get("/dashboard/series/reable_offer/riverside").text
    assert '<data value="20.0">20.0%</data>' in page  # 30 of 150, not 31
    assert "The count is from 1 to 7" in page
    assert "return.csv, given by officer" in page
    assert "1 correction; earlier figures are kept." in page
    assert "late records" in page
    twin = lead.get("/dashboard/series/reable_offer/riverside.json").json
    assert [point.get("withheld") or (point["value"], point["n"]) for point in twin["points"]] == [
        (20.0, 30), "small_number",
    ]  # fmt: skip
    assert '<data value="20.0">' not in lead.get("/dashboard/places/hilltop").text
    assert "Records of services" in lead.get("/dashboard/places/riverside").text
    west = enter(app, "east@example.org")[0].get("/dashboard/series/reable_offer/hilltop")
    assert west.status_code == 404


def test_a_bad_file_or_a_place_out_of_reach_stores_nothing(officer, app, runtime):
    west = HEADER + AUGUST.format(21, "").replace("riverside", "hilltop")
    east = enter(app, "east-officer@example.org")[0]
    assert "is not known" in upload(east, west).text
    reply = send(east, "/workspace/records/take", file="bm90IGEgZmlsZQ==", file_name="x", source="")
    assert reply.status_code == 422
    overlap = (
        HEADER
        + "reable_91,riverside,2025-10-01,2025-12-31,20,30,\n"
        + "reable_91,riverside,2025-12-01,2026-01-31,20,30,\n"
    )
    assert "overlaps one that is there" in upload(officer, overlap).text
    assert upload(officer, "").status_code == 422
    assert rows(runtime, Record.id) == []


def test_the_command_takes_a_running_total_apart_and_says_where_a_month_is_missing(runtime, tmp_path):
    totals = {4: 40, 5: 70, 7: 120, 8: 118, 9: 160}
    lines = [
        f"resid_adm_65,kmd,2026-{month:02}-01,{dt.date(2026, month + 1, 1) - dt.timedelta(days=1)},{n},20000,"
        for month, n in totals.items()
    ]
    file = tmp_path / "stays.csv"
    file.write_text(HEADER + "\n".join(lines) + "\n")
    for said in ("5 new, 0 corrected, 0 as before", "0 new, 0 corrected, 5 as before"):
        assert said in CliRunner().invoke(records, ["import", str(file)], obj=lambda: runtime).output
    refresh(runtime)
    with runtime.database.reading() as session:
        series = stored(session, "resid_adm_65", "kmd")
    given = [getattr(point, "n", None) or point.withheld.value for point in series.points]
    assert given == [40, 30, "not_given", "not_given", "not_given", 40]
    assert "from about 40 new stays" in series.summary


def vote(app, link, code, clock):
    client, path = app.test_client(), link.removeprefix("http://localhost")
    assert "your name is shown beside your votes" in client.get(path).text
    for number in range(1, 13):
        page = client.get(f"{path}/{number}").text
        clock.advance(seconds=3)
        seal = re.search(r'name="seal" value="([^"]+)"', page)[1]
        reply = client.post(f"{path}/{number}", data={"seal": seal, "answer": str(code)})
        assert reply.status_code == 303


def judge(app, officer, runtime, clock, codes):
    closes = runtime.clock().date() + dt.timedelta(days=7)
    form = {"instrument": "scirocco-style-12", "place": "riverside", "closes_on": str(closes)}
    opened = send(officer, "/workspace/panels", **form, raters=RATERS)
    links = re.findall(r"<code>(http[^<]+/s/[^<]+)</code>", opened.text)
    for link, code in zip(links, codes, strict=True):
        vote(app, link, code, clock)
    assert not re.search(r"/s/\w{20}", officer.get("/workspace/panels").text)  # shown once
    number = rows(runtime, PanelRound.id)[-1][0]
    assert send(officer, f"/workspace/panels/{number}/close").status_code == 303
    assert app.test_client().get(links[0].removeprefix("http://localhost")).status_code in {200, 410}


def test_a_panel_votes_by_name_in_two_rounds_and_is_counted_nowhere_else(app, officer, lead, runtime, clock):
    judge(app, officer, runtime, clock, (2, 2, 3))
    clock.advance(minutes=5)
    judge(app, officer, runtime, clock, (3, 3, 0))
    top_up(runtime)
    assert len(rows(runtime, Response.settled_at)) == 6
    assert rows(runtime, Pooled.response_id) == []
    refresh(runtime)
    refresh(runtime)
    while draw_some(runtime):
        pass
    address = "/dashboard/panels/scirocco-style-12/riverside"
    page = lead.get(address).text
    assert "3 of 3 people judged." in page
    assert "Split on 12 of 12" in page
    assert "up 1 from 2" in page
    assert "Ana Lee" in page
    assert b"<svg" in lead.get(f"{address}.svg").data
    twins = [lead.get(address + end).text for end in (".json", ".csv", ".svg")]
    assert not any("Ana" in text for text in (officer.get(address).text, *twins))
    assert officer.get("/dashboard/panels/scirocco-style-12/hilltop").status_code == 404
    assert "How joined up are we?" in lead.get("/dashboard/places/riverside").text
    assert "How joined up are we?" not in officer.get("/workspace").text
    with runtime.database.reading() as session:
        found = panels_at(session, "riverside")
    assert {one.judged.id for one in found["enablers.governance.1"]} == {"sc.change", "sc.structure"}

    erase_ana(runtime)


def erase_ana(runtime):
    with runtime.database.writing() as session:
        ana = session.scalars(sa.select(Rater.participant_id).where(Rater.name == "Ana Lee")).first()
        erase(session, runtime.keys, session.get_one(Participant, ana), now=runtime.clock())
    refresh(runtime)
    with runtime.database.reading() as session:
        (result,) = newest_at(session, "riverside")
    assert [rater.name for rater in result.raters] == ["Ben Oak", "Cy Ash"]
    assert "Ana Lee" not in result.to_json()


def test_nobody_is_named_who_did_not_agree(officer, runtime):
    form = {"instrument": "scirocco-style-12", "place": "riverside", "closes_on": "2026-11-20"}
    refused = send(officer, "/workspace/panels", **form, raters=RATERS.replace("Director,yes", "Director,no"))
    assert refused.status_code == 422
    assert "agreed must be yes" in refused.text
    for changed in ({"place": "mars"}, {"instrument": "pulse-user-6"}, {"closes_on": "2020-01-01"}):
        assert send(officer, "/workspace/panels", **form | changed, raters=RATERS).status_code == 422
    assert rows(runtime, PanelRound.id) == []
    assert rows(runtime, Participant.id) == []
