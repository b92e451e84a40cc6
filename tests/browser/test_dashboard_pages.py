import datetime as dt
import json
import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role
from survey_app.database import Database
from survey_app.jobs.verdicts import judge_actions
from survey_app.jobs.worker import draw_funnels
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.places.refreshing import save_findings
from survey_app.know.evidence.places.tables import FindingKind
from survey_app.know.evidence.quarters import save_quarters
from survey_app.know.improvement.actions import notices
from survey_app.know.improvement.actions.tables import Notice
from survey_app.know.improvement.scorecards.plan import Pick, Plan
from survey_app.know.improvement.scorecards.store import create as create_scorecard
from survey_app.know.improvement.scorecards.store import save_version
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.store import save as keep_pictures
from survey_app.show.charts.store import undrawn
from tests.factories import make_action
from tests.integration.signed_in import PASSWORD, settle
from tests.unit.show.charts.example import example

pytestmark = pytest.mark.browser
STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "/dashboard",
    "/dashboard/digest",
    "/dashboard/model",
    "/dashboard/model?framework=change-concepts&view=text",
    "/dashboard/elements/outcomes.experience.3",
    "/dashboard/measures/ex.say.mean",
    "/dashboard/elements/enablers.governance.4",
    "/dashboard/places/riverside",
    "/dashboard/series/ex.say.mean/riverside",
    "/dashboard/series/ex.say.mean/riverside/annotations",
    "/dashboard/series/ex.say.mean/riverside/baseline",
    "/dashboard/quarters/ex.say.mean/kmd",
    "/dashboard/actions",
    "/dashboard/actions/1",
    "/dashboard/actions/new?place=riverside&measure=ex.say.mean",
    "/dashboard/actions/you-said/1",
    "/you-said/1",
    "/you-said/1/easy-read",
    "/dashboard/compare/ex.say.mean",
    "/dashboard/answered/kmd",
    "/dashboard/scorecards",
    "/dashboard/scorecards/1",
    "/dashboard/scorecards/1/edit/order",
    "/workspace",
    "/workspace/groups",
    "/workspace/campaigns/new",
    "/workspace/people",
    "/workspace/people/erase",
    "/workspace/places",
    "/workspace/places/riverside",
    "/workspace/records",
    "/workspace/panels",
    "/workspace/alerts",
    "/account/tokens",
    "/workspace/staff",
    "/workspace/staff/invite",
    "/dashboard/figures.csv",
)
LINES = [
    {
        "kind": "category",
        "category": "80-over",
        "edition": 1,
        "value": 61.5,
        "n": 24,
        "low": 50.0,
        "high": 73.0,
    },
    {"kind": "category", "category": "", "edition": 1, "withheld": "small_number"},
]
SCORECARD = Plan("Board", "Lead", picks=(Pick("outcomes.experience.2", ("ex.info.mean", "ex.info.top")),))
QUARTER = {
    "measure_id": "ex.say.mean",
    "place_id": "kmd",
    "quarter": dt.date(2026, 6, 29),
    "release": "token",
    "document": json.dumps(LINES),
}

COMPARED = {
    "target": 60.0,
    "widened": False,
    "smoothing": "few_places",
    "needed": None,
    "places": [
        {
            "place": "riverside",
            "value": 71.5,
            "n": 90,
            "low": 66.0,
            "high": 77.0,
            "position": "far_above",
            "usual": [55.0, 65.0],
            "limits": [52.0, 68.0],
        },
        {"place": "hilltop", "withheld": "small_number"},
    ],
    "lines": [[10, 45.0, 75.0, 36.0, 84.0], [100, 55.0, 65.0, 52.0, 68.0]],
}
WHO = {
    "replies": 90,
    "invited": True,
    "rate": {"n_asked": 240, "rr2": 38, "rr6": 41},
    "partly": False,
    "item": "ex.say",
    "parts": [
        {"category": "18-64", "people": 500, "invited": 100, "answers": 50},
        {"category": "65-79", "people": 300, "invited": 100, "answers": 40},
        {"category": "80-over", "people": 200, "invited": 40, "answers": None},
    ],
}
FINDINGS = [
    {
        "kind": kind,
        "measure_id": measure_id,
        "place_id": "kmd",
        "quarter": QUARTER["quarter"],
        "release": "token",
        "document": json.dumps(document),
    }
    for kind, measure_id, document in (
        (FindingKind.COMPARISON, "ex.say.mean", COMPARED),
        (FindingKind.ANSWERED, "pulse-user-6.replies", WHO),
    )
]


@pytest.fixture
def database(sqlite_template, tmp_path):
    """A browser sees no difference between engines: one is enough."""
    shutil.copy(sqlite_template, tmp_path / "survey.db")
    found = Database(f"sqlite:///{tmp_path / 'survey.db'}")
    yield found
    found.dispose()


@pytest.fixture
def site(app, runtime):
    settle(runtime, "officer@example.org")
    with runtime.database.writing() as session:
        save(session, [example(), example(measure="ex.info.mean", place="kmd")], now=runtime.clock())
        save_quarters(session, [QUARTER])
        for role in (Role.LEAD, Role.ADMINISTRATOR):
            staff.grant(session, 1, Granted(role, "/kmd/"))
        make_action(session, "riverside", told="We ring you when you are home.")
        notices.publish(session, session.get_one(Notice, 1), figures="A figure.", now=runtime.clock())
        save_findings(session, FINDINGS)
        card = create_scorecard(session, "kmd", SCORECARD, by="Lead", now=runtime.clock())
        save_version(session, card, "First", by="Lead", now=runtime.clock())
    judge_actions(runtime)
    draw_funnels(runtime, 1)
    with runtime.database.writing() as session:
        for todo in undrawn(session, limit=10):
            keep_pictures(session, todo, draw(todo.series, todo.title(runtime.measures)), now=runtime.clock())
    app.config["TRUSTED_HOSTS"] = None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in(page, site):
    page.goto(f"{site}/sign-in")
    page.get_by_label("E-mail address").fill("officer@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url(f"{site}/dashboard")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_meet_the_standards_and_fit_the_screen(browser, site, width):
    page = browser.new_context(viewport={"width": width, "height": 740}).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, site)
    for address in PAGES:
        assert page.goto(f"{site}{address}").status == 200
        found = Axe().run(page, options=STANDARDS)
        assert (address, [fault["id"] for fault in found.response["violations"]]) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        if address == "/dashboard":  # one screen: what to do, and the strongest change with its figure
            for first in (".app-answer", ".app-change__title", ".app-change .app-figure"):
                box = page.locator(first).first.bounding_box()
                assert box["y"] + box["height"] <= 740, first
    assert complaints == []


def test_a_manager_gets_from_monday_to_a_chart_without_scripts(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, site)
    page.get_by_role("link", name="As much say").first.click()
    expect(page.get_by_role("img", name="Better: it was 66 out of 100.")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_lines_of_navigation_open_from_one(browser, site, scripts):
    size = {"width": 360, "height": 740}
    page = browser.new_context(viewport=size, java_script_enabled=scripts).new_page()
    sign_in(page, site)
    page.goto(f"{site}/workspace/people")
    menu, elsewhere = page.locator("summary", has_text="Menu"), page.get_by_role("link", name="Logic model")
    expect(menu).to_be_visible()
    expect(elsewhere).to_be_hidden()
    menu.press("Enter")
    expect(
        page.get_by_role("navigation", name="Workspace").get_by_role("link", name="Panels")
    ).to_be_visible()
    elsewhere.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("logic model")
    expect(page.get_by_role("link", name="Actions", exact=True)).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(menu).to_be_hidden()
    expect(page.get_by_role("link", name="Actions", exact=True)).to_be_visible()


def test_on_a_phone_a_row_of_a_wide_table_says_what_each_cell_is(browser, site):
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, site)
    page.goto(f"{site}/dashboard/places/riverside")
    cell = page.locator("td[data-name='Latest figure']").first
    expect(cell).to_be_visible()
    assert "Latest figure" in cell.evaluate("one => getComputedStyle(one, '::before').content")
    region = page.locator(".app-scroll").first
    assert region.evaluate("one => one.scrollWidth <= one.clientWidth")
