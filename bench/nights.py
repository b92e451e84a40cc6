"""A night of many localities and measures: how long each part takes, and how it grows with history."""

from __future__ import annotations

import datetime as dt
import random
import time
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
from survey_app.ask.population.places import import_places
from survey_app.ask.population.residents import import_population
from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import upgrade
from survey_app.clock import LONDON, day_starts_at
from survey_app.database import Database
from survey_app.hear.responses.settling import settle
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.know.aggregation.closing import close_blocks
from survey_app.know.aggregation.fingerprints import changed_blocks
from survey_app.know.aggregation.pooling import pool
from survey_app.know.disclosure.quarters import judge_quarters, publish_quarters
from survey_app.know.disclosure.releases import release
from survey_app.know.evidence.compute import stale_series
from survey_app.know.evidence.keeping import save
from survey_app.settings import load_settings

MONDAY = dt.date(2026, 10, 5)
WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)
REPLIES = 25
"""A week, at each locality and to each instrument."""
INSTRUMENTS = ("pulse-user-6", "p3c-style-10")
"""Together 42 measures at each place."""


AGES = {"18-64": 6000, "65-79": 3000, "80-over": 1000}


def at(day: dt.date, hour: int = 3, minute: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LONDON).astimezone(dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.now = at(MONDAY)

    def __call__(self) -> dt.datetime:
        return self.now


def new_world(folder: Path, n_localities: int, url: str | None = None) -> Runtime:
    settings = load_settings({"SURVEY_ENV": "testing", "SURVEY_DATA_DIR": str(folder)})
    database = Database(url or f"sqlite:///{folder / 'nights.db'}")
    upgrade(database)
    runtime = replace(bootstrap(settings, clock=Clock()), database=database)
    rows = ["id,name,kind,code,parent", "system,System,system,S,"]
    rows += [f"place-{n},Place {n},place,P{n},system" for n in range(10)]
    rows += [f"loc-{n:03},Locality {n},locality,L{n},place-{n % 10}" for n in range(n_localities)]
    rows += [
        f"gp-{n:03}-{m},Practice {n} {m},practice,G{n}-{m},loc-{n:03}"
        for n in range(n_localities)
        for m in (1, 2)
    ]
    people = [f"loc-{n:03},{age},{n_people}" for n in range(n_localities) for age, n_people in AGES.items()]
    with database.writing() as session:
        import_places(session, "\n".join(rows))
        import_population(session, "\n".join(["place,category,people", *people]), runtime.breakdown)
    return runtime


def fill_week(runtime: Runtime, monday: dt.date, n_localities: int, replies: int) -> None:
    """Finished responses of one week, row by row as the intake leaves them."""
    luck = random.Random(f"{monday}")
    responses, answers = [], []
    with runtime.database.writing() as session:
        first = (session.scalar(sa.select(sa.func.max(Response.id))) or 0) + 1
        for instrument_id in INSTRUMENTS:
            instrument = runtime.library.get(instrument_id, 1)
            for place in range(n_localities):
                for _ in range(replies):
                    id_ = first + len(responses)
                    moment = at(
                        monday + dt.timedelta(days=luck.randrange(7)),
                        luck.randrange(8, 20),
                        luck.randrange(60),
                    )
                    responses.append(_response(id_, instrument_id, f"loc-{place:03}", moment, luck))
                    answers += [
                        {
                            "response_id": id_,
                            "item_id": item.id,
                            "code": luck.choice(item.scored).code,
                            "answered_at": moment,
                        }
                        for item in instrument.items
                    ]
        session.connection().execute(sa.insert(Response), responses)
        session.connection().execute(sa.insert(Answer), answers)


def _response(
    id_: int, instrument_id: str, place_id: str, moment: dt.datetime, luck: random.Random
) -> dict[str, object]:
    practice = luck.choice((1, 1, 2, None))
    return {
        "id": id_, "origin": f"open:{id_}", "person": id_.to_bytes(32, "big"), "instrument_id": instrument_id,
        "practice_id": practice and f"gp-{place_id[4:]}-{practice}", "category": luck.choice((*AGES, None)),
        "instrument_version": 1, "audience": Audience.USER, "place_id": place_id, "channel": Channel.WEB,
        "language": "en", "state": ResponseState.FINISHED, "started_at": moment, "updated_at": moment,
        "finished_at": moment, "expires_at": moment + 4 * WEEK, "synthetic": True,
    }  # fmt: skip


def night(runtime: Runtime, monday: dt.date) -> dict[str, float]:
    """Run the night that ends a week, part by part, and return how many seconds each took."""
    runtime.clock.now = at(monday)
    spent: dict[str, float] = {}

    def timed(name, work):
        start = time.perf_counter()
        found = work()
        spent[name] = time.perf_counter() - start
        return found

    library, now = runtime.library, runtime.clock()
    with runtime.database.reading() as session:
        assert timed("prove", lambda: changed_blocks(session, turn=monday)) == []
    with runtime.database.writing() as session:
        timed("settle", lambda: pool(session, settle(session, day_starts_at(monday + DAY))))
        closed = timed("close", lambda: close_blocks(session, library, now=now, ended_before=monday))
        timed("release", lambda: release(session, library, closed, now=now, ended_before=monday))
    with runtime.database.reading() as session:
        judged = timed("audit", lambda: judge_quarters(session, library, runtime.breakdown.ids, day=monday))
    with runtime.database.writing() as session:
        timed("publish", lambda: publish_quarters(session, judged, now=now))
    with runtime.database.reading() as session:
        stale = timed("series", lambda: stale_series(session, library, runtime.measures))
    with runtime.database.writing() as session:
        timed("store", lambda: save(session, stale, now=now))
    return spent


def group_by(runtime: Runtime, monday: dt.date) -> float:
    """Return the seconds of one plain GROUP BY over the week's answers: the least counting can be."""
    start, end = day_starts_at(monday), day_starts_at(monday + WEEK)
    query = (
        sa.select(Response.place_id, Answer.item_id, Answer.code, sa.func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(Response.finished_at >= start, Response.finished_at < end)
        .group_by(Response.place_id, Answer.item_id, Answer.code)
    )
    with runtime.database.reading() as session:
        began = time.perf_counter()
        session.execute(query).all()
        return time.perf_counter() - began


def a_large_night(folder: Path) -> tuple[dict[str, float], float]:
    """Measure the night of 200 localities and 42 measures, and the plain count of the same answers."""
    runtime = new_world(folder, 200)
    fill_week(runtime, MONDAY, 200, REPLIES)
    night(runtime, MONDAY + WEEK)
    fill_week(runtime, MONDAY + WEEK, 200, REPLIES)
    counted = group_by(runtime, MONDAY + WEEK)
    return night(runtime, MONDAY + 2 * WEEK), counted


def growth(folder: Path, weeks: int = 6) -> dict[str, float]:
    """Measure how many times longer a night takes when history is ten times as long, part by part."""
    runtime, found = new_world(folder, 10), []
    for week in range(10 * weeks):
        monday = MONDAY - (10 * weeks - week) * WEEK
        fill_week(runtime, monday, 10, REPLIES)
        if week in (weeks - 2, weeks - 1, 10 * weeks - 2, 10 * weeks - 1):
            found.append(night(runtime, monday + WEEK))
        else:
            _count(runtime, monday + WEEK)
    short, long_ = ({name: min(a[name], b[name]) for name in a} for a, b in (found[:2], found[2:]))
    counting = ("prove", "settle", "close", "release")
    return {
        "counting": sum(long_[name] for name in counting) / sum(short[name] for name in counting),
        "series": long_["series"] / short["series"],
    }


def _count(runtime: Runtime, monday: dt.date) -> None:
    runtime.clock.now = at(monday)
    with runtime.database.writing() as session:
        pool(session, settle(session, day_starts_at(monday + DAY)))
        closed = close_blocks(session, runtime.library, now=runtime.clock(), ended_before=monday)
        release(session, runtime.library, closed, now=runtime.clock(), ended_before=monday)
