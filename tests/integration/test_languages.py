"""A person is asked in their language: chosen first, remembered, on pages and by text; else in English."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.app import create_app
from survey_app.ask.instruments.loader import load_library
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.tables import Message
from survey_app.hear.responses.tables import Answer, Response
from survey_app.jobs.outgoing import round_of_invitations
from survey_app.settings import INSTRUMENTS_DIR, Environment
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.fake_twilio import exchange

PHONE = "+447700900321"


# Languages are the same on either database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def invite(runtime):
    def invite(instrument="pulse-user-6", *, language="en", channel=ChannelChoice.WEB):
        with runtime.database.writing() as session:
            place = make_place(session)
            person = make_participant(
                session, runtime.keys, place=place, language=language, channel=channel, phone=PHONE
            )
            campaign = make_campaign(session, places=[place], instrument_id=instrument)
            return make_invitation(session, runtime.keys, campaign=campaign, participant=person)[1]

    return invite


def tag(page):
    return re.search(r"<html[^>]*>", page.text)[0]


def seal_of(page):
    return re.search(r'name="seal" value="([^"]+)"', page.text)[1]


def language(runtime):
    with runtime.database.reading() as session:
        return session.scalars(sa.select(Invitation.language)).one()


def test_the_start_page_offers_each_language_by_its_own_name_and_remembers_the_choice(
    client, runtime, invite
):
    token = invite()
    start = client.get(f"/s/{token}")
    assert tag(start) == '<html lang="en">'
    assert (
        '<button class="quiet" type="submit" name="language" value="ur" lang="ur">اردو</button>' in start.text
    )
    chosen = client.post(f"/s/{token}/look", data={"seal": seal_of(start), "language": "ur"})
    assert (chosen.status_code, chosen.location) == (303, f"/s/{token}")
    assert language(runtime) == "ur"
    urdu = runtime.library.latest("pulse-user-6").in_language("ur")
    for path in ("", "/1"):
        page = client.get(f"/s/{token}{path}")
        assert tag(page) == '<html lang="ur" dir="rtl">'
        assert "respondent.rtl.css" in page.text
    assert urdu.items[0].text in page.text
    assert all(option.label in page.text for option in urdu.items[0].options)
    assert f'<a href="/s/{token}">زبان</a>' in page.text


@pytest.mark.parametrize(
    "form", [{"language": "pl"}, {"seal": "forged", "language": "pl"}, {"language": "xx"}, {}]
)
def test_without_the_pages_own_seal_or_with_a_language_it_lacks_nothing_changes(
    client, runtime, invite, form
):
    token = invite()
    if form.get("language") == "xx":
        form = {**form, "seal": seal_of(client.get(f"/s/{token}"))}
    assert client.post(f"/s/{token}/look", data=form).status_code == 303
    assert client.get(f"/s/{token}?lang=pl&language=pl").status_code == 200
    assert language(runtime) == "en"


def test_an_answer_on_a_page_in_another_language_is_the_same_answer(client, runtime, invite, clock):
    token = invite(language="pl-PL")
    page = client.get(f"/s/{token}/1")
    assert 'lang="pl"' in tag(page)
    clock.advance(seconds=5)
    refused = client.post(f"/s/{token}/1", data={"seal": seal_of(page)})
    assert refused.status_code == 400
    assert "Wystąpił problem" in refused.text
    assert "There is a problem" not in refused.text
    assert "Error" not in refused.text
    assert client.post(f"/s/{token}/1", data={"seal": seal_of(page), "answer": "3"}).status_code == 303
    with runtime.database.reading() as session:
        assert session.execute(sa.select(Answer.item_id, Answer.code)).all() == [("ex.life", 3)]


def test_questions_that_are_not_in_the_persons_language_make_the_page_english(client, invite):
    token = invite("p3c-style-10", language="pl")
    page = client.get(f"/s/{token}")
    assert tag(page) == '<html lang="en">'
    assert "Cymraeg" in page.text
    assert "Polski" not in page.text


def test_in_production_drafts_are_neither_offered_nor_said(runtime, invite):
    token = invite(language="ur")
    settings = replace(runtime.settings, env=Environment.PRODUCTION)
    strict = replace(runtime, settings=settings, library=load_library(INSTRUMENTS_DIR))
    page = create_app(strict).test_client().get(f"/s/{token}")
    assert tag(page) == '<html lang="en">'
    assert "languages" not in page.text


def test_links_out_of_a_survey_keep_its_language_where_the_page_has_it(client, invite):
    token = invite(language="cy")
    assert 'href="/privacy?lang=cy"' in client.get(f"/s/{token}/1").text
    assert tag(client.get("/privacy?lang=cy")) == '<html lang="cy">'
    assert tag(client.get("/help/how-to-answer?lang=ar")) == '<html lang="ar" dir="rtl">'
    assert tag(client.get("/accessibility?lang=ar")) == '<html lang="ar" dir="rtl">'
    assert tag(client.get("/privacy?lang=%22onload")) == '<html lang="en">'


def test_who_lost_the_way_to_a_survey_is_told_in_the_language_of_the_browser(client):
    lost = client.get("/s/unknown", headers={"Accept-Language": "pl,en;q=0.5"})
    assert (lost.status_code, tag(lost)) == (404, '<html lang="pl">')
    assert "Nie znaleziono strony" in lost.text
    assert tag(client.get("/nowhere", headers={"Accept-Language": "pl"})) == '<html lang="en">'


def test_a_survey_by_text_is_invited_asked_and_read_in_the_persons_language(runtime, invite):
    invite(language="pl", channel=ChannelChoice.TEXT)
    polish = runtime.library.latest("pulse-user-6").in_language("pl")
    with exchange(runtime) as phone:
        assert phone.text(PHONE, "tak") == [f"1/6 {polish.items[0].sms}"]
        (second,) = phone.text(PHONE, "W pełni")
        assert polish.items[1].sms in second
        (third,) = phone.text(PHONE, "nie")
        assert polish.items[2].sms in third
    with runtime.database.reading() as session:
        assert dict(session.execute(sa.select(Answer.item_id, Answer.code)).all()) == {
            "ex.life": 4,
            "ex.info": 1,
        }


@pytest.mark.parametrize(
    ("instrument", "starts"), [("pulse-user-6", "krótka ankieta"), ("p3c-style-10", "Hello")]
)
def test_nobody_is_invited_in_a_language_in_which_they_would_not_be_asked(
    runtime, invite, instrument, starts
):
    invite(instrument, language="pl", channel=ChannelChoice.TEXT)
    round_of_invitations(runtime)
    with runtime.database.reading() as session:
        (message,) = session.scalars(sa.select(Message)).all()
    assert starts in message.body


def test_a_language_chosen_once_is_the_persons_from_then_on_and_no_list_takes_it_back(
    client, runtime, invite, clock
):
    token = invite()
    start = client.get(f"/s/{token}")
    client.post(f"/s/{token}/look", data={"seal": seal_of(start), "language": "cy"})
    with runtime.database.writing() as session:
        person = session.scalars(sa.select(Participant)).one()
        assert (person.language, person.language_chosen) == ("cy", True)
        row = f"{person.reference},{person.audience.value},riverside,,{PHONE},text,pl,given"
        head = "reference,audience,locality,practice,phone,channel,language,consent"
        report = import_people(
            session,
            f"{head}\n{row}\n",
            keys=runtime.keys,
            now=clock(),
            breakdown=runtime.breakdown,
        )
        assert report.n_updated == 1
        session.refresh(person)
        assert (person.language, person.channel) == ("cy", ChannelChoice.TEXT)


def test_a_poster_and_a_shared_screen_are_read_and_answered_in_the_language_chosen_first(
    client, runtime, clock
):
    with runtime.database.writing() as session:
        place = make_place(session)
        campaign = make_campaign(session, places=[place])
        poster = making.poster(session, campaign, place.id, "Door", keys=runtime.keys, now=clock())
        code = making.printed(runtime.keys, poster)
    welsh = runtime.library.latest("pulse-user-6").in_language("cy")
    for door in (f"/q/{code}", f"/kiosk/{code}"):
        assert '<a class="quiet" href="?lang=cy" lang="cy" hreflang="cy">Cymraeg</a>' in client.get(door).text
        chosen = client.get(f"{door}?lang=cy")
        assert tag(chosen) == '<html lang="cy">'
        assert welsh.intro in html.unescape(chosen.text)
        first = client.post(door, data={"seal": seal_of(chosen), "lang": "cy"}).location
        page = client.get(first)
        assert tag(page) == '<html lang="cy">'
        assert welsh.items[0].text in html.unescape(page.text)
        assert "Nesaf" in page.text
        clock.advance(seconds=5)
        assert client.post(first, data={"seal": seal_of(page), "answer": "2"}).status_code == 303
    assert tag(client.get(f"/kiosk/{code}")) == '<html lang="en">'
    assert "Diolch" in client.get(f"/kiosk/{code}/done?lang=cy").text
    with runtime.database.reading() as session:
        assert list(session.scalars(sa.select(Response.language))) == ["cy", "cy"]


def test_a_letters_code_typed_on_the_welsh_page_opens_a_welsh_survey(client, runtime, invite, clock):
    invite(channel=ChannelChoice.LETTER)
    with runtime.database.writing() as session:
        invitation = session.scalars(sa.select(Invitation)).one()
        code = making.printed(
            runtime.keys, making.letter(session, invitation, keys=runtime.keys, now=clock())
        )
    page = client.get("/q?lang=cy")
    assert "Rhowch y cod" in page.text
    wrong = client.post("/q", data={"lang": "cy", "code": "00000-00000-1"})
    assert tag(wrong) == '<html lang="cy">'
    assert "Error" not in wrong.text
    assert language(runtime) == "en"
    opened = client.post("/q", data={"lang": "cy", "code": code}).location
    assert tag(client.get(opened)) == '<html lang="cy">'


def test_a_fault_on_the_welsh_page_that_asks_for_a_call_is_told_in_welsh(client, invite):
    token = invite(language="cy")
    refused = client.post(f"/s/{token}/call", data={"which": "other", "number": "1"})
    assert refused.status_code == 400
    assert "Gwall" in refused.text
    assert "Error" not in refused.text


def test_easy_read_is_offered_in_welsh_and_not_where_a_language_lacks_it(client, invite):
    token = invite(language="cy")
    start = client.get(f"/s/{token}")
    client.post(f"/s/{token}/look", data={"seal": seal_of(start), "appearance": "easy"})
    assert "Chi sy&#39;n dewis ateb" in client.get(f"/s/{token}").text.replace("'", "&#39;")
    assert "Wnes i ddim symud" in client.get(f"/s/{token}/4").text
    client.post(f"/s/{token}/look", data={"seal": seal_of(start), "language": "pl"})
    assert 'value="easy"' not in client.get(f"/s/{token}").text
