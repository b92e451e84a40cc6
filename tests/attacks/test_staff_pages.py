"""Staff pages from outside and next door: forms, names, caches; A061-A090 (all routes: test_roles.py)."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from survey_app.accounts.tables import Staff
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.tables import Place
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.alerts import Distress, raise_alert
from survey_app.know.evidence.keeping import save
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who, circles_of
from tests.attacks import scorecard_rows
from tests.attacks.ground import ON_SQLITE, everything
from tests.attacks.matrix import FORBIDDEN, FOREIGN, SIGN_IN
from tests.factories import make_action, make_campaign
from tests.integration.signed_in import csrf_in, enter, settle
from tests.unit.show.charts.example import example

PEOPLE = (
    "lead@example.org",
    "east@example.org",
    "officer@example.org",
    "east-officer@example.org",
    "nobody@example.org",
)


@pytest.fixture
def west(runtime):
    """A campaign, an alert, a series and an action of hilltop, and a series of riverside in the east."""
    settle(runtime, *PEOPLE)
    distress = Distress(
        source="SM1",
        kind=DistressKind.CRISIS,
        sender="+447700900123",
        words="words of hilltop",
        at=runtime.clock(),
        place_id="hilltop",
    )
    with runtime.database.writing() as session:
        make_campaign(session, places=[session.get_one(Place, "hilltop")], name="Hilltop only")
        raise_alert(session, distress, keys=runtime.keys, settings=runtime.settings)
        save(session, [example(), example(place="hilltop")], now=runtime.clock())
        make_action(session, "hilltop", told="words about hilltop")
        scorecard_rows.board_of_the_west(session, runtime.clock())


@pytest.fixture
def east_lead(app, west):
    return enter(app, "east@example.org")[0]


@pytest.fixture
def east_officer(app, west):
    return enter(app, "east-officer@example.org")[0]


@pytest.fixture
def officer(app, west):
    return enter(app, "officer@example.org")[0]


def routes_of(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            if not rule.rule.startswith("/simulator"):
                yield rule, method


@ON_SQLITE
def test_a060_options_and_head_are_no_way_round(app, west):
    stranger = app.test_client()
    for rule, method in routes_of(app):
        circles = set(circles_of(app, rule.endpoint))
        if circles & {Who.ANYONE, Who.RESPONDENT, Who.PROVIDER, Who.TOKEN} or method == "POST":
            continue
        address = app.url_map.bind("localhost").build(rule.endpoint, {n: FOREIGN[n] for n in rule.arguments})
        for way in ("HEAD", "OPTIONS"):
            assert stranger.open(address, method=way).status_code == SIGN_IN, (way, address)


@ON_SQLITE
@pytest.mark.parametrize(
    "end",
    ["", "/live", "/target", "/baseline", ".json", ".csv", ".xlsx", ".svg", ".png", ".svg?width=narrow"],
)
def test_a061_a062_a_foreign_place_answers_like_an_unknown_one(east_lead, end):
    page = "/dashboard/series/ex.say.mean/{}" + end
    foreign, unknown = (east_lead.get(page.format(place)) for place in ("hilltop", "atlantis"))
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    for place in ("west", "kmd", "hilltop"):
        assert east_lead.get(f"/dashboard/places/{place}").data == unknown.data
        assert east_lead.get(f"/dashboard/model?place={place}").status_code == 404
    assert east_lead.get("/dashboard/series/ex.say.mean/riverside").status_code == 200


@ON_SQLITE
def test_a061_nothing_of_the_neighbour_stands_on_a_page(east_lead, east_officer):
    pages = [
        "/dashboard",
        "/dashboard/model",
        "/dashboard/elements/outcomes.experience.3",
        "/dashboard/actions",
        "/dashboard/actions/new",
        "/you-said",
        "/dashboard/scorecards",
        "/dashboard/measures/ex.say.mean",
        "/workspace/alerts",
    ]
    shown = [east_lead.get(page).text for page in pages]
    shown += [east_officer.get(page).text for page in ("/workspace", "/workspace/campaigns/new")]
    for page in shown:
        assert "illtop" not in page
        assert "/west/" not in page


def test_a061_a_number_no_row_can_have_is_not_found(officer):
    form = {"csrf_token": csrf_in(officer)}
    for number in ("2147483648", "9223372036854775808", "9" * 60, "0"):
        assert officer.get(f"/workspace/campaigns/{number}").status_code == 404
        assert officer.post(f"/workspace/campaigns/{number}/end", data=form).status_code == 404
        assert officer.post(f"/workspace/alerts/{number}", data=form).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    "place", ["%00", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1--", "%e2%80%ae", "a" * 3000, "*"]
)
def test_a089_a090_odd_names_are_not_found(east_lead, place):
    for address in (f"/dashboard/places/{place}", f"/dashboard/series/ex.say.mean/{place}.csv"):
        assert east_lead.get(address).status_code == 404
    assert east_lead.get(f"/dashboard/elements/{place}").status_code == 404
    assert east_lead.get(f"/dashboard/measures/{place}").status_code == 404
    assert east_lead.get(f"/dashboard/model?framework={place}").status_code == 404
    assert east_lead.get(f"/dashboard/series/{place}/riverside.svg").status_code == 404
    assert east_lead.get(f"/help/{place}").status_code == 404
    assert east_lead.get(f"/static/{place}").status_code == 404


@ON_SQLITE
def test_a063_a_staff_page_is_kept_by_no_cache(east_lead, east_officer):
    for reply in (
        *(
            east_lead.get(f"/dashboard/series/ex.say.mean/riverside{end}")
            for end in ("", ".json", ".csv", ".png")
        ),
        *(east_lead.get(page) for page in ("/dashboard", "/workspace/alerts", "/dashboard/places/hilltop")),
        east_officer.get("/workspace/people"),
    ):
        assert "no-store" in reply.headers["Cache-Control"]
        # A stamp of the release alone: it says nothing that the page does not.
        assert reply.headers.get("ETag") in {None, '"r1.json"', '"r1.csv"'}
        assert "Last-Modified" not in reply.headers
        for name in (
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Referrer-Policy",
            "X-Frame-Options",
        ):
            assert name in reply.headers


@ON_SQLITE
def test_a064_a_form_cannot_set_what_it_does_not_ask(officer, runtime):
    form = {
        "csrf_token": csrf_in(officer),
        "name": "Mine",
        "instrument": "pulse-user-6:1",
        "localities": ["riverside"],
        "channels": ["web"],
        "rhythm": "weekly",
        "weekly_sample": "5",
        "starts_on": "2026-11-09",
        "ends_on": "2027-01-03",
        "window_days": "7",
        "state": "running",
        "seed": "1",
        "id": "77",
        "audience": "staff",
    }
    assert officer.post("/workspace/campaigns/new", data=form).status_code == 303
    with runtime.database.reading() as session:
        made = session.scalars(sa.select(Campaign).where(Campaign.name == "Mine")).one()
    assert (made.state, made.audience, made.id) == ("draft", "user", 2)
    assert made.seed != 1


def posts(app):
    for rule, method in routes_of(app):
        if method == "POST" and set(circles_of(app, rule.endpoint)) & set(ROLES):
            yield app.url_map.bind("localhost").build(rule.endpoint, {n: FOREIGN[n] for n in rule.arguments})


@ON_SQLITE
def test_a065_no_staff_form_is_taken_without_its_sessions_own_token(app, runtime, officer, east_officer):
    addresses = list(posts(app))
    assert len(addresses) >= 5
    before = everything(runtime.database)
    tokens = ("", "x", csrf_in(east_officer), csrf_in(officer).upper(), "\xe9")
    for address in addresses:
        for token in tokens:
            reply = officer.post(address, data={"csrf_token": token, "name": "x"})
            assert reply.status_code == FORBIDDEN, address
        elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        good = {"csrf_token": csrf_in(officer)}
        assert officer.post(address, data=good, headers=elsewhere).status_code == FORBIDDEN
        assert officer.post(f"{address}?csrf_token={good['csrf_token']}", data={}).status_code == FORBIDDEN
    assert officer.get("/sign-out").status_code == 405
    assert everything(runtime.database) == before


CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{%raw%}",
    "javascript:alert(1)//",
    "$\\frac{1}$",
    "=1+1",
)


@ON_SQLITE
@pytest.mark.parametrize("name", CORPUS)
def test_a080_a085_a_name_is_only_ever_text(app, runtime, officer, name):
    with runtime.database.writing() as session:
        session.execute(sa.update(Place).where(Place.id == "riverside").values(name=name))
        session.execute(sa.update(Campaign).values(name=name))
        scorecard_rows.board_of_the_west(session, runtime.clock(), name)
        session.execute(sa.update(Staff).values(name=name))
    pages = ("/dashboard", "/dashboard/model?place=riverside", "/dashboard/places/riverside", "/workspace")
    pages += ("/dashboard/series/ex.say.mean/riverside", "/workspace/campaigns/1", "/workspace/campaigns/new")
    pages += ("/dashboard/scorecards", "/dashboard/scorecards/2", "/dashboard/scorecards/2/versions/1")
    for page in pages:
        reply = officer.get(page)
        assert reply.status_code == 200, page
        assert "<script>alert" not in reply.text
        assert "<img src=x" not in reply.text
        assert 'href="javascript' not in reply.text
        assert "49" not in re.findall(r"<h1.*?</h1>", reply.text, re.DOTALL)[0] if "7*7" in name else True


@ON_SQLITE
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"PK\x03\x04" + b"\0" * 90, b"\x00", b'"' * 999])
def test_a083_what_is_no_list_of_people_is_refused_whole(officer, runtime, data):
    before = everything(runtime.database)
    form = {"csrf_token": csrf_in(officer), "people": (io.BytesIO(data), "../../etc/<b>.csv")}
    reply = officer.post("/workspace/people", data=form)
    assert reply.status_code == 422
    assert "<b>" not in reply.text
    assert everything(runtime.database) == before


def test_a029_an_odd_name_for_a_campaign_is_refused_or_kept_and_never_breaks(officer):
    csrf = csrf_in(officer)
    good = {
        "instrument": "pulse-user-6:1",
        "localities": ["riverside"],
        "channels": ["web"],
        "rhythm": "weekly",
    }
    days = {"starts_on": "2026-11-09", "ends_on": "2027-01-03", "window_days": "7", "weekly_sample": "5"}
    for odd in ("\x00", "a\x00b", "\ud7ff", "\u202eb", "\r\nSet-Cookie: a=b"):
        form = {"csrf_token": csrf, "name": odd, "localities": ["riverside", odd], "instrument": odd}
        fault = 400 if "\x00" in odd else 422
        assert officer.post("/workspace/campaigns/new", data=form).status_code == fault, odd
        reply = officer.post("/workspace/campaigns/new", data=form | good | days)
        assert reply.status_code in {303, fault}, odd
        assert "Set-Cookie" not in reply.headers


def test_a029_a083_an_odd_reference_in_a_list_never_breaks(officer):
    head, csrf = "reference,audience,locality,practice,phone,channel,language,consent\n", csrf_in(officer)
    for odd in ("p\x001", "p\u202e1", "=p1", "p" * 5000, '"p\n1"'):
        lines = f"{head}{odd},user,riverside,,,web,en,given\n"
        form = {"csrf_token": csrf, "people": (io.BytesIO(lines.encode()), "people.csv")}
        reply = officer.post("/workspace/people", data=form)
        assert reply.status_code in {303, 422}, odd
        if reply.status_code == 303:
            address = reply.headers["Location"].partition("#")[0]
            assert officer.get(address).status_code == 200, odd
            assert officer.get(f"{address}/refused.csv").status_code == 200, odd
            assert officer.post(f"{address}/take", data={"csrf_token": csrf}).status_code == 303, odd
