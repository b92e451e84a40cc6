"""Open pages: nothing changes until a release does; then the page's own part comes, in few queries."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from survey_app.jobs.counting import nightly, top_up
from survey_app.jobs.worker import draw_some
from survey_app.know.evidence.store import stored
from tests.attacks.ground import everything
from tests.integration.signed_in import enter, settle
from tests.worlds import MONDAY, World, london

SERIES = "/dashboard/series/ex.life.mean/riverside"
PAGES = (
    "/dashboard",
    "/dashboard/model?place=riverside",
    "/dashboard/elements/outcomes.experience.1",
    "/dashboard/places/riverside",
    SERIES,
)
TELLTALE = {"Last-Modified", "Expires", "Age", "Set-Cookie", "Retry-After"}


def live(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}/live{mark}{query}"


@pytest.fixture
def world(runtime, clock) -> World:
    """A week that has begun, with one block closed in it and ten people waiting behind."""
    settle(runtime, "lead@example.org", "east@example.org")
    clock.set(london(MONDAY, 3, 10))
    nightly(runtime, MONDAY)
    world = World(runtime)
    world.crowd(20, MONDAY)
    clock.set(london(MONDAY, 13))
    assert top_up(runtime) == 1
    return world


@pytest.fixture
def lead(app, world):
    return enter(app, "lead@example.org")[0]


@pytest.fixture
def more(world, runtime, clock):
    """Let people answer and be counted; return how many blocks closed."""

    def answer(n: int) -> int:
        clock.advance(minutes=1)
        local = clock().astimezone(dt.UTC)
        with runtime.database.writing() as session:
            for number in range(n):
                world.answer_in(session, f"{local}-{number}", local + dt.timedelta(milliseconds=number))
        clock.advance(seconds=1)
        return top_up(runtime)

    return answer


def stamp(client, address: str) -> str:
    reply = client.get(live(address))
    assert reply.status_code == 200
    return reply.headers["ETag"]


def ask(client, address: str, etag: str):
    return client.get(live(address), headers={"If-None-Match": etag})


def queries_of(runtime, ask_once) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(runtime.database.engine, "before_cursor_execute", note)
    ask_once()
    sa.event.remove(runtime.database.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement != "BEGIN"])


@pytest.mark.parametrize("address", PAGES)
def test_the_page_carries_the_stamp_under_which_its_part_is_unchanged(lead, address):
    page = lead.get(address)
    etag = stamp(lead, address)
    assert f"data-stamp={etag}" in page.text
    assert "Reload this page to see the newest figures." in page.text
    unchanged = ask(lead, address, etag)
    assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize("address", PAGES)
def test_the_part_is_the_same_template_as_in_the_page(lead, address):
    part, page = lead.get(live(address)).text, lead.get(address).text
    assert part.strip() in page
    assert "data-part=" in part
    assert "<html" not in part


@pytest.mark.parametrize("address", PAGES)
def test_nothing_changes_for_answers_that_close_no_block(lead, more, address):
    etag, page = stamp(lead, address), lead.get(live(address)).data
    for _ in range(9):
        assert more(1) == 0
        assert ask(lead, address, etag).status_code == 304
    assert lead.get(live(address)).data == page
    assert more(1) == 1
    changed = ask(lead, address, etag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_value_sentence_and_table_change_together_and_the_picture_follows(lead, runtime, more):
    while draw_some(runtime):
        pass
    etag, before = stamp(lead, SERIES), lead.get(live(SERIES)).text
    assert "from 10 answers" in before
    assert "<picture>" in before
    assert more(10) == 1
    words = ask(lead, SERIES, etag)
    assert "from 20 answers" in words.text
    assert ">20</td>" in words.text
    assert "data-pending" in words.text
    assert "<picture>" not in words.text
    assert ask(lead, SERIES, words.headers["ETag"]).status_code == 304
    while draw_some(runtime):
        pass
    drawn = ask(lead, SERIES, words.headers["ETag"])
    assert "<picture>" in drawn.text
    assert drawn.headers["ETag"] != words.headers["ETag"]
    assert ask(lead, SERIES, drawn.headers["ETag"]).status_code == 304


def test_the_open_week_is_shown_as_provisional_and_judged_by_no_rule(lead, runtime):
    with runtime.database.reading() as session:
        series = stored(session, "ex.life.mean", "riverside")
    assert series.open.provisional
    assert (series.open.signals, series.open.lower, series.latest) == ((), None, None)
    part = lead.get(live(SERIES)).text
    assert "So far for 2 to 8 Nov 2026" in part
    assert "is not judged" in part
    assert "Still counting" in part
    assert series.summary == "The first figure is still being counted: its days are not over."


def test_in_the_first_week_of_all_no_page_says_that_nobody_has_answered_yet(lead):
    monday = lead.get("/dashboard").text
    assert "People are answering: the first figures are being counted." in monday
    assert "There are no figures yet" not in monday
    assert "What to do next" not in monday
    place = lead.get("/dashboard/places/riverside").text
    assert "Still counting" in place
    model = lead.get("/dashboard/model?place=riverside").text
    assert "still counting" in model
    assert "too few answers</span>" not in model


def test_another_places_release_changes_nothing_here(world, lead, runtime, clock):
    etag = stamp(lead, SERIES)
    place = stamp(lead, "/dashboard/places/riverside")
    world.crowd(20, MONDAY, "hilltop", hour=12)
    clock.advance(seconds=1)
    assert top_up(runtime) == 1
    assert ask(lead, SERIES, etag).status_code == 304
    assert ask(lead, "/dashboard/places/riverside", place).status_code == 304


def test_a_reader_notices_no_release_outside_the_scope(world, app, runtime, clock):
    east = enter(app, "east@example.org")[0]
    etag = stamp(east, "/dashboard")
    world.crowd(20, MONDAY, "hilltop", hour=12)
    clock.advance(seconds=1)
    assert top_up(runtime) == 1
    assert ask(east, "/dashboard", etag).status_code == 304


@pytest.mark.parametrize(
    "address",
    ["/dashboard/series/ex.life.mean/{}", "/dashboard/places/{}", "/dashboard/model?place={}"],
)
def test_a_foreign_place_is_answered_like_an_unknown_one(world, app, runtime, clock, address):
    world.crowd(20, MONDAY, "hilltop")
    assert top_up(runtime) == 1
    known = stamp(enter(app, "lead@example.org")[0], address.format("hilltop"))
    east = enter(app, "east@example.org")[0]
    foreign = ask(east, address.format("hilltop"), known)
    unknown = ask(east, address.format("nowhere"), known)
    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data)
    assert foreign.status_code == 404
    assert "ETag" not in foreign.headers
    assert ask(east, address.format("riverside"), '"another"').status_code == 200


def test_nobody_signed_in_is_sent_to_the_sign_in_page(app, world):
    for address in PAGES:
        assert app.test_client().get(live(address)).status_code == 303


@pytest.mark.parametrize("address", PAGES)
def test_asking_costs_two_queries_however_much_is_stored(world, lead, runtime, clock, address):
    etag = stamp(lead, address)
    before = queries_of(runtime, lambda: ask(lead, address, etag))
    world.crowd(20, MONDAY, "hilltop")
    clock.advance(seconds=1)
    assert top_up(runtime) == 1
    etag = stamp(lead, address)
    assert (before, queries_of(runtime, lambda: ask(lead, address, etag))) == (2, 2)


@pytest.mark.parametrize("address", PAGES)
def test_headers_tell_nothing_but_the_release(lead, more, clock, address):
    etag = stamp(lead, address)
    before = dict(ask(lead, address, etag).headers), dict(lead.get(live(address)).headers)
    assert more(3) == 0
    after = dict(ask(lead, address, etag).headers), dict(lead.get(live(address)).headers)
    for old, new in zip(before, after, strict=True):
        # The nonce is random in every reply.
        assert {**old, "Content-Security-Policy": ""} == {**new, "Content-Security-Policy": ""}
        assert new["Cache-Control"] == "private, no-store"
        assert not TELLTALE & set(new)


def test_twins_are_stamped_with_the_release_too(lead, runtime, more):
    twins = [f"{SERIES}.{twin}" for twin in ("json", "csv", "svg", "png")]
    while draw_some(runtime):
        pass
    first = {twin: lead.get(twin).headers["ETag"] for twin in twins}
    assert more(9) == 0
    for twin in twins:
        again = lead.get(twin, headers={"If-None-Match": first[twin]})
        assert (again.status_code, again.data) == (304, b"")
    assert more(1) == 1
    while draw_some(runtime):
        pass
    for twin in twins:
        other = lead.get(twin, headers={"If-None-Match": first[twin]})
        assert other.status_code == 200
        assert other.headers["ETag"] != first[twin]
        assert not TELLTALE & set(other.headers)


def test_a_stamp_that_a_compressing_proxy_marked_as_weak_still_counts(lead):
    assert ask(lead, SERIES, f"W/{stamp(lead, SERIES)}").status_code == 304


def test_an_open_page_keeps_no_session_alive(lead, runtime, clock):
    etag = stamp(lead, SERIES)
    before = everything(runtime.database)
    for _ in range(29):
        clock.advance(minutes=1)
        assert ask(lead, SERIES, etag).status_code == 304
        assert lead.get(f"{SERIES}.json").status_code == 200
    assert everything(runtime.database) == before
    clock.advance(minutes=2)
    assert ask(lead, SERIES, etag).status_code == 303


def test_asking_does_not_wait_for_a_writer_nor_a_writer_for_asking(lead, runtime, clock):
    etag = stamp(lead, SERIES)
    clock.advance(minutes=5)
    with ThreadPoolExecutor(1) as other, runtime.database.writing():
        assert other.submit(ask, lead, SERIES, etag).result(timeout=10).status_code == 304


def test_the_respondents_door_loads_nothing_of_the_dashboard():
    program = (
        "import sys; import survey_app.hear.channels.web.routes, survey_app.hear.channels.hooks; "
        "print([name for name in sys.modules if name.startswith(('survey_app.show', 'survey_app.know'))])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
