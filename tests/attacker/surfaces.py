"""What an outsider sees of the real gate, read after every change, with whom each figure is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.bootstrap import Runtime
from survey_app.know.aggregation.tables import Block, BlockMember, CountedLater, Waiting
from survey_app.know.disclosure.tables import PEOPLE, Figure, QuarterFigure, QuarterKind, Release
from tests.attacker.calendar import quarter_of
from tests.attacker.drive import Drive
from tests.attacker.people import CATEGORIES, SHOWN, Person
from tests.attacker.rests import rests
from tests.attacker.seen import Seen
from tests.attacker.world import Reply, Year


@dataclass(frozen=True, slots=True)
class Whole:
    """A block as it was right after closing; erasure takes nothing away from this copy."""

    stream: str
    unit: str
    above: tuple[str, ...]
    start: dt.date
    end: dt.date
    early: bool
    closed_at: dt.datetime
    members: frozenset[int]
    by_item: dict[str, frozenset[int]] = field(default_factory=dict)


class Surfaces:
    """Keeps every version of every figure; what cannot be explained by people is kept under `odd`."""

    def __init__(self, runtime: Runtime, year: Year) -> None:
        self._runtime = runtime
        self._by_id = {reply.id: reply for reply in year.replies}
        self.blocks: dict[int, Whole] = {}
        self.seen: list[Seen] = []
        self.odd: list[str] = []
        self.quarters: dict[str, int] = {}
        self._left_out: dict[tuple[str, dt.date, str, QuarterKind], frozenset[int]] = {}
        self._last_release = 0
        self._digest: tuple[object, ...] | None = None

    def look(self, drive: Drive, cause: str, *, maybe_released: bool) -> None:
        """Read what is new; where nothing was released, see that nothing at all has changed."""
        with self._runtime.database.reading() as session:
            digest = _digest(session)
            if not maybe_released:
                if self._digest is not None and digest != self._digest:
                    self.odd.append(f"figures changed without a release, after {cause}")
                return
            self._digest = digest
            self._stored, self._erased = drive.stored, drive.erased
            self._read_blocks(session)
            new = Figure.release_id > self._last_release
            for row in session.execute(sa.select(Figure.__table__).where(new, Figure.item_id != PEOPLE)):
                self._weekly(row, cause)
            new = QuarterFigure.release_id > self._last_release
            for row in session.execute(sa.select(QuarterFigure.__table__).where(new)):
                self._quarterly(row, cause)
            self._last_release = session.scalar(sa.select(sa.func.max(Release.id))) or 0

    def _read_blocks(self, session: Session) -> None:
        newest = max(self.blocks, default=0)
        rows = session.execute(sa.select(Block.__table__).where(Block.id > newest)).all()
        if not rows:
            return
        ids = [row.id for row in rows]
        members: dict[int, list[int]] = {}
        for response, block in session.execute(
            sa.select(BlockMember.response_id, BlockMember.block_id).where(BlockMember.block_id.in_(ids))
        ):
            members.setdefault(block, []).append(response)
        waits = {tuple(row) for row in session.execute(sa.select(Waiting.response_id, Waiting.item_id))}
        later = sa.select(CountedLater.response_id, CountedLater.item_id, CountedLater.block_id)
        counted_later = session.execute(later.where(CountedLater.block_id.in_(ids))).all()
        elsewhere = waits | {(row.response_id, row.item_id) for row in counted_later}
        for row in rows:
            mine = members.get(row.id, [])
            whole = Whole(
                stream=row.instrument_id,
                unit=row.unit_id,
                above=tuple(row.unit_path.strip("/").split("/")[:-1]),
                start=row.bin_start,
                end=row.bin_end,
                early=row.early,
                closed_at=row.closed_at,
                members=frozenset(self._stored[one].id for one in mine),
            )
            for item in SHOWN[whole.stream]:
                at_once = [one for one in mine if (one, item) not in elsewhere]
                at_last = [r.response_id for r in counted_later if (r.block_id, r.item_id) == (row.id, item)]
                replies = [self._stored[one] for one in at_once + at_last]
                whole.by_item[item] = frozenset(r.id for r in replies if score_of(r, item) is not None)
            if len({self._stored[one].person for one in mine}) < 10:
                self.odd.append(f"block {row.id} has fewer than 10 people")
            self.blocks[row.id] = whole

    def _weekly(self, row: sa.Row, cause: str) -> None:
        blocks = [one for one in self.blocks.values() if _in_figure(one, row)]
        cover = frozenset().union(*(one.by_item[row.item_id] for one in blocks))
        self._check(row, cover)
        total = _total(row.instrument_id, row.item_id, row.counts)
        self._keep(row, "week", "", (row.bin_start, row.bin_end), (total, cover, cause))

    def _quarterly(self, row: sa.Row, cause: str) -> None:
        reason = row.reason.value if row.reason else "shown"
        name = f"{row.kind.value} {reason}"
        self.quarters[name] = self.quarters.get(name, 0) + 1
        if not row.n_valid:
            return
        cover = frozenset(self._of_quarter(row))
        span = (row.quarter, row.quarter)
        if row.kind is not QuarterKind.WEIGHTED:
            self._check(row, cover)
            total = _total(row.instrument_id, row.item_id, row.counts)
            self._keep(row, row.kind.value, row.category, span, (total, cover, cause))
            return
        weights = self._weights(row, cover)
        scores = SHOWN[row.instrument_id][row.item_id]
        exact = sum(
            (w * scores[self._by_id[one].codes[row.item_id]] for one, w in weights.items()), Fraction()
        )
        shown = sum(n * scores[int(code)] for code, n in row.counts.items()) / row.n_valid
        if abs(float(exact) - shown) > 1e-6:
            self.odd.append(f"weighted figure at {row.place_id}: {shown}, expected {float(exact)}")
        self._keep(row, "weighted", "", span, (exact, cover, cause), weights)

    def _of_quarter(self, row: sa.Row):
        mine = {
            id_: block
            for id_, block in self.blocks.items()
            if block.stream == row.instrument_id and quarter_of(block.start) == row.quarter
        }
        # Decided when the quarter's first figures go out, and never again.
        key = (row.instrument_id, row.quarter, row.item_id, row.kind)
        if key not in self._left_out:
            people = {reply: self._by_id[reply].person for reply in self._by_id}
            answers = {id_: block.by_item[row.item_id] for id_, block in mine.items()}
            units = {id_: block.unit for id_, block in mine.items()}
            self._left_out[key] = rests(str(row.kind), answers, units, people, self._erased)
        for id_, block in mine.items():
            if id_ not in self._left_out[key]:
                for one in block.by_item[row.item_id]:
                    person = self._by_id[one].person
                    if one not in self._erased and _matches(row, block, person):
                        yield one

    def _weights(self, row: sa.Row, cover: frozenset[int]) -> dict[int, Fraction]:
        category = {one: self._by_id[one].person.category for one in cover}
        n_of = {name: sum(found == name for found in category.values()) for name in CATEGORIES}
        everyone = sum(row.residents.values())
        return {one: Fraction(row.residents[name], everyone * n_of[name]) for one, name in category.items()}

    def _check(self, row: sa.Row, cover: frozenset[int]) -> None:
        counts: dict[str, int] = {}
        for one in cover:
            code = str(self._by_id[one].codes[row.item_id])
            counts[code] = counts.get(code, 0) + 1
        if counts != {code: n for code, n in row.counts.items() if n} or row.n_valid != len(cover):
            self.odd.append(f"{row.item_id} at {row.place_id}: {row.counts}, expected {counts}")

    def _keep(self, row: sa.Row, kind: str, label: str, span, facts, weights=None) -> None:
        total, cover, cause = facts
        self.seen.append(
            Seen(
                row.instrument_id, row.item_id, kind, row.place_id, *span, label, total, cover, cause, weights
            )
        )


def score_of(reply: Reply, item: str) -> int | None:
    return SHOWN[reply.person.stream][item].get(reply.codes.get(item))


def _total(stream: str, item: str, counts: dict[str, int]) -> Fraction:
    return Fraction(sum(n * SHOWN[stream][item][int(code)] for code, n in counts.items()))


def _in_figure(block: Whole, row: sa.Row) -> bool:
    if block.stream != row.instrument_id:
        return False
    if block.unit == row.place_id:
        return (block.start, block.end) == (row.bin_start, row.bin_end)
    return row.place_id in block.above and row.bin_start <= block.end <= row.bin_end


def _matches(row: sa.Row, block: Whole, person: Person) -> bool:
    if row.kind is QuarterKind.PLACE:
        return person.place == row.place_id
    if row.kind is QuarterKind.PRACTICE:
        return person.practice == row.place_id
    if row.place_id not in block.above:
        return False
    if row.kind is QuarterKind.WEIGHTED:
        return person.category is not None
    return (person.category or "") == row.category


def _digest(session: Session) -> tuple[object, ...]:
    of = [
        tuple(
            session.execute(
                sa.select(sa.func.count(), sa.func.sum(t.n_valid), sa.func.max(t.release_id))
            ).one()
        )
        for t in (Figure, QuarterFigure)
    ]
    return (*of, session.scalar(sa.select(sa.func.max(Release.id))))
