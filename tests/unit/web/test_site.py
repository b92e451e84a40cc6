from __future__ import annotations

import gzip
import re
from dataclasses import replace

import brotli
import pytest
from flask import abort, render_template_string
from jinja2 import UndefinedError

from survey_app.ask.instruments.question_types.registry import QUESTION_TYPES
from survey_app.hear.channels.web.fields import FIELDS
from survey_app.settings import Environment
from survey_app.web.access import Who, circles_of, who_may
from survey_app.web.site import new_site
from survey_app.web.static_files import STATIC_DIR, NoSuchFile, static_url

SHEETS = sorted([*STATIC_DIR.rglob("*.css"), *STATIC_DIR.glob("survey/*.js")])
UNPACK = {".br": brotli.decompress, ".gz": gzip.decompress}


@pytest.fixture
def site(settings):
    site = new_site(settings)

    @site.get("/fail/<int:code>")
    @who_may(Who.ANYONE)
    def fail(code):
        abort(code)

    @site.post("/post")
    @who_may(Who.ANYONE)
    def post():
        return "posted"

    return site


def test_every_question_type_has_a_field_and_no_field_is_left_over():
    assert FIELDS.keys() == QUESTION_TYPES.keys()


def test_a_typing_error_in_our_templates_is_an_error_not_a_gap(site):
    with site.test_request_context(), pytest.raises(UndefinedError):
        render_template_string("{{ no_such_name }}")


def test_components_escape_what_people_wrote(site):
    with site.test_request_context():
        page = render_template_string("{{ nhs.button(text='<b>press</b>') }}")
    assert "&lt;b&gt;press" in page
    assert "<b>" not in page


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 413, 429, 500, 503, 418, 502])
def test_every_error_has_a_plain_page_with_safe_headers(site, code):
    reply = site.test_client().get(f"/fail/{code}")
    assert reply.status_code == code
    assert "<h1" in reply.text
    assert "Content-Security-Policy" in reply.headers


def test_each_reply_has_its_own_script_nonce(site):
    nonces = {
        re.search(r"nonce-([\w-]+)", site.test_client().get("/fail/404").headers["Content-Security-Policy"])[
            1
        ]
        for _ in range(5)
    }
    assert len(nonces) == 5


def test_browsers_are_told_to_come_back_by_https_only_where_that_is_our_address(settings):
    plain = new_site(settings).test_client().get("/").headers
    secure = new_site(replace(settings, public_base_url="https://localhost")).test_client().get("/").headers
    assert "Strict-Transport-Security" not in plain
    assert "Strict-Transport-Security" in secure


def test_in_production_only_our_own_host_name_is_answered(settings):
    ours = replace(settings, env=Environment.PRODUCTION, public_base_url="https://survey.example.org")
    client = new_site(ours).test_client()
    assert client.get("/", headers={"Host": "survey.example.org"}).status_code == 404
    assert client.get("/", headers={"Host": "127.0.0.1"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_posts_from_other_sites_are_refused(site, headers, code):
    assert site.test_client().post("/post", headers=headers).status_code == code


def test_a_view_that_says_nothing_is_open_to_nobody(site):
    site.add_url_rule("/silent", "silent", lambda: "")
    assert circles_of(site, "silent") == ()
    assert circles_of(site, "post") == (Who.ANYONE,)
    with pytest.raises(ValueError, match="at least one"):
        who_may()


def test_static_addresses_change_with_the_content_and_missing_files_are_named():
    assert re.fullmatch(
        r"/static/vendor/nhsuk/staff\.css\?v=[0-9a-f]{10}", static_url("vendor/nhsuk/staff.css")
    )
    with pytest.raises(NoSuchFile, match=r"gone\.css"):
        static_url("gone.css")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_asks_for_nothing_else_and_its_compressed_twins_are_true(sheet):
    content = sheet.read_bytes()
    assert set(re.findall(rb"url\(\"?([^,)]*),", content)) <= {b"data:"}
    assert b"http" not in re.sub(rb"http://www\.w3\.org", b"", content)
    assert b"@import" not in content
    twins = {ending: sheet.with_name(sheet.name + ending) for ending in UNPACK}
    found = {ending: UNPACK[ending](path.read_bytes()) for ending, path in twins.items() if path.exists()}
    assert all(twin == content for twin in found.values())
    assert len(found) == 2 or not {"vendor", "survey"} & set(sheet.parts)
