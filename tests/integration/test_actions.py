"""From a signal to an action, its verdict, and a text to the people who agreed to hear back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from survey_app.ask.population.consent import suppress
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice, Consent, Place
from survey_app.ask.sending import outbox
from survey_app.ask.sending.tables import Message, MessageKind, MessageState
from survey_app.jobs.outgoing import round_of_news
from survey_app.jobs.verdicts import judge_actions
from survey_app.know.aggregation.grouping import set_group
from survey_app.know.evidence.keeping import save
from survey_app.know.improvement.actions import news, notices
from survey_app.know.improvement.actions.marks import all_marks
from survey_app.know.improvement.actions.reading import due
from survey_app.know.improvement.actions.tables import Notice
from tests.factories import make_action, make_participant, make_place
from tests.integration.signed_in import csrf_in, enter, settle
from tests.unit.show.charts.example import example

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STARTED = dt.date(2026, 8, 31)
PLAN = {
    "measure": "ex.say.mean",
    "signal_week": "2026-09-07",
    "what": "  Ask everybody\r\n what matters ",
    "concept": "care-coordination",
    "due_on": "2026-11-06",
}
WORDS = {
    "you_said": "You want more say.",
    "we_did": "We ask what matters to you first. Then we write the plan.",
    "text": "You wanted more say. We now ask what matters to you first.",
}


@pytest.fixture
def town(runtime):
    """Twelve people of riverside who agreed to hear back, and others who must not be texted."""
    settle(runtime, "lead@example.org", "officer@example.org")
    with runtime.database.writing() as session:
        save(session, [example()], now=runtime.clock())
        riverside, hilltop = (session.get_one(Place, name) for name in ("riverside", "hilltop"))

        def person(number, place=riverside, **changed):
            row = {"phone": f"+44770090{number:04}", "channel": ChannelChoice.TEXT, "hear_back": True}
            return make_participant(session, runtime.keys, place=place, **row | changed)

        for number in range(12):
            person(number)
        person(0)  # shares a phone
        person(50, hear_back=None)
        person(51, hear_back=False)
        person(52, consent=Consent.WITHDRAWN)
        person(53, place=hilltop)
        stopped = person(54)
        suppress(session, phone_index=stopped.phone_index, reason="opted out", at=runtime.clock())
    return runtime


@pytest.fixture
def told(town):
    """Return a function that publishes a notice at riverside and lets it go out by text."""

    def tell():
        with town.database.writing() as session:
            action = make_action(session, "riverside", told=WORDS["text"])
            (notice,) = session.scalars(sa.select(Notice).where(Notice.action_id == action.id))
            notices.publish(session, notice, figures=None, now=town.clock())
            news.start_texting(session, notice, town.clock())
            return notice.id

    return tell


def texts(runtime):
    with runtime.database.reading() as session:
        return list(session.scalars(sa.select(Message).where(Message.kind == MessageKind.NEWS)))


def seal_in(page):
    return re.search(r'name="seal" value="(\w+)"', page)[1]


@pytest.fixture
def lead(app, town):
    """A lead's browser; `post` sends forms with their token."""
    browser, _ = enter(app, "lead@example.org")
    token = {"csrf_token": csrf_in(browser)}
    send = browser.post
    browser.post = lambda address, **form: send(address, data=token | form)
    return browser


@ON_SQLITE
def test_the_way_from_a_signal_to_a_verdict(lead, town):
    series = lead.get("/dashboard/series/ex.say.mean/riverside").text
    link = re.search(r'href="(/dashboard/actions/new\?[^"]+)"', series)[1].replace("&amp;", "&")
    form = lead.get(link).text
    assert 'value="ex.say.mean" selected' in form
    assert 'value="2026-10-19"' in form  # the latest closed week of the signal
    owner = re.search(r'<option value="(\d+)"[^>]*>lead<', form)[1]
    assert lead.post(link, **PLAN | {"owner": "99", "what": " "}).status_code == 422
    assert lead.post(link, **PLAN, owner=owner).headers["Location"] == "/dashboard/actions/1"
    assert lead.post("/dashboard/actions/1/you-said", **WORDS).status_code == 409  # nothing was done yet
    assert lead.post("/dashboard/actions/1/start", on="2027-01-01").status_code == 400
    assert lead.post("/dashboard/actions/1/start", on=str(STARTED)).status_code == 303
    assert lead.post("/dashboard/actions/1/start").status_code == 409
    assert lead.post("/dashboard/actions/1/cycles", plan="Ask ten", starts_on="2026-09-01").status_code == 303
    learnt = {"learnt": "It takes four minutes", "decision": "adopt"}
    assert lead.post("/dashboard/actions/1/cycles/1", **learnt).status_code == 303
    assert (judge_actions(town), judge_actions(town)) == (1, 0)
    page = lead.get("/dashboard/actions/1").text
    for words in (
        "Ask everybody what matters",
        "Better since it started",
        "From 8 figures since the start up to 25 Oct 2026",
        "Adopt: keep doing it this way",
        "Entered later",
    ):
        assert words in page
    assert "because" not in page
    assert "Better since it started" in lead.get("/dashboard/actions").text


@ON_SQLITE
def test_days_that_cannot_be_come_back_with_what_to_do(lead, town):
    with town.database.writing() as session:
        make_action(session, "riverside")
    for day, fault in (("2026-08-30", "started on 31 Aug 2026"), ("2026-11-03", "still to come")):
        refused = lead.post("/dashboard/actions/1/cycles", plan="Ask ten", starts_on=day)
        assert refused.status_code == 422
        for words in (fault, "Ask ten", f'value="{day}"'):
            assert words in refused.text
    long_past = PLAN | {"due_on": "2026-08-30"}
    refused = lead.post("/dashboard/actions/new?place=riverside", **long_past)
    assert (refused.status_code, "Choose 2 Nov 2026 or a later day" in refused.text) == (422, True)
    refused = lead.post("/dashboard/actions/1/edit", **long_past)
    assert (refused.status_code, "Choose 31 Aug 2026 or a later day" in refused.text) == (422, True)


@ON_SQLITE
def test_the_hint_and_the_fault_name_the_same_length_of_a_text(lead, town):
    with town.database.writing() as session:
        make_action(session, "riverside")
    for page in (
        lead.get("/dashboard/actions/1/you-said").text,
        lead.post("/dashboard/actions/1/you-said", **WORDS | {"text": "x" * 170}).text,
    ):
        assert set(re.findall(r"at most (\d+) characters", page)) == {"124"}


@ON_SQLITE
def test_words_that_are_not_plain_come_back_with_what_to_do(lead, town):
    with town.database.writing() as session:
        make_action(session, "riverside")
    odd = {"we_did": "We " + "really " * 15 + "did. It is 70% now.", "text": "\N{EM DASH} " + "x" * 150}
    refused = lead.post("/dashboard/actions/1/you-said", **WORDS | odd)
    assert refused.status_code == 422
    for words in ("has 17 words", "released figures", "cannot be used in a text: \N{EM DASH}"):
        assert words in refused.text
    refused = lead.post("/dashboard/actions/1/you-said", **WORDS | {"text": "70% is new. See www.x.example"})
    assert refused.text.count("released figures") == 2  # in the summary and at the text's field
    assert (
        "Leave links out" in lead.post("/dashboard/actions/1/you-said", **WORDS | {"text": "See www.x"}).text
    )
    for field in WORDS:
        refused = lead.post("/dashboard/actions/1/you-said", **WORDS | {field: "Ask Ann: 07700 900123."})
        assert "07700 900123 looks like a phone number" in refused.text
    with town.database.reading() as session:
        assert session.scalars(sa.select(Notice)).all() == []


@ON_SQLITE
def test_the_way_from_words_to_the_public_page_and_the_outbox(app, lead, town):
    with town.database.writing() as session:
        make_action(session, "riverside")
    assert lead.post("/dashboard/actions/1/you-said", **WORDS).status_code == 303
    notice, anyone = "/dashboard/actions/you-said/1", app.test_client()
    draft = lead.get(notice).text
    assert "10 to 19" in draft
    assert "12 people" not in draft
    assert anyone.get("/you-said/1").status_code == 404
    assert lead.post(f"{notice}/text").status_code == 409
    seen = {"seal": seal_in(draft), "figures": "yes"}
    assert lead.post(f"{notice}/edit", **WORDS | {"we_did": "Another lead changed this."}).status_code == 303
    stale = lead.post(f"{notice}/publish", **seen)
    assert stale.status_code == 409
    for words in ("read them again", "Another lead changed this.", "checked"):
        assert words in stale.text
    assert lead.post(f"{notice}/edit", **WORDS).status_code == 303
    assert lead.post(f"{notice}/publish", **seen).status_code == 303
    assert lead.post(f"{notice}/edit", **WORDS).status_code == 409
    public = anyone.get("/you-said/1").text
    told = ("Average before: 57", "310 answers in 12 weeks", "Average since: 64", "292 answers in 8 weeks")
    for words in ("We ask what matters to you first.", *told, "a change for the better"):
        assert words in public
    assert "Riverside" in anyone.get("/you-said").text
    assert "<p>Then we write the plan.</p>" in anyone.get("/you-said/1/easy-read").text
    assert lead.post(f"{notice}/text", read="yes").status_code == 303
    assert (round_of_news(town), round_of_news(town)) == (12, 0)
    assert {message.body for message in texts(town)} == {
        f"From Local Care: {WORDS['text']} More: http://localhost/you-said/1 Reply STOP to end."
    }
    assert lead.post(f"{notice}/withdraw").status_code == 303
    assert {message.state for message in texts(town)} == {MessageState.WITHDRAWN}
    assert anyone.get("/you-said/1").status_code == 404


@ON_SQLITE
def test_a_text_is_sent_only_by_whoever_says_to_have_read_it(lead, town):
    with town.database.writing() as session:
        make_action(session, "riverside", told=WORDS["text"])
        notices.publish(session, session.get_one(Notice, 1), figures=None, now=town.clock())
    page = lead.get("/dashboard/actions/you-said/1").text
    assert re.search(r'<input[^>]*name="read"[^>]* required', page)
    unread = lead.post("/dashboard/actions/you-said/1/text")
    assert (unread.status_code, "Tick that you have read" in unread.text) == (409, True)
    assert (round_of_news(town), texts(town)) == (0, [])


def test_each_phone_is_told_once_and_only_whoever_agreed(told, town):
    told()
    assert (round_of_news(town), round_of_news(town)) == (12, 0)
    wanted = {phone_index(town.keys, f"+44770090{number:04}") for number in range(12)}
    assert {message.address_index for message in texts(town)} == wanted
    with town.database.reading() as session:
        assert session.scalars(sa.select(Notice)).one().texted_at == town.clock()


def test_nobody_is_told_twice_in_four_weeks_and_no_text_goes_to_fewer_than_ten(told, town, clock):
    told()
    round_of_news(town)
    clock.advance(days=27)
    with pytest.raises(news.TooFew):
        told()
    clock.advance(days=2)
    told()
    assert round_of_news(town) == 12
    with town.database.writing() as session:
        for number in range(3):
            index = phone_index(town.keys, f"+44770090{number:04}")
            suppress(session, phone_index=index, reason="opted out", at=clock())
    clock.advance(days=29)
    with pytest.raises(news.TooFew):
        told()


@ON_SQLITE
def test_a_stop_takes_a_waiting_text_back_and_quiet_hours_hold(told, town, clock):
    clock.set(dt.datetime(2026, 11, 2, 21, tzinfo=dt.UTC))
    told()
    round_of_news(town)
    waiting = texts(town)
    assert {message.not_before for message in waiting} == {dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)}
    with town.database.writing() as session:
        outbox.withdraw_address(session, address_index=waiting[0].address_index)
    assert sorted(message.state for message in texts(town)).count(MessageState.WITHDRAWN) == 1


@ON_SQLITE
def test_marks_stand_on_the_chart_once_the_action_has_begun(town):
    with town.database.writing() as session:
        make_action(session, "riverside", started=None)
        make_action(session, "riverside")
    with town.database.reading() as session:
        marks = all_marks(session, "riverside")
    assert marks.keys() == {("riverside", "ex.say.mean")}
    assert [mark.text for mark in marks["riverside", "ex.say.mean"]] == [
        '"Ring people at home" started',  # charts say the kind before it
        "Cycle 1: Ring ten people",
    ]


@ON_SQLITE
def test_what_is_due_within_a_week_or_overdue_is_told_to_those_in_scope(town, clock):
    with town.database.writing() as session:
        for day in (dt.date(2026, 11, 1), dt.date(2026, 11, 9), dt.date(2026, 11, 10)):
            make_action(session, "riverside", due_on=day)
    day = clock().date()
    with town.database.reading() as session:
        found = due(session, ["/kmd/east/"], day)
        assert [(one.is_overdue(day), one.is_due(day)) for one in found] == [(True, False), (False, True)]
        assert due(session, ["/kmd/west/"], day) == []


@ON_SQLITE
def test_monday_asks_for_what_is_overdue_and_what_is_due_this_week(app, town):
    with town.database.writing() as session:
        make_action(session, "riverside", what="Ring soon", due_on=dt.date(2026, 11, 9))
        make_action(session, "riverside", what="Ring late", due_on=dt.date(2026, 11, 1))
        make_action(session, "riverside", what="Ring one day", due_on=dt.date(2026, 12, 1))
    page = enter(app, "officer@example.org")[0].get("/dashboard").text
    assert "Ring soon" in page
    assert "It was due on 1 Nov 2026" in page
    assert "Ring one day" not in page


@ON_SQLITE
def test_who_leads_no_place_sees_actions_and_changes_none(app, town):
    with town.database.writing() as session:
        make_action(session, "riverside", told="We ring you.")
    officer, _ = enter(app, "officer@example.org")
    page = officer.get("/dashboard/actions/1")
    assert "Ring people at home" in page.text
    assert "/edit" not in page.text
    assert 'method="post" action="/dashboard' not in page.text
    assert "Plan an action" not in officer.get("/dashboard/series/ex.say.mean/riverside").text
    csrf = {"csrf_token": csrf_in(officer)}
    for address in (
        "1/edit",
        "1/finish",
        "1/cycles",
        "1/you-said",
        "you-said/1/publish",
        "new?place=riverside",
    ):
        assert officer.post(f"/dashboard/actions/{address}", data=csrf | PLAN | WORDS).status_code == 403


@ON_SQLITE
def test_a_notice_of_a_neighbour_group_goes_to_the_people_of_its_places(town):
    day = town.clock().date()
    with town.database.writing() as session:
        lakeside = make_place(session, "lakeside", parent=session.get_one(Place, "east"))
        make_participant(session, town.keys, place=lakeside, phone="+447700900900", hear_back=True)
        set_group(session, group_id="pair", name="Pair", places=["lakeside", "riverside"], from_day=day)
        make_action(session, "pair", told=WORDS["text"])
        make_action(session, "lakeside", told=WORDS["text"])
        of_pair, of_lakeside = session.scalars(sa.select(Notice).order_by(Notice.id))
        assert news.n_reachable(session, of_pair, town.clock()) == 13
        assert news.n_reachable(session, of_lakeside, town.clock()) == 1
