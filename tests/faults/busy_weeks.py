"""The weeks in which counting is stopped: all that closing a block or a quarter may meet, in one small world.

Week 53 of 2026 ends a quarter of 14 weeks. Before it every unit had a block; in it one more closes early,
a place goes short, answers that waited are taken up, a person answers twice, one stops half-way, a new
wording begins, two neighbours are counted together in bins of two weeks, and a place is about to move.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from survey_app.ask.instruments.loader import Library
from survey_app.ask.population.parents import plan_parent
from survey_app.ask.population.tables import PlaceKind
from survey_app.bootstrap import Runtime
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Channel
from survey_app.jobs.counting import nightly, top_up
from survey_app.know.aggregation.grouping import set_bin, set_group
from survey_app.know.measures.measures import Measures
from tests.factories import make_place
from tests.fakes import FakeClock
from tests.worlds import PULSE, World, london

WEEK_52 = dt.date(2026, 12, 21)
WEEK_53 = dt.date(2026, 12, 28)
WEDNESDAY = dt.date(2026, 12, 30)
NEXT_QUARTER = dt.date(2027, 1, 4)
DAY = dt.timedelta(days=1)
AGES = ("18-64", "65-79", "80-over", None)


def with_new_version(runtime: Runtime) -> Runtime:
    """Add a second version of the pulse and of its measures, worded alike."""
    old = runtime.library.get(PULSE, 1)
    library = Library([*runtime.library.all(), replace(old, version=2)])
    renewed = [replace(measure, version=2) for measure in runtime.measures.for_instrument(PULSE, 1)]
    return replace(runtime, library=library, measures=Measures([*runtime.measures.all(), *renewed]))


class BusyWeeks(World):
    """A world that is brought to the eve of a top-up, or of the night that ends the quarter."""

    def build(self, *_: str) -> BusyWeeks:
        with self.runtime.database.writing() as session:
            top = make_place(session, "system", kind=PlaceKind.SYSTEM)
            east, west = (
                make_place(session, name, parent=top, kind=PlaceKind.PLACE) for name in ("east", "west")
            )
            for name in ("riverside", "hillside", "brook"):
                make_place(session, name, parent=east)
            for name in ("lakeside", "marsh"):
                make_place(session, name, parent=west)
            set_group(session, group_id="lakes", name="Lakes", places=["lakeside", "marsh"], from_day=WEEK_52)
            set_bin(session, unit_id="lakes", weeks=2, from_day=WEEK_52)
            plan_parent(session, place_id="brook", parent_id="west", from_quarter=NEXT_QUARTER)
        return self

    def until_wednesday(self, clock: FakeClock) -> None:
        """Count week 52 and let people answer in week 53: a top-up is due."""
        self.night(clock, WEEK_52)
        self.aged_crowd(23, WEEK_52, "riverside")
        self.aged_crowd(12, WEEK_52, "hillside", ex_life=3)
        for place, n in (("brook", 12), ("lakeside", 6), ("marsh", 7)):
            self.aged_crowd(n, WEEK_52, place)
        self.night(clock, WEEK_53)
        self.night(clock, WEDNESDAY)
        for place, n in (("riverside", 24), ("hillside", 11), ("brook", 3), ("lakeside", 6), ("marsh", 7)):
            self.aged_crowd(n, WEDNESDAY, place)
        self.answer(f"riverside-{WEDNESDAY}-0", london(WEDNESDAY, 15))
        self.stop_half_way(london(WEDNESDAY, 11), expires_at=london(WEDNESDAY + DAY))
        for minute in range(21):
            self.answer_anew(london(WEDNESDAY, 16, minute))
        clock.set(london(WEDNESDAY, 18))

    def until_the_quarter_ends(self, clock: FakeClock, *, last_night: dt.date) -> None:
        """Go on to the eve of the quarter's last night, or of as many as will have been missed."""
        self.until_wednesday(clock)
        top_up(self.runtime)
        self.aged_crowd(12, WEDNESDAY + DAY, "riverside")
        self.night(clock, last_night)
        clock.set(london(NEXT_QUARTER, 3, 10))

    def night(self, clock: FakeClock, day: dt.date) -> None:
        clock.set(london(day, 3, 10))
        nightly(self.runtime, day)

    def aged_crowd(self, n: int, day: dt.date, place: str, **codes) -> None:
        with self.runtime.database.writing() as session:
            for minute in range(n):
                at, age = london(day, 9, minute), AGES[minute % len(AGES)]
                self.answer_in(session, f"{place}-{day}-{minute}", at, place, category=age, **codes)

    def stop_half_way(self, at: dt.datetime, *, expires_at: dt.datetime) -> None:
        origin = self.origin("open:half", "half", "riverside", expires_at=expires_at)
        self._accept(Submission(Channel.WEB, "half", origin, {"ex.life": 1}, at))

    def answer_anew(self, at: dt.datetime) -> None:
        number = next(self._numbers)
        given = {item.id: item.scored[number % 2].code for item in self.instrument.items}
        origin = self.origin(f"open:{number}", f"new-{number}", "riverside", instrument_version=2)
        self._accept(Submission(Channel.WEB, f"k{number}", origin, given, at))

    def _accept(self, submission: Submission) -> None:
        with self.runtime.database.writing() as session:
            accept(session, submission, self.runtime.library)
