import csv
import io
import json
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.know.evidence.changes import tally
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.series import LimitsStage, Point
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.store import Missing, undrawn
from survey_app.show.charts.store import save as keep_pictures
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import Assurance, PointState, VariationIcon
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
    client.get(address)  # faces of series are kept from one page to the next: count once they are
    seen = []
    sa.event.listen(runtime.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert client.get(address).status_code == 200
    return len(seen)


def test_the_monday_page_says_what_to_look_at_first_and_how_many_chance_would_mark(lead):
    page = lead.get("/dashboard").text
    assert "Look first at" in page
    assert "Of 3 charts, fewer than 1 would be marked by chance this week." in page
    assert "<strong>3 are</strong>: 3 better, 0 worse." in page
    assert page.count("Better: it was 66 out of 100.") == 3


def test_chance_is_counted_by_kind_of_chart_and_by_how_firm_its_limits_are(runtime):
    trial = {"chart": ChartKind.I_PRIME, "limits": LimitsStage.TRIAL}
    locked = {"chart": ChartKind.P_PRIME, "limits": LimitsStage.LOCKED}
    names = [
        measure.id for measure in runtime.measures.all() if measure.id not in ("ex.say.mean", "ex.info.mean")
    ]
    with runtime.database.writing() as session:
        save(session, [example(measure=name, **trial) for name in names[:10]], now=runtime.clock())
        save(session, [example(measure=name, **locked) for name in names[10:30]], now=runtime.clock())
        save(
            session, [example(measure=names[30], n_weeks=15, **locked)], now=runtime.clock()
        )  # not of this week
    with runtime.database.reading() as session:
        found = tally(session, ["/kmd/"])
    assert (found.n_charts, found.n_better) == (33, 33)
    assert found.by_chance == pytest.approx(3 * 0.055 + 10 * 0.015 + 20 * 0.036)


def test_every_element_has_a_page_whoever_speaks_to_it(lead, runtime):
    for element in (one for column in runtime.model.columns for box in column.boxes for one in box.elements):
        assert lead.get(f"/dashboard/elements/{element.id}").status_code == 200, element.id


def test_a_month_of_records_that_ends_later_makes_no_week_an_old_one(lead, runtime):
    record = runtime.measures.records[0]
    with runtime.database.writing() as session:
        save(session, [example(measure=record, n_weeks=30)], now=runtime.clock())
    page = lead.get("/dashboard").text
    assert "<strong>3 are</strong>: 3 better, 0 worse." in page


def test_a_change_of_a_place_and_of_those_above_it_is_told_once(lead, runtime):
    above = [example(place=place, release=place) for place in ("east", "kmd")]
    share = example(measure="ex.say.top", release="share")
    with runtime.database.writing() as session:
        save(session, [*above, share], now=runtime.clock())
    page = lead.get("/dashboard").text
    assert page.count('<li class="app-change ') == 3
    for address in ("ex.say.mean/east", "ex.say.mean/kmd", "ex.say.top/riverside"):
        assert f'href="/dashboard/series/{address}"' in page
    assert "<strong>6 are</strong>" in page


def test_the_monday_page_says_where_too_little_is_heard_and_which_targets_are_missed(lead, runtime):
    series = [
        example(measure="pulse-user-6.replies", place="east", gaps=(20,), n_weeks=22),
        example(measure="ex.life.mean", place="west", target=80.0, assurance=Assurance.FAIL, n_weeks=12),
        example(measure="ex.life.mean", place="hilltop", gaps=(20,)),
    ]
    with runtime.database.writing() as session:
        save(session, series, now=runtime.clock())
    page = lead.get("/dashboard").text
    heard = page[page.index("Where we do not hear enough") : page.index("Look further")]
    assert re.findall(r"places/(\w+)", heard) == ["east", "west", "hilltop"]
    assert "No figure up to 25 Oct 2026" in heard
    assert "No new figure since 16 Aug 2026" in heard
    assert "1 of 2 charts have no figure" in heard
    due = page[page.index("What is due") : page.index("Where we do not hear enough")]
    assert 'href="/dashboard/series/ex.life.mean/west"' in due
    assert "West Kentmere" in due


def test_figures_of_which_none_can_be_judged_yet_are_not_counted_against_chance(lead, runtime):
    young = example(variation=None, limits=LimitsStage.NONE)
    points = tuple(
        replace(point, state=PointState.NONE, signals=(), lower=None, upper=None)
        for point in young.points
        if isinstance(point, Point)
    )
    with runtime.database.writing() as session:
        session.execute(sa.text("DELETE FROM series"))
        save(session, [replace(young, points=points)], now=runtime.clock())
    page = lead.get("/dashboard").text
    assert "No chart can be judged yet" in page
    assert "Of 0 charts" not in page


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


def test_other_frameworks_and_the_text_show_the_same_figures(lead):
    for query in ("framework=sustain", "framework=change-concepts&view=text", "view=text"):
        page = lead.get(f"/dashboard/model?place=riverside&{query}").text
        assert f'href="{ONE}"' in page
        assert "No answers yet" in page
    assert "No measure yet: carers, staff, records, self-assessment, staff teams." in page
    assert "of the elements" in lead.get("/dashboard/model?framework=sustain").text
    assert lead.get("/dashboard/model?framework=nothing").status_code == 404


def test_one_gets_from_an_element_to_a_measure_to_a_place_and_back(lead):
    element, measure = "/dashboard/elements/outcomes.experience.3", "/dashboard/measures/ex.say.mean"
    assert f'href="{element}?place=riverside"' in lead.get("/dashboard/model?place=riverside").text
    page = lead.get(f"{element}?place=riverside").text
    assert f'href="{measure}"' in page
    assert f'href="{ONE}"' in page
    assert "2 better, 0 worse, of 2" in page
    page = lead.get(measure).text
    assert f'href="{ONE}"' in page
    assert f'href="{element}"' in page
    assert f'href="{measure}"' in lead.get(ONE).text
    scale = lead.get("/dashboard/measures/carer.ca6").text
    assert "Made of these questions" in scale
    part = re.search(r'href="(/dashboard/measures/ca\.[^"]+)"', scale)[1]
    assert 'href="/dashboard/measures/carer.ca6"' in lead.get(part).text


def test_element_and_place_pages_list_the_series(lead):
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
    "address",
    [
        "/dashboard",
        "/dashboard/elements/outcomes.experience.3",
        "/dashboard/measures/ex.say.mean",
        "/dashboard/model",
    ],
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
        "/dashboard/model?framework=five-domains&view=text",
        "/dashboard/places/riverside",
        "/dashboard/elements/outcomes.experience.3",
        "/dashboard/measures/ex.say.mean",
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
