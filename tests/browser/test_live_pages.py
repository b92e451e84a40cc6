"""A page that stays open: figures change under the reader's eyes, with a real browser and real counting."""

import datetime as dt
import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from survey_app.database import Database
from survey_app.jobs.counting import nightly, top_up
from survey_app.jobs.worker import draw_some
from tests.integration.signed_in import PASSWORD, settle
from tests.worlds import MONDAY, World, london

pytestmark = pytest.mark.browser
STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SERIES = "/dashboard/series/ex.life.mean/riverside"
WEEKS = 14


@pytest.fixture
def database(sqlite_template, tmp_path):
    """A browser sees no difference between engines: one is enough."""
    shutil.copy(sqlite_template, tmp_path / "survey.db")
    found = Database(f"sqlite:///{tmp_path / 'survey.db'}")
    yield found
    found.dispose()


@pytest.fixture
def world(runtime, clock):
    """Some weeks of figures, and a week that has begun: 10 people in its figure, 10 behind them."""
    settle(runtime, "officer@example.org")
    world = World(runtime)
    for week in range(WEEKS, 0, -1):
        world.crowd(12 + week % 3, MONDAY - dt.timedelta(weeks=week))
    clock.set(london(MONDAY, 3, 10))
    nightly(runtime, MONDAY)
    world.crowd(10, MONDAY)
    better(world, runtime, london(MONDAY, 12, 30), 10)
    clock.set(london(MONDAY, 13))
    top_up(runtime)
    draw_all(runtime)
    return world


@pytest.fixture
def more(world, runtime, clock):
    """Let people answer, and count them."""

    def answer(n):
        clock.advance(minutes=1)
        better(world, runtime, clock(), n)
        clock.advance(seconds=1)
        return top_up(runtime)

    return answer


@pytest.fixture
def site(app, world):
    app.config["TRUSTED_HOSTS"] = None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def better(world, runtime, at, n):
    """Let new people answer more kindly than those before them."""
    with runtime.database.writing() as session:
        for number in range(n):
            moment = at + dt.timedelta(milliseconds=number)
            world.answer_in(session, f"{moment}", moment, ex_life=3 + number % 2)


def draw_all(runtime):
    while draw_some(runtime):
        pass


def opened(context, site, address):
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.get_by_label("E-mail address").fill("officer@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url(f"{site}/dashboard")
    page.goto(f"{site}{address}")
    return page


def asks_of(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    return asked


def flaws_of(page):
    return [fault["id"] for fault in Axe().run(page, options=STANDARDS).response["violations"]]


@pytest.mark.parametrize("width", [360, 1280])
def test_an_open_page_changes_by_itself_and_its_picture_follows(browser, site, runtime, more, width):
    page = opened(browser.new_context(viewport={"width": width, "height": 900}), site, SERIES)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.evaluate("window.stays = true")
    now, table, picture = page.locator(".app-now"), page.get_by_role("table"), page.locator(".app-chart img")
    value, address = now.locator(".app-figure__value").text_content(), picture.get_attribute("src")
    assert "from 10 answers" in now.text_content()
    box = page.get_by_role("region", name="All figures")
    box.focus()

    assert more(10) == 1
    now.get_by_text("from 20 answers").wait_for(timeout=5000)
    assert now.locator(".app-figure__value").text_content() != value
    assert table.get_by_role("row").nth(1).get_by_role("cell").nth(1).text_content() == "20"
    assert page.get_by_role("status").text_content().startswith("New figures have arrived. So far for 2 to 8")
    expect(page.get_by_text("The picture of the newest figures is being drawn.")).to_be_visible()
    assert picture.get_attribute("src") == address
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "All figures"
    assert flaws_of(page) == []

    draw_all(runtime)
    page.wait_for_function(
        "old => document.querySelector('.app-chart img').getAttribute('src') !== old", arg=address
    )
    assert page.evaluate("document.querySelector('.app-chart img').naturalWidth") > 0
    assert "from 20 answers" in picture.get_attribute("alt")
    expect(page.get_by_text("The picture of the newest figures is being drawn.")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert flaws_of(page) == []
    assert page.evaluate("window.stays")
    assert complaints == []


def test_lists_change_by_themselves_too(browser, site, more):
    context = browser.new_context()
    page = opened(context, site, "/dashboard/places/riverside")
    before = page.locator("[data-part]").inner_html()
    assert more(10) == 1
    page.wait_for_function("old => document.querySelector('[data-part]').innerHTML !== old", arg=before)
    assert page.get_by_role("status").text_content().startswith("New figures have arrived.")


def test_nothing_is_told_for_answers_that_close_no_block(browser, site, more):
    page = opened(browser.new_context(), site, SERIES)
    asked = asks_of(page)
    assert more(9) == 0
    page.wait_for_timeout(3000)
    assert len(asked) >= 2
    assert page.get_by_role("status").text_content() == ""
    assert "from 10 answers" in page.locator(".app-now").text_content()


def test_without_scripts_the_page_says_to_reload_and_reloading_shows_the_newest(browser, site, more):
    page = opened(browser.new_context(java_script_enabled=False), site, SERIES)
    expect(page.get_by_text("Reload this page to see the newest figures.")).to_be_visible()
    assert more(10) == 1
    page.reload()
    assert "from 20 answers" in page.locator(".app-now").text_content()


def test_a_hidden_page_does_not_ask_and_asks_at_once_when_it_is_seen_again(browser, site, more):
    page = opened(browser.new_context(), site, SERIES)
    page.evaluate(
        """() => { window.away = true; Object.defineProperty(document, 'hidden', { get: () => window.away });
        document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    page.wait_for_timeout(300)
    asked = asks_of(page)
    assert more(10) == 1
    page.wait_for_timeout(3000)
    assert asked == []
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.locator(".app-now").get_by_text("from 20 answers").wait_for(timeout=1000)


def test_a_page_whose_session_ended_stops_asking_and_says_to_reload(browser, site, clock):
    page = opened(browser.new_context(), site, SERIES)
    page.get_by_text("New figures appear here by themselves.").wait_for()
    clock.advance(minutes=31)
    page.get_by_text("Reload this page to see the newest figures.").wait_for(timeout=5000)
    asked = asks_of(page)
    page.wait_for_timeout(3000)
    assert asked == []


def test_a_page_that_gets_no_reply_asks_more_and_more_seldom_and_recovers(browser, site, more):
    page = opened(browser.new_context(), site, SERIES)
    page.route("**/live", lambda route: route.abort())
    page.get_by_text("Reload this page to see the newest figures.").wait_for(timeout=5000)
    asked = asks_of(page)
    page.wait_for_timeout(5000)
    assert 1 <= len(asked) <= 3
    page.unroute("**/live")
    assert more(10) == 1
    page.locator(".app-now").get_by_text("from 20 answers").wait_for(timeout=12000)
    expect(page.get_by_text("New figures appear here by themselves.")).to_be_visible()
