"""Putting a year through the real gate: arrivals, live counting, nights, erasures, moves; all watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum

import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Helped
from survey_app.ask.population.tables import Place, PlaceKind, PopulationCount
from survey_app.bootstrap import Runtime
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Origin, Submission
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.jobs.counting import nightly, top_up
from survey_app.jobs.erasing import erase_person
from survey_app.know.aggregation.grouping import set_bin, set_group, stand_alone
from survey_app.know.aggregation.moves import move_place
from survey_app.know.aggregation.tables import Pooled
from tests.attacker.calendar import DAY, instant, quarter_of
from tests.attacker.maps import Change
from tests.attacker.people import BESIDE, HELPED, MODE
from tests.attacker.world import Reply, Year
from tests.fakes import FakeClock

NEVER = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
AUDIENCES = {"all-round": Audience.USER, "carers": Audience.CARER}
CHANNELS = {1: Channel.WEB, 2: Channel.SMS}
HELPERS = {1: (None, Helped.MYSELF), 2: (Helped.WITH_HELP, Helped.ON_BEHALF)}
THROUGH_INTAKE = 25
"""One response in so many takes the whole way in; the others are written as the intake writes them."""
COULD_CLOSE = 20
"""Ten people close once ten more stand behind them: with fewer waiting, counting has nothing to do."""


class Cause(StrEnum):
    """What happened just before an outsider looked."""

    ARRIVAL = "arrival"
    NIGHT = "night"
    MAP = "map"
    ERASURE = "erasure"


Look = Callable[["Drive", Cause, bool], None]
"""Told of every change, and whether anything may have been released."""


def pseudonym(name: str) -> bytes:
    return name.encode().ljust(32, b".")


class Drive:
    """One year in one database."""

    def __init__(self, runtime: Runtime, year: Year, look: Look) -> None:
        self._runtime, self._year, self._look = runtime, year, look
        self._batch: list[Reply] = []
        self.erased: set[int] = set()
        self.stored: dict[int, Reply] = {}
        """The newest reply under each number of the database, which may use a number again."""
        self._waiting: dict[tuple[str, str], set[str]] = {}
        self._map = year.changes[0]

    def run(self) -> None:
        self._settle_in()
        replies, erasures = list(self._year.replies), list(self._year.erasures)
        day, changes = self._year.start, list(self._year.changes[1:])
        while day <= self._year.end + 15 * DAY:
            self._night(day)
            until = instant(day + DAY, 3, 10)
            while replies or erasures:
                is_reply = bool(replies) and (not erasures or replies[0].stored <= erasures[0][0])
                at = replies[0].stored if is_reply else erasures[0][0]
                if at >= until:
                    break
                if is_reply:
                    self._arrives(replies.pop(0))
                else:
                    at, person = erasures.pop(0)
                    self._erase(at, person.name)
            if changes and quarter_of(day + DAY) >= changes[0].quarter:
                self._change(changes.pop(0))
            day += DAY

    def _clock(self, at: dt.datetime) -> None:
        clock = self._runtime.clock
        assert isinstance(clock, FakeClock)
        clock.set(at)

    def _settle_in(self) -> None:
        kinds = {"system": (PlaceKind.SYSTEM, None)}
        kinds |= dict.fromkeys(self._year.parents, (PlaceKind.PLACE, "system"))
        kinds |= {one.id: (PlaceKind.LOCALITY, one.parent) for one in self._year.localities}
        kinds |= {p: (PlaceKind.PRACTICE, one.id) for one in self._year.localities for p in one.practices}
        with self._runtime.database.writing() as session:
            paths = {None: "/"}
            for name, (kind, parent) in kinds.items():
                paths[name] = f"{paths[parent]}{name}/"
                row = Place(id=name, name=name, kind=kind, code=name, parent_id=parent, path=paths[name])
                session.add(row)
                session.flush()
            for (place, category), n in self._year.population.items():
                session.add(PopulationCount(place_id=place, category=category, n=n))
        self._change(self._map)

    def _change(self, change: Change) -> None:
        self._flush()
        with self._runtime.database.writing() as session:
            for place, parent in change.moves.items():
                move_place(session, place_id=place, parent_id=parent, from_day=change.quarter)
            for group, places in change.groups.items():
                set_group(session, group_id=group, name=group, places=places, from_day=change.quarter)
            for one in self._year.localities:
                if change.unit_of(one.id) == one.id:
                    stand_alone(session, place_id=one.id, from_day=change.quarter)
            for unit, weeks in change.bins.items():
                set_bin(session, unit_id=unit, weeks=weeks, from_day=change.quarter)
        self._map = change
        self._look(self, Cause.MAP, False)

    def _night(self, day: dt.date) -> None:
        self._flush()
        self._clock(instant(day, 3, 10))
        if day.weekday() == 0 or self._year.every_night or day.day == 15:
            nightly(self._runtime, day)
            self._count_waiting()
            self._look(self, Cause.NIGHT, True)

    def _arrives(self, reply: Reply) -> None:
        self._batch.append(reply)
        if not reply.finished:
            return
        queue = self._waiting.setdefault((reply.person.stream, self._map.unit_of(reply.person.place)), set())
        queue.add(reply.person.name)
        if len(queue) >= COULD_CLOSE:
            self._clock(reply.stored)
            self._flush()
            n_closed = top_up(self._runtime)
            if n_closed:
                self._count_waiting()
            self._look(self, Cause.ARRIVAL, bool(n_closed))

    def _erase(self, at: dt.datetime, person: str) -> None:
        self._clock(at)
        self._flush()
        erase_person(self._runtime, pseudonym(person))
        self.erased |= {reply.id for reply in self.stored.values() if reply.person.name == person}
        self._look(self, Cause.ERASURE, False)

    def _count_waiting(self) -> None:
        self._waiting = {}
        query = sa.select(Pooled.instrument_id, Pooled.place_id, Pooled.person)
        with self._runtime.database.reading() as session:
            for stream, place, person in session.execute(query):
                key = (stream, self._map.unit_of(place))
                self._waiting.setdefault(key, set()).add(person.rstrip(b".").decode())

    def _flush(self) -> None:
        if not self._batch:
            return
        batch, self._batch = {f"open:{reply.id}": reply for reply in self._batch}, []
        with self._runtime.database.writing() as session:
            connection = session.connection()
            direct = [reply for reply in batch.values() if not _goes_whole_way(reply)]
            for reply in batch.values():
                if _goes_whole_way(reply):
                    self._accept(session, reply)
            if direct:
                connection.execute(sa.insert(Response), [_row(reply) for reply in direct])
            found = sa.select(Response.id, Response.origin).where(Response.origin.in_(list(batch)))
            stored = {row.id: batch[row.origin] for row in connection.execute(found)}
            answers = [a for id_, reply in stored.items() if reply in direct for a in _answers(id_, reply)]
            if answers:
                connection.execute(sa.insert(Answer), answers)
        self.stored |= stored

    def _accept(self, session, reply: Reply) -> None:
        person = reply.person
        origin = Origin(
            name=f"open:{reply.id}",
            invitation_id=None,
            person=pseudonym(person.name),
            instrument_id=person.stream,
            instrument_version=1,
            audience=AUDIENCES[person.stream],
            place_id=person.place,
            items=reply.items,
            language="en",
            expires_at=NEVER,
            practice_id=person.practice,
            category=person.category,
        )
        said = {item: code for item, code in reply.codes.items() if item not in BESIDE}
        channel, helped = CHANNELS[reply.codes[MODE]], _helper(reply)
        submission = Submission(channel, f"k{reply.id}", origin, said, reply.settles, helped=helped)
        assert accept(session, submission, self._runtime.library).finished


def _helper(reply: Reply) -> Helped | None:
    return HELPERS[reply.codes[HELPED]][reply.id % 2]


def _goes_whole_way(reply: Reply) -> bool:
    return reply.finished and reply.id % THROUGH_INTAKE == 0


def _row(reply: Reply) -> dict[str, object]:
    person = reply.person
    return {
        "origin": f"open:{reply.id}",
        "person": pseudonym(person.name),
        "instrument_id": person.stream,
        "instrument_version": 1,
        "audience": AUDIENCES[person.stream],
        "place_id": person.place,
        "practice_id": person.practice,
        "category": person.category,
        "items": list(reply.items) if reply.items else None,
        "channel": CHANNELS[reply.codes[MODE]],
        "language": "en",
        "helped": _helper(reply),
        "state": ResponseState.FINISHED if reply.finished else ResponseState.STARTED,
        "started_at": reply.stored,
        "updated_at": reply.stored,
        "finished_at": reply.settles if reply.finished else None,
        "expires_at": NEVER if reply.finished else reply.settles,
        "settled_at": None,
        "synthetic": False,
    }


def _answers(id_: int, reply: Reply) -> list[dict[str, object]]:
    return [
        {"response_id": id_, "item_id": item, "code": code, "answered_at": reply.settles}
        for item, code in reply.codes.items()
        if item not in BESIDE
    ]
