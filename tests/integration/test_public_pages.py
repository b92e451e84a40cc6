from __future__ import annotations

import re

import pytest

from survey_app.show.pages.public import routes as public
from survey_app.web.site import new_site


@pytest.fixture
def open_site(settings):
    def make(**checks):
        site = new_site(settings)
        site.register_blueprint(public.blueprint(public.Needs(settings, checks)))
        return site.test_client()

    return make


HELP_PAGES = [f"/help/{concept}" for concept in public.HELP]


def test_public_pages_open_and_link_privacy_and_accessibility(open_site):
    site = open_site()
    for path in ("/", "/privacy", "/accessibility", "/help", *HELP_PAGES):
        page = site.get(path)
        assert (path, page.status_code, page.text.count("<h1")) == (path, 200, 1)
        assert 'href="/privacy"' in page.text
        assert 'href="/accessibility"' in page.text


def test_help_pages_are_short_and_lead_only_to_pages_that_there_are(open_site):
    site = open_site()
    index = site.get("/help").text
    for path in HELP_PAGES:
        text = site.get(path).text
        end = "More help" if "More help" in text else "All help pages"
        words = re.sub(r"<[^>]+>", " ", text[text.index("</h1>") : text.index(end)]).split()
        assert len(words) <= 200, path
        assert f'href="{path}"' in index
        assert set(re.findall(r'href="(/help/[^"]+)"', text)) <= set(HELP_PAGES), path


def test_an_unknown_concept_is_not_found(open_site):
    assert open_site().get("/help/../secrets").status_code == 404
    assert open_site().get("/help/nothing").status_code == 404


def test_liveness_asks_nothing_of_the_database(open_site):
    def broken():
        raise RuntimeError("down")

    assert open_site(database=broken).get("/health/live").json == {"live": True}


def test_readiness_says_which_check_failed_and_why_without_secrets(open_site):
    def broken():
        raise RuntimeError("password=hunter2")

    reply = open_site(database=broken, schema=lambda: "run db upgrade", jobs=lambda: None).get(
        "/health/ready"
    )
    assert reply.status_code == 503
    assert reply.json["checks"] == ["database", "jobs", "schema"]
    assert reply.json["reasons"] == {
        "database": "the check failed with RuntimeError",
        "schema": "run db upgrade",
    }
    assert "hunter2" not in reply.text


def test_readiness_is_plain_when_all_is_well(open_site):
    reply = open_site(database=lambda: None).get("/health/ready")
    assert (reply.status_code, reply.json["ready"]) == (200, True)
