"""A passkey in a real browser, with Chromium's own virtual security key; and the pages without JavaScript."""

import shutil
import threading
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from survey_app.app import create_app
from survey_app.database import Database
from tests.fake_authenticator import SecurityKey
from tests.integration.signed_in import PASSWORD, settle
from tests.integration.test_passkeys import make

pytestmark = pytest.mark.browser
STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LEAD = "lead@example.org"


@pytest.fixture
def database(sqlite_template, tmp_path):
    """A browser sees no difference between engines: one is enough."""
    shutil.copy(sqlite_template, tmp_path / "survey.db")
    found = Database(f"sqlite:///{tmp_path / 'survey.db'}")
    yield found
    found.dispose()


@pytest.fixture
def site(runtime):
    """Serve under a name: browsers make no passkeys for bare numbers."""
    settle(runtime, LEAD)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base = f"http://localhost:{server.port}"
    server.app = create_app(replace(runtime, settings=replace(runtime.settings, public_base_url=base)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield base
    server.shutdown()
    thread.join()
    server.server_close()


def with_a_security_key(page):
    """Plug a security key in that is touched as soon as it is asked, and return how to plug it out."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    told = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    told |= {"hasResidentKey": False, "hasUserVerification": False}
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": told})
    return lambda: devtools.send("WebAuthn.removeVirtualAuthenticator", added)


def give_password(page, site):
    page.goto(f"{site}/sign-in")
    page.get_by_label("E-mail address").fill(LEAD)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def is_sound(page):
    faults = Axe().run(page, options=STANDARDS).response["violations"]
    assert [fault["id"] for fault in faults] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_passkey_is_made_and_opens_the_next_sign_in(browser, site, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    refused = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    plug_out = with_a_security_key(page)
    give_password(page, site)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{site}/account/passkeys")
    is_sound(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("Blue security key")
    is_sound(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing in asks for a code. Keep these")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Your passkeys").click()
    expect(page.get_by_role("heading", name="Blue security key")).to_be_visible()
    is_sound(page)

    _opens_the_next_sign_in(page, site, plug_out)
    assert refused == []
    context.close()


def _opens_the_next_sign_in(page, site, plug_out):
    page.get_by_role("button", name="Sign out").click()
    give_password(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more proof")
    expect(page.get_by_text("A passkey needs JavaScript")).to_have_count(0)
    is_sound(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{site}/dashboard")

    page.get_by_role("button", name="Sign out").click()
    plug_out()
    with_a_security_key(page)  # another one, which knows nothing
    give_password(page, site)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("Your device did not answer")


def test_without_javascript_a_code_is_asked_for_and_the_page_says_why(browser, site, runtime):
    app = create_app(runtime)
    client = app.test_client()
    client.post("/sign-in", data={"email": LEAD, "password": PASSWORD})
    assert make(client, SecurityKey())[1].status_code == 200
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    give_password(page, site)
    expect(page.get_by_text("A passkey needs JavaScript. Type a code instead.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.get_by_label("Code")).to_be_visible()
    context.close()
