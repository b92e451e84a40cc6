"""Codes and the shared screen in a real browser: no barriers, and nothing left for the next person."""

from __future__ import annotations

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from survey_app.ask.outreach.codes import making
from survey_app.clock import london_day, utc_now
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_campaign, make_place

pytestmark = [pytest.mark.browser, ON_SQLITE]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def clock():
    return utc_now


@pytest.fixture
def code(runtime):
    today = london_day(runtime.clock())
    with runtime.database.writing() as session:
        place = make_place(session)
        campaign = make_campaign(session, places=[place], starts_on=today, ends_on=today)
        made = making.poster(session, campaign, place.id, "Hall", keys=runtime.keys, now=runtime.clock())
        return making.printed(runtime.keys, made)


@pytest.fixture
def screen(app, browser):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def clean(page):
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_a_shared_screen_asks_first_then_clears_itself_and_back_leads_nowhere(screen, code):
    for address in ("/q", f"/q/{code}", f"/kiosk/{code}"):
        screen.goto(address)
        clean(screen)
    start = screen.get_by_role("button", name="Touch here to start")
    start.click()
    expect(screen.get_by_text("Question 1 of 6")).to_be_visible()
    clean(screen)
    screen.clock.fast_forward(41_000)
    expect(screen.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    clean(screen)
    screen.get_by_role("button", name="I am still here").click()
    screen.clock.fast_forward(30_000)
    screen.get_by_label("Mostly").check()
    screen.get_by_role("button", name="Continue").click()
    expect(screen.get_by_text("Question 2 of 6")).to_be_visible()
    screen.clock.fast_forward(61_000)
    expect(start).to_be_visible()
    screen.go_back()
    expect(start).to_be_visible()
