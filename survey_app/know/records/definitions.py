"""What an operational measure is: its definition in words, its arithmetic, and what it may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey_app.know.measures.model import Direction, Measure, MeasureKind


class FigureKind(StrEnum):
    """How a figure is made of numerator and denominator."""

    COUNT = "count"
    PERCENT = "percent"
    RATE = "rate"
    MEAN = "mean"
    STANDARDISED = "standardised"


class PeriodKind(StrEnum):
    """What one row covers."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Days(StrEnum):
    """Which days a rate is counted over."""

    NONE = "none"
    CALENDAR = "calendar"
    WORKING = "working"


class RecordChart(StrEnum):
    """How its figures are drawn."""

    XMR = "xmr"
    U_PRIME = "u_prime"
    TABLE = "table"


class Use(StrEnum):
    """What a measure is for."""

    IMPROVEMENT = "improvement"
    PERFORMANCE = "performance"


@dataclass(frozen=True, slots=True)
class RecordMeasure:
    """One operational measure as config/records.toml defines it."""

    id: str
    title: str
    definition: str
    figure: FigureKind
    unit: str
    per: float
    days: Days
    daily: bool
    cumulative: bool
    numerator: str
    denominator: str
    period: PeriodKind
    chart: RecordChart
    direction: Direction
    use: Use
    elements: tuple[str, ...]
    source: str
    reliability: str

    @property
    def measure(self) -> Measure:
        """Return it as pages know every measure."""
        return Measure(
            id=self.id,
            title=self.title,
            statement=self.definition,
            kind=MeasureKind.RECORD,
            instrument="",
            version=0,
            audience=None,
            items=(),
            elements=self.elements,
            unit=self.unit,
            direction=self.direction,
        )


class UnknownRecord(KeyError):
    """A measure that config/records.toml does not define."""


class RecordMeasures:
    """Every operational measure by its id."""

    def __init__(self, defined: tuple[RecordMeasure, ...]) -> None:
        self.all = defined
        self._by_id = {one.id: one for one in defined}

    def get(self, measure_id: str) -> RecordMeasure:
        """Return one measure, or raise UnknownRecord."""
        try:
            return self._by_id[measure_id]
        except KeyError:
            raise UnknownRecord(f"no operational measure {measure_id!r} in config/records.toml") from None

    def has(self, measure_id: str) -> bool:
        """Return whether there is such a measure."""
        return measure_id in self._by_id

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return all of them as pages know measures."""
        return tuple(one.measure for one in self.all)
