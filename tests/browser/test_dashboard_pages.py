import datetime as dt
import json
import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from survey_app.database import Database
from survey_app.know.evidence.compute import save
from survey_app.know.evidence.quarters import save_quarters
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.store import save as keep_pictures
from survey_app.show.charts.store import undrawn
from tests.integration.signed_in import PASSWORD, settle
from tests.unit.show.charts.example import example

pytestmark = pytest.mark.browser
STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "/dashboard",
    "/dashboard/model",
    "/dashboard/elements/outcomes.experience.3",
    "/dashboard/elements/enablers.governance.4",
    "/dashboard/places/riverside",
    "/dashboard/series/ex.say.mean/riverside",
    "/dashboard/quarters/ex.say.mean/kmd",
    "/workspace",
    "/workspace/groups",
    "/workspace/campaigns/new",
    "/workspace/people",
    "/workspace/records",
    "/workspace/panels",
    "/workspace/alerts",
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
QUARTER = {
    "measure_id": "ex.say.mean",
    "place_id": "kmd",
    "quarter": dt.date(2026, 6, 29),
    "release": "token",
    "document": json.dumps(LINES),
}


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
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, site)
    for address in PAGES:
        assert page.goto(f"{site}{address}").status == 200
        found = Axe().run(page, options=STANDARDS)
        assert (address, [fault["id"] for fault in found.response["violations"]]) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert complaints == []


def test_a_manager_gets_from_monday_to_a_chart_without_scripts(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, site)
    page.get_by_role("link", name="As much say").first.click()
    assert page.get_by_role("img", name="Better: it was 66 out of 100.").is_visible()
    assert page.get_by_role("table").is_visible()
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("heading", name="Sign in").is_visible()
