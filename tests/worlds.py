"""Small worlds for counting: places, and people who answer through the one intake."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field

import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.tables import Helped
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.bootstrap import Runtime
from survey_app.clock import LONDON
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Origin, Receipt, Submission
from survey_app.hear.responses.tables import Channel
from survey_app.know.aggregation.tables import Block, BlockMember, Cell, Waiting
from survey_app.know.disclosure.tables import PEOPLE, Figure
from tests.factories import make_place

MONDAY = dt.date(2026, 11, 2)
PULSE = "pulse-user-6"


def london(day: dt.date, hour: int = 12, minute: int = 0, second: int = 0) -> dt.datetime:
    """Return an aware instant of a local day."""
    return dt.datetime.combine(day, dt.time(hour, minute, second), tzinfo=LONDON).astimezone(dt.UTC)


@dataclass
class World:
    """A runtime with a small tree of places: one system, and localities right below it."""

    runtime: Runtime
    instrument_id: str = PULSE
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def build(self, *localities: str) -> World:
        with self.runtime.database.writing() as session:
            top = make_place(session, "system", kind=PlaceKind.SYSTEM)
            for name in localities:
                make_place(session, name, parent=top)
        return self

    @property
    def instrument(self):
        return self.runtime.library.get(self.instrument_id, 1)

    def answer(self, person: str, at: dt.datetime, place: str = "riverside", **codes) -> Receipt:
        """Let a person finish the survey; codes by item id with _ for the dot, else two answers in turn."""
        with self.runtime.database.writing() as session:
            return self.answer_in(session, person, at, place, **codes)

    def answer_in(
        self,
        session,
        person: str,
        at: dt.datetime,
        place: str = "riverside",
        *,
        practice_id: str | None = None,
        category: str | None = None,
        channel: Channel | None = None,
        helped: Helped | str | None = "in turn",
        **codes,
    ) -> Receipt:
        number = next(self._numbers)
        if helped == "in turn":
            helped = (Helped.MYSELF, Helped.WITH_HELP)[number // 2 % 2]
        channel = channel or (Channel.WEB, Channel.SMS)[number // 2 % 2]
        given = {item.id: item.scored[number % 2].code for item in self.instrument.items}
        given |= {item.replace("_", ".", 1): code for item, code in codes.items()}
        told_apart = {"practice_id": practice_id, "category": category}
        origin = self.origin(f"open:{number}", person, place, **told_apart)
        submission = Submission(channel, f"k{number}", origin, given, at, helped=helped)
        return accept(session, submission, self.runtime.library)

    def origin(self, name: str, person: str, place: str = "riverside", **changed) -> Origin:
        facts = {
            "name": name,
            "invitation_id": None,
            "person": person.encode().ljust(32, b"."),
            "instrument_id": self.instrument_id,
            "instrument_version": 1,
            "audience": Audience.USER,
            "place_id": place,
            "items": None,
            "language": "en",
            "expires_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
        }
        return Origin(**facts | changed)

    def crowd(self, n: int, day: dt.date, place: str = "riverside", hour: int = 12, **codes) -> None:
        """Let n different new people answer, a second apart, in one transaction."""
        with self.runtime.database.writing() as session:
            for second in range(n):
                person = f"{place}-{day}-{hour}-{second}"
                self.answer_in(session, person, london(day, hour, second // 60, second % 60), place, **codes)

    def blocks(self):
        query = sa.select(
            Block.unit_id, Block.bin_start, Block.sequence, Block.early, Block.n_people, Block.n_carried
        )
        return self._rows(query.order_by(Block.unit_id, Block.bin_start, Block.sequence))

    def members(self) -> list[set[int]]:
        """Return the response ids of each block, in a fixed order."""
        blocks: dict[int, set[int]] = {}
        for response_id, block_id in self._rows(sa.select(BlockMember.response_id, BlockMember.block_id)):
            blocks.setdefault(block_id, set()).add(response_id)
        return sorted(blocks.values(), key=min)

    def cells(self):
        query = sa.select(
            Block.unit_id, Block.bin_start, Block.sequence, Cell.item_id, Cell.code, Cell.n, Block.fingerprint
        ).join(Block, Block.id == Cell.block_id)
        return sorted(self._rows(query))

    def figures(self, place: str = "riverside", item: str = PEOPLE):
        query = sa.select(
            Figure.bin_start, Figure.n_valid, Figure.counts, Figure.carried, Figure.provisional
        ).where(Figure.place_id == place, Figure.item_id == item)
        return self._rows(query.order_by(Figure.bin_start))

    def waiting(self):
        return sorted(self._rows(sa.select(Waiting.response_id, Waiting.item_id)))

    def _rows(self, query):
        with self.runtime.database.reading() as session:
            return [tuple(row) for row in session.execute(query)]


def path_of(world: World, place: str) -> str:
    with world.runtime.database.reading() as session:
        return session.get_one(Place, place).path
