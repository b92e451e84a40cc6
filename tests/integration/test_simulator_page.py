"""The phone in the browser, over the test client: what it shows, what it sends, where it may be."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.contract import Letter
from survey_app.ask.sending.gateways.folder import LetterFolder
from survey_app.ask.sending.gateways.smtp import MailFolder
from survey_app.settings import Environment
from survey_app.show.pages.simulator import post, routes
from survey_app.web.site import new_site

PHONE = "+447700900123"


def page_of(runtime, settings=None):
    settings = settings or runtime.settings
    site = new_site(settings)
    site.register_blueprint(routes.blueprint(routes.Needs(runtime.database, settings, runtime.clock)))
    site.register_blueprint(post.blueprint(settings.data_dir))
    return site.test_client()


def put(runtime, body):
    needs = handset.Needs(runtime.database, runtime.settings, runtime.clock)
    with runtime.database.writing() as session:
        handset.keep(
            session, needs, sid=handset.new_id(), direction=handset.Direction.RECEIVED, phone=PHONE, body=body
        )


def test_texts_show_with_clickable_links_and_nothing_else_as_html(runtime):
    put(runtime, "Hello <b>you</b>, use http://localhost/s/abc.")
    page = page_of(runtime).get("/simulator?phone=07700900123").text
    assert '<a href="http://localhost/s/abc">http://localhost/s/abc</a>.' in page
    assert "&lt;b&gt;you&lt;/b&gt;" in page
    assert "+44 7700 900123" in page


@pytest.mark.parametrize("number", ["hello", "020 7946 0000", "+1 202 555 0100"])
def test_a_number_that_cannot_be_texted_is_refused_with_the_reason(runtime, number):
    reply = page_of(runtime).get("/simulator", query_string={"phone": number})
    assert reply.status_code == 200
    assert "Error:" in reply.text


def test_a_message_by_whatsapp_shows_its_answers_as_buttons(runtime):
    needs = handset.Needs(runtime.database, runtime.settings, runtime.clock)
    row = {"direction": handset.Direction.RECEIVED, "phone": PHONE, "body": "Well?", "whatsapp": True}
    with runtime.database.writing() as session:
        handset.keep(session, needs, sid=handset.new_id(), buttons=[["Mostly", "a:x:3"]], **row)
    client = page_of(runtime)
    page = client.get(f"/simulator?by=whatsapp&phone={PHONE}").text
    assert ">Mostly</button>" in page
    assert "a:x:3" not in page
    assert "Mostly" not in client.get(f"/simulator?phone={PHONE}").text


def test_letters_and_e_mail_are_listed_and_only_letters_can_be_fetched(runtime):
    letter = Letter("invite:1", "A Person\nAB1 2CD", "Hi <b> http://localhost/s/abc", "t", document=b"%PDF")
    LetterFolder(runtime.settings.data_dir / "letters").send(letter)
    mail = replace(letter, address="a@example.org", subject="Six questions")
    MailFolder(runtime.settings.data_dir / "mail", sender="s@example.org", clock=runtime.clock).send(mail)
    client = page_of(runtime)
    page = client.get("/simulator/post").text
    assert all(
        words in page for words in ("A Person", "Six questions", "Hi &lt;b&gt;", ">http://localhost/s/abc<")
    )
    name = re.search(r"/simulator/post/(\w+\.pdf)", page)[1]
    with client.get(f"/simulator/post/{name}") as reply:
        assert reply.data == b"%PDF"
    assert client.get(f"/simulator/post/{name[:-3]}txt").status_code == 404


def test_a_text_that_nobody_took_is_said_so(runtime):
    client = page_of(
        replace(runtime, settings=replace(runtime.settings, public_base_url="http://127.0.0.1:9"))
    )
    reply = client.post(
        "/simulator", data={"phone": PHONE, "body": "1"}, follow_redirects=True, base_url="http://127.0.0.1"
    )
    assert "did not take that text" in reply.text


def test_another_website_cannot_send_from_the_phone(runtime):
    client = page_of(runtime)
    reply = client.post(
        "/simulator", data={"phone": PHONE, "body": "1"}, headers={"Origin": "https://other.example"}
    )
    assert reply.status_code == 403


def test_there_is_no_simulator_in_production(runtime):
    settings = replace(runtime.settings, env=Environment.PRODUCTION)
    client = page_of(runtime, settings)
    assert client.get("/simulator").status_code == 404
    assert client.post("/simulator", data={"phone": PHONE, "body": "1"}).status_code == 404


def test_style_and_script_come_from_the_same_site(runtime):
    client = page_of(runtime)
    for name, kind in (("phone.css", "text/css"), ("phone.js", "text/javascript")):
        with client.get(f"/simulator/static/{name}") as reply:
            assert (reply.status_code, reply.mimetype) == (200, kind)
    assert client.get("/simulator/static/../routes.py").status_code == 404
