from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.tables import Consent, Participant, Place, Suppression
from survey_app.hear.channels.web import routes as survey
from survey_app.hear.channels.web.seal import FormSeal
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow
from survey_app.settings import INSTRUMENTS_DIR
from survey_app.show.pages.public import routes as public
from survey_app.web.site import new_site
from tests.factories import make_campaign, make_invitation, make_participant, make_place

LIBRARY = load_library(INSTRUMENTS_DIR)
PULSE = LIBRARY.get("pulse-user-6", 1)


@pytest.fixture
def site(settings, database, keys, clock):
    site = new_site(settings)
    site.register_blueprint(survey.blueprint(survey.Needs(database, keys, clock, LIBRARY, settings)))
    site.register_blueprint(public.blueprint(public.Needs(settings, {})))
    site.testing = True
    return site


@pytest.fixture
def web(site):
    return site.test_client(use_cookies=False)


@pytest.fixture
def invite(database, keys):
    def make(instrument="pulse-user-6", **changed):
        with database.writing() as session:
            place = make_place(session, "riverside")
            person = make_participant(session, keys, place=place)
            campaign = make_campaign(session, places=[place], instrument_id=instrument)
            return make_invitation(session, keys, campaign=campaign, participant=person, **changed)[1]

    return make


@pytest.fixture
def token(invite):
    return invite()


@pytest.fixture
def press(web, clock):
    """Open a page, wait like a person, and press Continue (or Skip)."""

    def press(token, number, answer=None, *, seconds=4, **more):
        seal = seal_of(web.get(f"/s/{token}/{number}"))
        clock.advance(seconds=seconds)
        form = {"seal": seal, **({"skipped": "yes"} if answer is None else {"answer": answer}), **more}
        return web.post(f"/s/{token}/{number}", data=form)

    return press


def seal_of(page):
    found = re.search(r'name="seal" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def rows(database, table):
    with database.reading() as session:
        return session.scalars(sa.select(table)).all()


def counts(database):
    tables = (Response, Answer, AnswerHistory, SubmissionRow, Suppression)
    return [len(rows(database, table)) for table in tables]


def test_a_whole_journey_stores_every_answer_and_finishes(web, press, token, database):
    start = web.get(f"/s/{token}")
    assert web.post(f"/s/{token}/start", data={"seal": seal_of(start)}).location == f"/s/{token}/1"
    for item in PULSE.items[:-1]:
        reply = press(token, item.ordinal, "3")
        assert (reply.status_code, reply.location) == (303, f"/s/{token}/{item.ordinal + 1}")
    reply = press(token, 6)
    assert reply.location == f"/s/{token}/done"
    assert "Thank you" in web.get(reply.location).text
    (response,) = rows(database, Response)
    assert response.state is ResponseState.FINISHED
    stored = {answer.item_id: answer.code for answer in rows(database, Answer)}
    assert stored == {item.id: 3 for item in PULSE.items[:-1]} | {PULSE.items[-1].id: None}
    (invitation,) = rows(database, Invitation)
    assert invitation.state is InvitationState.ANSWERED


def test_a_page_asks_two_statements_and_a_post_eight_whatever_was_answered_before(press, token, database):
    asked = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    n_asked = []
    for item in PULSE.items[:-1]:
        asked.clear()
        press(token, item.ordinal, "1")
        n_asked.append(len(asked))
    # The first one also makes the response, and takes back what still waits to be sent.
    assert n_asked == [12, 10, 10, 10, 10]


def test_looking_changes_nothing(web, token, database):
    before = counts(database)
    for path in (
        f"/s/{token}",
        f"/s/{token}/1",
        f"/s/{token}/done",
        f"/stop/{token}",
        f"/s/{token}/1?answer=4",
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            headers = {"Purpose": "prefetch", "User-Agent": "GoogleMessages"}
            assert web.open(path, method=method, headers=headers).status_code < 400
    assert counts(database) == before
    assert rows(database, Invitation)[0].state is InvitationState.OPEN


def test_the_same_form_posted_twice_counts_once_and_gets_the_same_reply(web, token, clock, database):
    form = {"seal": seal_of(web.get(f"/s/{token}/1")), "answer": "4"}
    clock.advance(seconds=5)
    replies = [web.post(f"/s/{token}/1", data=form) for _ in range(5)]
    assert {(reply.status_code, reply.location) for reply in replies} == {(303, f"/s/{token}/2")}
    assert len(rows(database, AnswerHistory)) == 1


def test_one_form_posted_by_many_threads_counts_once(site, web, token, clock, database):
    form = {"seal": seal_of(web.get(f"/s/{token}/1")), "answer": "4"}
    clock.advance(seconds=5)
    places = []

    def post():
        places.append(site.test_client(use_cookies=False).post(f"/s/{token}/1", data=form).location)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == [f"/s/{token}/2"] * 8
    assert len(rows(database, AnswerHistory)) == 1


def test_a_page_from_the_browsers_memory_can_still_change_the_answer(web, token, clock, database):
    seal = seal_of(web.get(f"/s/{token}/1"))
    clock.advance(seconds=5)
    for answer in ("4", "2"):
        assert web.post(f"/s/{token}/1", data={"seal": seal, "answer": answer}).status_code == 303
    assert [answer.code for answer in rows(database, Answer)] == [2]


def test_back_shows_ones_own_answer_until_the_survey_is_finished(web, press, token):
    press(token, 1, "2")
    page = web.get(f"/s/{token}/2")
    assert f'<a class="nhsuk-back-link" href="/s/{token}/1">' in page.text
    earlier = web.get(f"/s/{token}/1").text
    assert re.search(r'value="2" checked', earlier)
    for number in range(1, 7):
        press(token, number, "2")
    for path in (f"/s/{token}", f"/s/{token}/1", f"/s/{token}/done"):
        page = web.get(path)
        assert page.status_code == 200
        assert "checked" not in page.text
        assert PULSE.items[0].text not in page.text


@pytest.mark.parametrize("answer", ["99", "4.0", "-1", "", "\uff14", "4;", "[4]", "9" * 5000])
def test_what_is_no_answer_is_asked_again_and_not_stored(web, press, token, database, answer):
    reply = press(token, 1, answer)
    assert reply.status_code == 400
    assert "There is a problem" in reply.text
    assert 'href="#answer"' in reply.text
    assert counts(database)[:4] == [0, 0, 0, 0]


@pytest.mark.parametrize("seal", [None, "", "x", "x" * 10_000, "\udcff", "null"])
def test_without_the_pages_own_seal_nothing_is_stored(web, token, database, seal):
    data = {"answer": "4"} | ({} if seal is None else {"seal": seal.encode("utf-8", "surrogateescape")})
    reply = web.post(f"/s/{token}/1", data=data)
    assert reply.status_code == 400
    assert "open too long" in reply.text
    assert counts(database)[:4] == [0, 0, 0, 0]


def test_a_seal_works_only_for_its_own_token_and_page(web, token, database, keys):
    with database.writing() as session:
        person = make_participant(session, keys, place=session.get_one(Place, "riverside"))
        campaign = make_campaign(session, places=[session.get_one(Place, "riverside")])
        _, other = make_invitation(session, keys, campaign=campaign, participant=person)
    seal = seal_of(web.get(f"/s/{token}/1"))
    for path in (f"/s/{other}/1", f"/s/{token}/2", f"/stop/{token}"):
        assert web.post(path, data={"seal": seal, "answer": "4"}).status_code == 400
    stop = seal_of(web.get(f"/stop/{token}"))
    assert web.post(f"/s/{token}/1", data={"seal": stop, "answer": "4"}).status_code == 400
    assert counts(database) == [0, 0, 0, 0, 0]


def test_a_post_started_by_another_site_is_refused(web, token, database, clock):
    form = {"seal": seal_of(web.get(f"/s/{token}/1")), "answer": "4"}
    clock.advance(seconds=5)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert web.post(f"/s/{token}/1", data=form, headers=headers).status_code == 403
    assert counts(database)[:4] == [0, 0, 0, 0]
    allowed = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert web.post(f"/s/{token}/1", data=form, headers=allowed).status_code == 303


def test_answers_to_other_items_in_the_form_are_ignored(press, token, database):
    press(token, 1, "4", **{"ex.say": "1", "2": "1", "item": "ex.say"})
    assert [(answer.item_id, answer.code) for answer in rows(database, Answer)] == [(PULSE.items[0].id, 4)]


def test_a_form_posted_at_once_waits_for_a_slower_one(web, press, token, database):
    press(token, 1, "4", seconds=0.2)
    assert rows(database, Response)[0].state is ResponseState.QUARANTINED
    press(token, 2, "4")
    assert rows(database, Response)[0].state is ResponseState.STARTED


def test_a_survey_answered_in_no_time_asks_for_one_more_press(web, press, token, database):
    for number in range(1, 7):
        reply = press(token, number, "1", seconds=0.2)
    assert reply.location == f"/s/{token}/6"
    page = web.get(reply.location)
    assert "once more" in page.text
    assert web.get(f"/s/{token}").status_code == 200
    assert press(token, 6, "1").location == f"/s/{token}/done"
    assert rows(database, Response)[0].state is ResponseState.FINISHED


def test_an_unknown_token_gets_the_same_page_everywhere(web, token):
    wrong = token.swapcase()
    pages = [web.get(path) for path in (f"/s/{wrong}", f"/s/{wrong}/1", f"/stop/{wrong}", "/no/such/page")]
    assert {page.status_code for page in pages} == {404}
    bare = {re.sub(r"'nonce-[^']+'", "", page.headers["Content-Security-Policy"]) for page in pages}
    assert len(bare) == 1
    assert len({page.text for page in pages}) == 1
    assert web.post(f"/s/{wrong}/1", data={"answer": "4"}).status_code == 404


def test_guessing_is_throttled_but_valid_links_still_open(web, token):
    codes = [web.get(f"/s/{'x' * 21}{letter}").status_code for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert codes == [404] * 20 + [429] * 6
    assert web.get(f"/s/{token}").status_code == 200


@pytest.mark.parametrize("ending", [".", ")", ">", "\u200b", "…"])
def test_punctuation_that_phones_add_to_a_link_does_no_harm(web, token, ending):
    page = web.get(f"/s/{token}{ending}")
    assert page.status_code == 200
    assert f'action="/s/{token}/start"' in page.text
    assert web.get(f"/s/{token}{ending}/1").location == f"/s/{token}/1"


def test_after_its_time_a_link_says_that_it_has_ended(web, token, clock, database):
    form = {"seal": seal_of(web.get(f"/s/{token}/1")), "answer": "4"}
    clock.advance(days=15)
    assert web.get(f"/s/{token}").status_code == 410
    assert web.get(f"/s/{token}/1").status_code == 410
    assert web.post(f"/s/{token}/1", data=form).status_code == 410
    assert counts(database)[:4] == [0, 0, 0, 0]
    assert web.get(f"/stop/{token}").status_code == 200


def test_after_the_end_another_answer_changes_nothing(web, press, token, database, clock):
    seal = seal_of(web.get(f"/s/{token}/1"))
    for number in range(1, 7):
        press(token, number, "1")
    before = counts(database)[:3]
    reply = web.post(f"/s/{token}/1", data={"seal": seal, "answer": "2"})
    assert reply.location == f"/s/{token}"
    assert "already answered" in web.get(reply.location).text
    unsealed = web.post(f"/s/{token}/1", data={"answer": "1"})
    assert "already answered" in unsealed.text
    assert counts(database)[:3] == before


def test_a_branch_is_asked_only_after_the_answer_that_opens_it(web, press, invite):
    instrument = LIBRARY.get("p3c-style-10", 1)
    gated = next(item for item in instrument.items if item.show_if is not None)
    gate = instrument.item(gated.show_if.item)
    token = invite("p3c-style-10")
    for item in instrument.items[: gate.ordinal - 1]:
        press(token, item.ordinal)
    assert web.get(f"/s/{token}/{gated.ordinal}").location == f"/s/{token}"
    opens = str(min(gated.show_if.codes))
    assert press(token, gate.ordinal, opens).location == f"/s/{token}/{gated.ordinal}"
    assert web.get(f"/s/{token}/{gated.ordinal}").status_code == 200


def test_only_the_items_of_the_rota_are_asked(web, invite, press):
    chosen = [PULSE.items[1].id, PULSE.items[4].id]
    token = invite(items=chosen)
    assert web.post(f"/s/{token}/start").location == f"/s/{token}/2"
    assert "Question 1 of 2" in web.get(f"/s/{token}/2").text
    assert web.get(f"/s/{token}/1").location == f"/s/{token}"
    assert press(token, 2, "4").location == f"/s/{token}/5"
    assert press(token, 5, "4").location == f"/s/{token}/done"


def test_stopping_takes_the_person_off_the_list_for_good(web, token, database):
    seal = seal_of(web.get(f"/stop/{token}"))
    assert web.post(f"/stop/{token}", data={"seal": "forged"}).status_code == 400
    assert rows(database, Participant)[0].consent is Consent.GIVEN
    for _ in range(2):
        assert web.post(f"/stop/{token}", data={"seal": seal}).location == f"/stop/{token}"
    (person,) = rows(database, Participant)
    assert person.consent is Consent.WITHDRAWN
    assert [row.phone_index for row in rows(database, Suppression)] == [person.phone_index]
    assert "will not ask you again" in web.get(f"/stop/{token}").text
    assert web.get(f"/s/{token}").status_code == 410


def test_pages_are_not_kept_not_framed_and_leak_no_address(web, token):
    for path in (f"/s/{token}", f"/s/{token}/1", f"/stop/{token}", "/privacy", "/s/unknown"):
        headers = web.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"].startswith("noindex")
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "Set-Cookie" not in headers


def test_too_large_a_post_is_refused(web, token):
    assert web.post(f"/s/{token}/1", data={"answer": "x" * 70_000}).status_code == 413
    many = {f"field-{number}": "x" for number in range(2_000)}
    assert web.post(f"/s/{token}/1", data=many).status_code in {400, 413}


def test_another_host_name_is_refused(web, token):
    assert web.get(f"/s/{token}", headers={"Host": "evil.example"}).status_code == 400


def test_the_first_question_fits_in_fourteen_kilobytes(site, web, token):
    page = web.get(f"/s/{token}/1")
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert len(sheets) == 1
    assert [tag for tag in re.findall("<script[^>]*>", page.text) if " defer " not in tag] == []
    with web.get(sheets[0], headers={"Accept-Encoding": "br, gzip"}) as sheet:
        assert sheet.headers["Content-Encoding"] == "br"
        assert (
            "immutable" in sheet.headers["Cache-Control"]
            or "max-age=31536000" in sheet.headers["Cache-Control"]
        )
        heads = sum(len(str(reply.headers)) for reply in (page, sheet))
        assert len(page.data) + len(sheet.data) + heads <= 14 * 1024


def test_every_address_of_the_door_says_who_may(site):
    for rule in site.url_map.iter_rules():
        assert getattr(site.view_functions[rule.endpoint], "who_may", None), rule.endpoint


def test_times_in_the_seal_are_the_servers_own(web, token, clock, keys):
    shown = FormSeal(keys.session).read(token, "1", seal_of(web.get(f"/s/{token}/1")))
    assert shown is not None
    assert shown.at == clock()
    assert shown.at.tzinfo is dt.UTC
