"""From the answer that closes a block to an open page: web, clock and worker as in production."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench import posts
from bench.servers import processes
from bench.visitors import BadReply, Visitor
from bench.world import World, make_world
from survey_app.accounts import staff
from survey_app.accounts.tables import Role
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.clock import london_day, utc_now, week_of
from survey_app.hear.conversations.prompts import REACTION
from survey_app.jobs.counting import catch_up
from survey_app.know.aggregation.blocks import K
from survey_app.show.charts.store import undrawn
from tests.factories import make_place
from tests.worlds import World as Crowds

WATCHED, BUSY = "riverside", "hillside"
PLACES = (WATCHED, BUSY, "lakeside")
PAGE = f"/dashboard/series/ex.life.mean/{WATCHED}"
WEEKS, A_WEEK = 26, 14
CLOSINGS = 12
WATCHERS = 6
AT_ONCE = 16
A_REQUEST_SECONDS = 0.15
"""Between the requests of the others: one of them finishes each second."""
EACH_SECONDS = (0.8, 1.2)
"""Between two looks of an open page, as the script does it."""
LONGEST_SECONDS = 60
EMAIL, PASSWORD = "bench@example.org", "river candle orbit"


class NotSeen(RuntimeError):
    """Something did not happen in time."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from the acknowledged answer to what an open page shows, one for each page and block."""

    words: list[float]
    picture: list[float]


@dataclass
class Watcher:
    """One open page: asks about once a second, and notes when words and picture of a release came."""

    port: int
    cookie: str
    words: dict[str, float] = field(default_factory=dict)
    picture: dict[str, float] = field(default_factory=dict)

    def run(self, stop: threading.Event) -> None:
        visitor = Visitor(self.port)
        visitor.cookie, etag, luck = self.cookie, '""', random.Random(id(self))
        while not stop.wait(luck.uniform(*EACH_SECONDS)):
            reply = visitor.get(f"{PAGE}/live", If_None_Match=etag)
            if reply.status == 200:
                etag = reply.headers["etag"]
                self._note(visitor, etag.strip('"'), reply.body.decode())
        visitor.close()

    def _note(self, visitor: Visitor, stamp: str, part: str) -> None:
        release = stamp.partition(".")[0]
        self.words.setdefault(release, time.monotonic())
        address = re.search(r'<img src="([^"]+)"', part)
        if address and visitor.get(address[1]).status == 200:
            self.picture.setdefault(release, time.monotonic())


def delays(world: World, port: int) -> Delays:
    """Measure with open pages while people answer by web and by text, here and next door."""
    with processes(["web", "jobs", "worker"], port, world.surroundings):
        _until(lambda: _is_all_drawn(world), "the worker did not draw everything")
        finishing = _all_but_the_last(port, world)
        cookie = signed_in(port)
        watchers = [Watcher(port, cookie) for _ in range(WATCHERS)]
        with _running([_neighbours(port, world), *(watcher.run for watcher in watchers)]):
            time.sleep(3 * EACH_SECONDS[1])  # every page is open before anything changes
            return _closings(port, finishing, watchers)


def make_live_world(folder: Path, port: int) -> World:
    """Make half a year of figures at every place, and people who have just been asked at two of them."""
    n_people = (CLOSINGS + 1) * K
    world = make_world(
        folder,
        f"sqlite:///{folder / 'survey.db'}",
        n_links=n_people,
        n_phones=n_people,
        places=PLACES[:2],
        base=f"http://127.0.0.1:{port}",
    )
    add_past(world, PLACES[2:])
    return world


def add_past(world: World, more_places: tuple[str, ...]) -> None:
    """Add places, a reader, and half a year of answers at every place, counted."""
    runtime, crowds = world.runtime, Crowds(world.runtime)
    with runtime.database.writing() as session:
        for name in more_places:
            make_place(session, name, parent=session.get_one(Place, "system"))
        staff.create(
            session,
            email=EMAIL,
            name="Bench",
            password=PASSWORD,
            grants=[(Role.LEAD, "/system/")],
            now=utc_now(),
        )
    this_week = week_of(london_day(utc_now()))
    for week, place in itertools.product(range(WEEKS, 0, -1), PLACES):
        crowds.crowd(A_WEEK + week % 3, this_week - dt.timedelta(weeks=week), place)
    catch_up(runtime)


def signed_in(port: int) -> str:
    """Return the cookie of the reader."""
    visitor = Visitor(port)
    visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    visitor.close()
    return visitor.cookie


def people_of(world: World, place: str) -> Iterator[list[bytes]]:
    """Yield the requests of one person after another, by web and by text in turn."""
    start = PLACES.index(place)  # people live in the two places in turn
    answers = itertools.cycle(["1", "1", "2", "2", "3"])
    for token, phone in zip(world.tokens[start::2], world.phones[start::2], strict=True):
        yield posts.forms(world, token, next(answers))
        yield posts.texts(world, phone, next(answers))


def _is_all_drawn(world: World) -> bool:
    with world.runtime.database.reading() as session:
        return not undrawn(session, 1)


def _neighbours(port: int, world: World) -> Callable[[threading.Event], None]:
    def run(stop: threading.Event) -> None:
        visitor, people = Visitor(port), people_of(world, BUSY)
        while group := list(itertools.islice(people, AT_ONCE)):
            for request in in_turns(group):
                if stop.wait(A_REQUEST_SECONDS):
                    return
                _send(visitor, request)

    return run


def in_turns(people: list[list[bytes]]) -> Iterator[bytes]:
    """Yield everybody's first request, then everybody's second: a text answers a question that has left."""
    for together in itertools.zip_longest(*people):
        yield from (request for request in together if request is not None)


def _all_but_the_last(port: int, world: World) -> list[bytes]:
    """Let everybody here answer up to their last question; return the requests that finish."""
    visitor, people = Visitor(port), list(people_of(world, WATCHED))
    for number in range(posts.TEXTS - 1):
        for requests in people:
            if number < len(requests) - 1:
                _send(visitor, requests[number])
        _until(lambda: not _is_anything_waiting(world), "the questions were not sent")
        time.sleep(REACTION.total_seconds())  # sooner, an answer would count for the question before
    visitor.close()
    return [requests[-1] for requests in people]


def _is_anything_waiting(world: World) -> bool:
    waiting = sa.exists().where(Message.state == MessageState.PENDING)
    with world.runtime.database.reading() as session:
        return bool(session.scalar(sa.select(waiting)))


def _closings(port: int, finishing: list[bytes], watchers: list[Watcher]) -> Delays:
    visitor, luck, found = Visitor(port), random.Random(1), Delays([], [])
    for request in finishing[:K]:
        _send(visitor, request)
    for start in range(K, len(finishing), K):
        *others, closing = finishing[start : start + K]
        for request in others:
            _send(visitor, request)
            time.sleep(luck.uniform(0.0, 0.3))  # no phase of the clock's half seconds is favoured
        known = {release for watcher in watchers for release in watcher.words}
        _send(visitor, closing)
        acknowledged = time.monotonic()
        _until(
            lambda known=known: all(set(one.picture) - known for one in watchers), "a page shows no change"
        )
        for watcher in watchers:
            (release,) = set(watcher.words) - known
            found.words.append(watcher.words[release] - acknowledged)
            found.picture.append(watcher.picture[release] - acknowledged)
    visitor.close()
    return found


def _until(is_so: Callable[[], bool], fault: str) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise NotSeen(f"{fault} within {LONGEST_SECONDS} s")
        time.sleep(0.05)


def _send(visitor: Visitor, request: bytes) -> None:
    reply = visitor.send(request)
    if reply.status not in {200, 303}:
        raise BadReply(f"{reply.status}: {reply.body[:300]!r}")


@contextmanager
def _running(loops: list[Callable[[threading.Event], None]]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
