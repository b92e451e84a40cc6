"""Asking for a call from a poster: a number, a consent, a task for the place; nothing joins it to answers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from survey_app.app import create_app
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.codes.tables import CodeCalls
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.tables import Message
from survey_app.clock import day_starts_at, london_day
from survey_app.crypto import keyed_hash
from survey_app.hear.safeguarding.callbacks import number_of, source_of
from survey_app.hear.safeguarding.tables import CallBack, CallTime
from tests.attacks.ground import ON_SQLITE, all_of, everything, seal_of
from tests.factories import make_campaign
from tests.integration.signed_in import csrf_in, enter, settle

NUMBER = "07700 900 345"
WRONG = "00000-00000-1"


@pytest.fixture
def poster(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org")
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        campaign = make_campaign(session, places=[place])
        code = making.poster(session, campaign, place.id, "Door", keys=runtime.keys, now=runtime.clock())
        return making.printed(runtime.keys, code)


@pytest.fixture
def begun(client, poster):
    """The link of a survey that somebody opened with the poster."""
    seal = seal_of(client.get(f"/q/{poster}"))
    return client.post(f"/q/{poster}", data={"seal": seal}).location.rpartition("/")[0]


def wish(client, poster, number=NUMBER, **more):
    form = {"seal": seal_of(client.get(f"/q/{poster}/call")), "number": number, "consent": "yes"} | more
    return client.post(f"/q/{poster}/call", data=form)


def test_the_wish_reaches_the_officers_of_the_posters_place_until_it_is_done(app, client, runtime, poster):
    before = everything(runtime.database)
    page = client.get(f"/q/{poster}/call")
    assert everything(runtime.database) == before
    assert "Nothing we keep joins the two" in page.text
    form = {"seal": seal_of(page), "number": "0909 8790000", "when": "evening"}
    refused = client.post(f"/q/{poster}/call", data=form)
    assert refused.status_code == 400
    assert "Tick the box" in refused.text
    assert "Enter a UK telephone number" in refused.text
    assert "too long" in client.post(f"/q/{poster}/call", data=form | {"seal": "forged"}).text
    assert all_of(runtime.database, CallBack) == all_of(runtime.database, CodeCalls) == []
    good = form | {"number": NUMBER, "consent": "yes"}
    for _ in range(2):  # the same page sent twice asks once
        assert client.post(f"/q/{poster}/call", data=good).location == f"/q/{poster}/call/sent"
    assert "We have passed this on" in client.get(f"/q/{poster}/call/sent").text
    (call,), (counted,) = all_of(runtime.database, CallBack), all_of(runtime.database, CodeCalls)
    assert number_of(call, runtime.keys) == "+447700900345"
    assert (call.place_id, call.wanted_when, call.consent) == ("riverside", CallTime.EVENING, "poster-1")
    assert counted.n == 1
    officer, _ = enter(app, "east-officer@example.org")
    page = officer.get("/workspace/call-backs").text
    assert "+447700900345" in page
    assert "Asked today, " in page
    assert not re.search(r"Asked today, [^<]*:\d\d", page)  # the day, and no hour
    said = {"csrf_token": csrf_in(officer), "outcome": "spoke"}
    assert officer.post(f"/workspace/call-backs/{call.id}", data=said).status_code == 303
    (call,) = all_of(runtime.database, CallBack)
    assert (call.address_sealed, call.address_index, call.done_by) == (None, None, "east-officer@example.org")


@ON_SQLITE
def test_nothing_kept_or_sent_joins_a_number_to_the_answers(client, runtime, poster, begun, clock):
    page = client.get(f"{begun}/call")
    assert f'action="/q/{poster}/call"' in page.text  # the form names the poster alone
    assert f'href="{begun}"' in page.text
    form_shown = page.text.partition("<form")[2].partition("</form>")[0]
    assert begun[3:] not in form_shown
    way = re.search(r'name="back" value="([^"]+)"', form_shown)[1]
    clock.advance(hours=3)
    form = {"seal": seal_of(page), "number": NUMBER, "back": way}
    assert f'href="{begun}"' in client.post(f"/q/{poster}/call", data=form).text
    form |= {"consent": "yes"}
    assert client.post(f"{begun}/call", data=form).status_code == 404
    sent = client.post(f"/q/{poster}/call", data=form)
    assert begun[3:] not in sent.location
    assert f'href="{begun}"' in client.get(sent.location).text
    for odd in ("x", way[:-3], "%F0", "/s/other"):
        assert f'href="/q/{poster}"' in client.get(f"/q/{poster}/call/sent?back={odd}").text
    (call,), (notice,), (counted,) = (all_of(runtime.database, one) for one in (CallBack, Message, CodeCalls))
    today = london_day(clock())
    morning = day_starts_at(today + dt.timedelta(days=1)) + dt.timedelta(hours=8)
    assert call.asked_at == notice.created_at == day_starts_at(today)
    assert (notice.not_before, counted.day) == (morning, today)
    token = begun[3:]
    assert call.source not in {source_of(runtime.keys, f"{way}:{token}") for way in ("web", "poster")}
    assert call.source != keyed_hash(runtime.keys.index, "call-back source", token)
    assert not set(CallBack.__table__.columns.keys()) & {"code_id", "start_id", "nonce"}


@ON_SQLITE
def test_a_poster_and_an_address_ask_only_so_often_and_the_page_says_whom_to_ring(runtime, poster):
    few = create_app(replace(runtime, settings=replace(runtime.settings, poster_calls_a_day=2))).test_client()
    assert [wish(few, poster, f"0770090035{n}").status_code for n in range(3)] == [303, 303, 429]
    full = wish(few, poster, "07700900359")
    assert "we can take no more" in full.text
    assert runtime.settings.help_phone in full.text
    assert len(all_of(runtime.database, CallBack)) == 2
    assert (
        wish(few, poster, "07700900350").status_code == 303
    )  # known already: nothing is added, nothing told
    runtime.clock.advance(days=1)
    assert wish(few, poster, "07700900358").status_code == 303
    many = create_app(runtime).test_client()
    codes = [wish(many, poster, f"0770090036{n % 10}").status_code for n in range(11)]
    assert codes == [303] * 10 + [429]


@ON_SQLITE
def test_other_codes_lead_elsewhere_and_ended_ones_nowhere(client, runtime, poster, begun):
    assert client.get(f"/q/{WRONG}/call").status_code == 404
    assert (
        client.post(f"/q/{WRONG}/call").status_code == client.get(f"/q/{WRONG}/call/sent").status_code == 404
    )
    form = {"seal": seal_of(client.get(f"/q/{poster}/call")), "number": NUMBER, "consent": "yes"}
    with runtime.database.writing() as session:
        making.end(session, making.find(session, runtime.keys, poster).id, runtime.clock())
    tries = [client.get(f"/q/{poster}/call"), client.post(f"/q/{poster}/call", data=form)]
    assert [one.status_code for one in [*tries, client.get(f"{begun}/call")]] == [410, 410, 410]
    assert all_of(runtime.database, CallBack) == []


@ON_SQLITE
def test_the_page_speaks_the_language_of_the_survey_and_a_shared_screen_takes_no_number(
    client, runtime, poster
):
    page = client.get(f"/q/{poster}/call?lang=ur")
    assert 'dir="rtl"' in page.text
    assert f'href="/q/{poster}?lang=ur"' in page.text
    form = {"seal": seal_of(page), "number": NUMBER, "consent": "yes", "lang": "ur"}
    assert client.post(f"/q/{poster}/call", data=form).location == f"/q/{poster}/call/sent?lang=ur"
    assert all_of(runtime.database, CallBack)[0].language == "ur"
    seal = seal_of(client.get(f"/q/{poster}?lang=pl"))
    begun = client.post(f"/q/{poster}", data={"seal": seal, "lang": "pl"}).location
    assert "Poproś, aby ktoś do mnie zadzwonił" in client.get(begun).text
    assert 'name="lang" value="pl"' in client.get(f"{begun.rpartition('/')[0]}/call").text
    screen = client.get(f"/kiosk/{poster}")
    assert "/call" not in screen.text
    assert f"Ask the team here, or call {runtime.settings.help_phone}" in screen.text
    pressed = client.post(f"/kiosk/{poster}", data={"seal": seal_of(screen)}).location
    assert client.get(f"/s/{pressed.split('/')[3]}/call").status_code == 404
