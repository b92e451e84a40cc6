"""The telephone in the browser, with its script: keys of the keyboard, one page a call, nothing for axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.show.pages.simulator import calls, routes
from tests.attacks.ground import ON_SQLITE, invited
from tests.fake_twilio import exchange

pytestmark = pytest.mark.browser

LANDLINE = "+442079460123"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@ON_SQLITE
def test_a_call_is_held_with_the_keyboard_and_axe_finds_nothing(runtime, browser):
    invited(runtime, phone=LANDLINE)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    with exchange(runtime) as joined:
        joined.site.register_blueprint(calls.blueprint(joined.phones))
        joined.site.register_blueprint(routes.blueprint(joined.phones))
        page.goto(f"{joined.base}/simulator/calls")
        page.get_by_label("from this number").fill("020 7946 0123")
        page.get_by_role("button", name="Ring", exact=True).click()
        page.get_by_text("Thank you for ringing").wait_for()
        address = page.url
        page.locator("#lines").focus()
        page.keyboard.press("1")
        page.get_by_text("Question 1 of 6.").wait_for()
        page.get_by_role("button", name="star").click()
        page.get_by_text("said slowly").first.wait_for()
        assert page.url == address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(page, options=RULES).violations_count == 0
        page.get_by_role("button", name="Hang up").click()
        page.locator("#call").get_by_text("The call is over.").wait_for()
        context.close()
