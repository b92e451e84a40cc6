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
def base(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def screen(base, browser):
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


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


def test_a_call_is_asked_for_from_a_poster_without_scripts_and_the_survey_goes_on(base, browser, code):
    context = browser.new_context(
        base_url=base, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"/q/{code}")
    page.get_by_role("button", name="Start now").click()
    question = page.url
    page.get_by_role("link", name="Ask someone to call me").click()
    page.get_by_role("link", name="Back to the survey").click()
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
    page.goto(question)
    page.get_by_role("link", name="Ask someone to call me").click()
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Your telephone number").fill("020 7946 0345")
    page.get_by_label("In the morning").check()
    page.get_by_label("I agree that this number goes").check()
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_role("heading", name="We have passed this on")).to_be_visible()
    assert context.cookies() == []
    page.get_by_role("link", name="Back to the survey").click()
    expect(page).to_have_url(question.rpartition("/")[0])
    context.close()


def test_the_page_that_asks_for_a_call_has_no_barriers_on_a_phone_or_a_desk(screen, code):
    for width in (360, 1280):
        screen.set_viewport_size({"width": width, "height": 800})
        for address in (f"/q/{code}/call", f"/q/{code}/call?lang=ur", f"/q/{code}/call/sent"):
            screen.goto(address)
            clean(screen)
            assert screen.evaluate("document.documentElement.scrollWidth") <= width
        screen.goto(f"/q/{code}/call")
        screen.get_by_role("button", name="Ask for a call").click()
        expect(screen.get_by_role("heading", name="There is a problem")).to_be_visible()
        clean(screen)
