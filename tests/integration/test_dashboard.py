import csv
import io
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.know.evidence.compute import save
from survey_app.know.evidence.series import LimitsStage
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.store import Missing, undrawn
from survey_app.show.charts.store import save as keep_pictures
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import VariationIcon
from tests.integration.signed_in import enter, settle
from tests.unit.show.charts.example import example, weighing

ONE = "/dashboard/series/ex.say.mean/riverside"


@pytest.fixture(autouse=True)
def figures(runtime):
    settle(runtime, "lead@example.org", "east@example.org")
    with runtime.database.writing() as session:
        worse = example(place="hilltop", variation=VariationIcon.CONCERN_LOW)
        save(session, [example(), example(measure="ex.info.mean"), worse], now=runtime.clock())


@pytest.fixture
def lead(app):
    return enter(app, "lead@example.org")[0]


@pytest.fixture
def east(app):
    return enter(app, "east@example.org")[0]


def drawn(runtime):
    with runtime.database.writing() as session:
        for todo in (todo for todo in undrawn(session, limit=10) if todo.series == example()):
            keep_pictures(session, todo, draw(todo.series, todo.title(runtime.measures)), now=runtime.clock())


def queries_of(runtime, client, address):
    seen = []
    sa.event.listen(runtime.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert client.get(address).status_code == 200
    return len(seen)


def test_the_monday_page_tells_changes_and_how_many_chance_would_flag(lead):
    page = lead.get("/dashboard").text
    assert "3 of 3 charts" in page
    assert "fewer than 1" in page
    assert page.count("Better: it was 66 out of 100.") == 3


def test_the_monday_page_without_figures_says_so(app, runtime):
    with runtime.database.writing() as session:
        session.execute(sa.text("DELETE FROM series"))
    client, _ = enter(app, "lead@example.org")
    assert "There are no figures yet" in client.get("/dashboard").text


def test_the_model_shows_figures_and_says_where_there_is_no_measure(lead):
    page = lead.get("/dashboard/model?place=riverside").text
    assert page.count("app-model__column") == 4
    assert "No measure yet" in page
    assert "No answers yet" in page
    assert f'href="{ONE}"' in page


def test_element_and_place_pages_list_the_series(lead):
    assert "Riverside" in lead.get("/dashboard/elements/outcomes.experience.3").text
    assert f'href="{ONE}"' in lead.get("/dashboard/places/riverside").text
    assert "Riverside" in lead.get("/dashboard/places/east").text


def test_the_series_page_shows_the_table_while_the_picture_is_being_drawn(lead, runtime):
    assert "The picture is being drawn" in lead.get(ONE).text
    assert lead.get(f"{ONE}.svg").status_code == 404
    drawn(runtime)
    page = lead.get(ONE).text
    assert f'src="{ONE}.svg?release=r1"' in page
    assert 'alt="Better: it was 66 out of 100.' in page


def test_every_twin_shows_what_the_page_shows(lead, runtime):
    drawn(runtime)
    document = json.loads(lead.get(f"{ONE}.json").data)
    assert document == json.loads(example().to_json())
    rows = list(csv.DictReader(io.StringIO(lead.get(f"{ONE}.csv").data.decode(), newline="")))
    page = lead.get(ONE).text
    for point, row in zip(document["points"], rows, strict=True):
        if "value" in point:
            assert float(row["value"]) == point["value"]
            assert f'<data value="{point["value"]}">' in page
    assert lead.get(f"{ONE}.svg").data != lead.get(f"{ONE}.svg?width=narrow").data
    assert lead.get(f"{ONE}.svg").mimetype == "image/svg+xml"
    assert lead.get(f"{ONE}.png").mimetype == "image/png"


def page_of(runtime, client, series):
    with runtime.database.writing() as session:
        save(session, [series], now=runtime.clock())
    return client.get(ONE).text


def test_the_series_page_says_what_its_limits_are_and_how_firm(lead, runtime):
    page = page_of(runtime, lead, weighing(limits=LimitsStage.TRIAL))
    assert "Each point has limits of its own: they are wider where fewer people answered." in page
    assert "They are on trial" in page
    assert "about 1 chart in 70" in page
    assert "the weakest sign" in page
    page = page_of(runtime, lead, weighing())
    assert "They are locked" in page
    assert "about 1 chart in 30" in page
    page = page_of(runtime, lead, example())
    assert "The limits are the same for every point." in page
    assert "about 1 chart in 20" in page
    assert "the weakest sign" not in page


def test_the_series_page_says_since_when_a_run_is_marked(lead):
    assert "marked since 25 Oct 2026, when the pattern was complete" in lead.get(ONE).text


def test_a_young_series_page_promises_no_limits_before_there_are_any(lead, runtime):
    young = [replace(point, lower=None, upper=None) for point in example(gaps=(), n_weeks=8).points]
    changed = {"points": tuple(young), "chart": ChartKind.RUN, "limits": LimitsStage.NONE, "variation": None}
    page = page_of(runtime, lead, example(**changed))
    assert "the line in the middle is the median" in page
    assert "It takes 13 figures that move" in page
    assert "Chance alone marks" not in page


@pytest.mark.parametrize("twin", ["", ".json", ".csv", ".svg", ".png"])
def test_a_foreign_place_is_answered_like_an_unknown_one(east, runtime, twin):
    drawn(runtime)
    foreign = east.get(f"/dashboard/series/ex.say.mean/hilltop{twin}")
    unknown = east.get(f"/dashboard/series/ex.say.mean/nowhere{twin}")
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data)
    assert foreign.status_code == 404
    assert east.get(f"{ONE}{twin}").status_code == 200


@pytest.mark.parametrize(
    "address", ["/dashboard/places/hilltop", "/dashboard/model?place=hilltop", "/dashboard/places/kmd"]
)
def test_pages_of_foreign_places_are_not_found(east, address):
    assert east.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/dashboard", "/dashboard/elements/outcomes.experience.3", "/dashboard/model"]
)
def test_lists_hold_nothing_of_foreign_places(east, lead, address):
    assert "Hilltop" not in east.get(address).text
    assert east.get(address).status_code == 200


def test_unknown_measures_and_elements_are_not_found(lead):
    assert lead.get("/dashboard/series/nothing.mean/riverside").status_code == 404
    assert lead.get("/dashboard/series/ex.life.mean/riverside").status_code == 404
    assert lead.get("/dashboard/elements/outcomes.experience.99").status_code == 404


def test_nothing_of_the_dashboard_is_kept_by_proxies(lead, runtime):
    drawn(runtime)
    for address in (
        "/dashboard",
        "/dashboard/model",
        ONE,
        f"{ONE}.json",
        f"{ONE}.csv",
        f"{ONE}.svg",
        f"{ONE}.png",
    ):
        assert lead.get(address).headers["Cache-Control"] == "private, no-store"


def test_more_series_take_no_more_queries(lead, runtime):
    addresses = (
        "/dashboard",
        "/dashboard/model",
        "/dashboard/places/riverside",
        "/dashboard/elements/outcomes.experience.3",
    )
    before = [queries_of(runtime, lead, address) for address in addresses]
    with runtime.database.writing() as session:
        more = [
            example(measure=m.id, place=p)
            for m in runtime.measures.all()
            for p in ("riverside", "hilltop", "east")
        ]
        save(session, more, now=runtime.clock())
    assert [queries_of(runtime, lead, address) for address in addresses] == before


def test_pages_carry_no_style_attributes(lead, runtime):
    drawn(runtime)
    for address in ("/dashboard", "/dashboard/model?place=riverside", ONE, "/dashboard/places/riverside"):
        assert " style=" not in lead.get(address).text


def test_a_missing_picture_knows_its_names(runtime):
    assert Missing(example(), "Riverside").title(runtime.measures).place == "Riverside"
