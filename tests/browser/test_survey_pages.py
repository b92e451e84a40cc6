from __future__ import annotations

import itertools
import threading

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.population.tables import Consent, Participant
from survey_app.clock import utc_now
from survey_app.hear.channels.web import routes as survey
from survey_app.hear.responses.tables import Answer, Response, ResponseState
from survey_app.settings import INSTRUMENTS_DIR
from survey_app.show.pages.public import routes as public
from survey_app.web.site import new_site
from tests.factories import make_campaign, make_invitation, make_participant, make_place

pytestmark = pytest.mark.browser

LIBRARY = load_library(INSTRUMENTS_DIR, unsigned_too=True)
PULSE = LIBRARY.get("pulse-user-6", 1)
PHONE = {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SLOWER_THAN_A_SCANNER = 1_600  # milliseconds


@pytest.fixture
def address(settings, database, keys):
    if not database.is_sqlite:
        pytest.skip("pages look the same on either database")
    site = new_site(settings)
    site.register_blueprint(survey.blueprint(survey.Needs(database, keys, utc_now, LIBRARY, settings)))
    site.register_blueprint(public.blueprint(public.Needs(settings, {})))
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def token(database, keys):
    with database.writing() as session:
        place = make_place(session, "riverside")
        person = make_participant(session, keys, place=place)
        campaign = make_campaign(session, places=[place])
        return make_invitation(session, keys, campaign=campaign, participant=person, invited_at=utc_now())[1]


@pytest.fixture
def plain_phone(browser):
    """A small phone with scripts and cookies switched off; complaints of the browser fail the test."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    complaints = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    yield page
    assert context.cookies() == []
    assert complaints == []
    context.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def standing(database):
    with database.reading() as session:
        return session.scalars(sa.select(Response.state)).all(), dict(
            session.execute(sa.select(Answer.item_id, Answer.code)).all()
        )


def test_a_whole_survey_without_scripts_and_cookies(plain_phone, address, token, database):
    page = plain_phone
    page.goto(f"{address}/s/{token}")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.wait_for_timeout(SLOWER_THAN_A_SCANNER)
    for number, item in enumerate(PULSE.items, start=1):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text(item.text)
        if number == 3:
            page.get_by_role("button", name="Skip this question").click()
            continue
        page.get_by_label(item.options[0].label, exact=True).check()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expected = {item.id: item.options[0].code for item in PULSE.items} | {PULSE.items[2].id: None}
    assert standing(database) == ([ResponseState.FINISHED], expected)
    page.goto(f"{address}/s/{token}")
    expect(page.get_by_role("heading", name="You have already answered")).to_be_visible()


def test_back_shows_the_earlier_answer_and_lets_it_be_changed(plain_phone, address, token, database):
    page = plain_phone
    first = PULSE.items[0]
    page.goto(f"{address}/s/{token}/1")
    page.get_by_text(first.options[1].label, exact=True).click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label(first.options[1].label, exact=True)).to_be_checked()
    page.get_by_label(first.options[2].label, exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Question 2 of 6")).to_be_visible()
    assert standing(database)[1] == {first.id: first.options[2].code}


def test_everything_works_with_the_keyboard_alone(phone, address, token, database):
    phone.goto(f"{address}/s/{token}/1")
    focused = []
    for _ in range(12):
        phone.keyboard.press("Tab")
        here = phone.evaluate("document.activeElement.innerText || document.activeElement.name")
        outline = phone.evaluate(
            "(e => [e, e.labels && e.labels[0]].some(x => x && ['', '::before'].some(p => {"
            "const s = getComputedStyle(x, p || null);"
            "return s.boxShadow !== 'none' || s.outlineStyle !== 'none'})))(document.activeElement)"
        )
        assert outline, f"nobody can see that {here!r} has the focus"
        focused.append(here)
        if here == "answer":
            break
    assert focused == ["Skip to main content", "Back", "answer"]
    phone.wait_for_timeout(SLOWER_THAN_A_SCANNER)
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Question 2 of 6")).to_be_visible()
    assert list(standing(database)[1].values()) == [PULSE.items[0].options[1].code]


def test_opting_out_takes_one_press(plain_phone, address, token, database):
    page = plain_phone
    page.goto(f"{address}/s/{token}/1")
    page.get_by_role("link", name="Stop asking me").click()
    page.get_by_role("button", name="Stop asking me").click()
    expect(page.get_by_role("heading", name="We will not ask you again")).to_be_visible()
    with database.reading() as session:
        assert session.scalars(sa.select(Participant.consent)).all() == [Consent.WITHDRAWN]


def test_a_page_left_open_in_a_scanner_that_runs_scripts_stores_nothing(phone, address, token, database):
    for path in (f"/s/{token}", f"/s/{token}/1", f"/stop/{token}"):
        phone.goto(f"{address}{path}")
        phone.wait_for_timeout(300)
    assert standing(database) == ([], {})


def test_no_page_breaks_an_accessibility_rule_or_scrolls_sideways(phone, address, token):
    def check(name):
        found = Axe().run(phone, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{name} is {width} pixels wide"

    # Help pages are of one layout: the index, the oldest and the longest stand for all.
    helps = ["help", "help/special-cause", "help/how-to-answer", "help/limits"]
    for path in (
        f"s/{token}",
        f"s/{token}/1",
        f"stop/{token}",
        "privacy",
        "accessibility",
        "s/unknown",
        *helps,
    ):
        phone.goto(f"{address}/{path}")
        check(path)
    phone.goto(f"{address}/s/{token}/1")
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("heading", name="There is a problem")).to_be_visible()
    check("error")
    phone.wait_for_timeout(SLOWER_THAN_A_SCANNER)
    for number, _ in enumerate(PULSE.items, start=1):
        expect(phone.get_by_text(f"Question {number} of ")).to_be_visible()
        phone.get_by_role("button", name="Skip this question").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    check("finished")
    phone.goto(f"{address}/s/{token}")
    check("already answered")


def test_a_language_is_chosen_without_scripts_and_its_pages_run_from_right_to_left(
    plain_phone, phone, address, token
):
    plain_phone.goto(f"{address}/s/{token}")
    plain_phone.get_by_role("button", name="العربية").click()
    plain_phone.get_by_role("button", name="ابدأ الآن").click()
    first = plain_phone.locator(".nhsuk-radios__item").first
    circle, words = (first.locator(part).bounding_box() for part in ("input", "label"))
    assert circle["x"] > words["x"] + words["width"] / 2
    for path in ("", "/1"):
        phone.goto(f"{address}/s/{token}{path}")
        assert Axe().run(phone, options=RULES).violations_count == 0
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_words_four_times_as_large_still_fit(phone, address, token):
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(f"{address}/s/{token}/1")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    for width, height in itertools.product([1280], [800]):
        phone.set_viewport_size({"width": width, "height": height})
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_answers_are_large_enough_to_press(phone, address, token):
    phone.goto(f"{address}/s/{token}/1")
    for row in phone.locator(".nhsuk-radios__item").all():
        box = row.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 300
    for button in phone.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44


def test_the_first_question_asks_for_two_files_and_one_script_it_can_do_without(
    phone, plain_phone, address, token
):
    def fetched(page):
        asked = []
        page.on("request", lambda request: asked.append((request.resource_type, request.url)))
        page.goto(f"{address}/s/{token}/1")
        page.wait_for_load_state("networkidle")
        return sorted(kind for kind, url in asked if not url.startswith("data:"))

    assert fetched(plain_phone) == ["document", "stylesheet"]
    assert fetched(phone) == ["document", "script", "stylesheet"]
    assert phone.locator("script:not([defer])").count() == 0


KEPT = "No signal. Your answer is kept on this phone. We will send it when the signal is back."


def test_an_answer_without_a_signal_is_kept_said_and_sent_when_it_is_back(phone, address, token, database):
    first = PULSE.items[0]
    phone.goto(f"{address}/s/{token}/1")
    phone.wait_for_timeout(SLOWER_THAN_A_SCANNER)
    phone.context.set_offline(True)
    phone.get_by_label(first.options[1].label, exact=True).check()
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("status")).to_have_text(KEPT)
    phone.get_by_label(first.options[2].label, exact=True).check()  # another answer takes its place
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_function("Object.keys(localStorage).length === 1")
    kept = phone.evaluate("JSON.stringify(localStorage)")
    assert token not in kept
    assert "answer" not in kept
    assert standing(database) == ([], {})
    phone.context.set_offline(False)
    expect(phone.get_by_text("Question 2 of 6")).to_be_visible()
    assert standing(database)[1] == {first.id: first.options[2].code}
    assert phone.evaluate("Object.keys(localStorage).length") == 0
    assert Axe().run(phone, options=RULES).violations_count == 0


def test_an_answer_kept_on_the_phone_survives_closing_the_page_and_only_its_own_link_opens_it(
    phone, address, token, database
):
    phone.goto(f"{address}/s/{token}/1")
    phone.wait_for_timeout(SLOWER_THAN_A_SCANNER)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Skip this question").click()
    phone.wait_for_function("Object.keys(localStorage).length === 1")
    context = phone.context
    phone.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto(f"{address}/privacy")
    assert standing(database) == ([], {})
    other.goto(f"{address}/s/{token}")
    expect(other.get_by_text("Question 2 of 6")).to_be_visible()
    assert standing(database)[1] == {PULSE.items[0].id: None}
    assert other.evaluate("Object.keys(localStorage).length") == 0


def test_no_way_to_look_breaks_an_accessibility_rule_or_scrolls_sideways(phone, address, token):
    for look, paths in {"large": ("/1",), "contrast": ("", "/1"), "easy": ("", "/4", "/call")}.items():
        phone.goto(f"{address}/s/{token}")
        phone.locator(f"button[value={look}]").click()
        for path in paths:
            phone.goto(f"{address}/s/{token}{path}")
            found = Axe().run(phone, options=RULES)
            assert found.violations_count == 0, f"{look} {path}: {found.generate_report()}"
            assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        can_read = look == "easy" and phone.evaluate("'speechSynthesis' in window")
        assert phone.get_by_role("button", name="Read this to me").count() == can_read


def test_choices_help_and_a_call_work_without_scripts(plain_phone, address, token, database):
    page = plain_phone
    page.goto(f"{address}/s/{token}")
    page.get_by_role("button", name="Easy Read").click()
    expect(page.get_by_role("button", name="Easy Read")).to_have_attribute("aria-pressed", "true")
    assert page.get_by_role("button", name="Read this to me").count() == 0
    page.get_by_label("I am, and somebody helps me").check()
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Think of all the help I get. It lets me live the way I want to."
    )
    page.get_by_role("link", name="Ask someone to call me").click()
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("I agree that this number goes").check()
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_role("heading", name="We have passed this on")).to_be_visible()
    page.get_by_role("link", name="Back to the survey").click()
    expect(page.get_by_label("I am, and somebody helps me")).to_be_checked()
