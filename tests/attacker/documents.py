"""Whether stored series say anything that released figures do not: values, scales, centre lines, limits."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import fmean, median

import sqlalchemy as sa

from survey_app.bootstrap import Runtime
from survey_app.know.evidence.tables import StoredSeries
from tests.attacker.people import HELPED, MODE, SCALES
from tests.attacker.seen import Seen

ROUNDED = 6e-5
BEST = 3
Bins = dict[tuple[dt.date, dt.date], dict[str, Seen]]


@dataclass(slots=True)
class Documents:
    """What was read: how many numbers, which of them nothing shown explains, and how scales fared."""

    n_numbers: int = 0
    unexplained: list[str] = field(default_factory=list)
    scale_bins: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # by stream and place: with a point, all


def read_documents(runtime: Runtime, seen: list[Seen], found: Documents) -> None:
    """Read every stored series and try to make each of its numbers from figures seen before."""
    places: dict[tuple[str, str], Bins] = {}
    for one in seen:
        if one.kind == "week":
            bins = places.setdefault((one.stream, one.place), {})
            bins.setdefault((one.start, one.end), {})[one.item] = one
    with runtime.database.reading() as session:
        query = sa.select(StoredSeries.measure_id, StoredSeries.place_id, StoredSeries.document)
        rows = session.execute(query).all()
    for measure, place, text in rows:
        points = json.loads(text)["points"]
        shown = [point for point in points if "withheld" not in point]
        stream, expected = _expected(measure, place, points, places)
        found.n_numbers += len(shown)
        if expected is not None:
            told = [(point["value"], point["n"]) for point in shown]
            if any(_differs(one, other) for one, other in zip(told, expected, strict=True)):
                attack = "scales" if measure.endswith(".all") else "values"
                found.unexplained.append(f"{attack}: {measure} at {place}: {told}, expected {expected}")
        if measure.endswith(".all"):
            closed = [point for point in points if not point.get("provisional")]
            found.scale_bins[f"{stream} {place}"] = (sum("value" in p for p in closed), len(closed))
        found.unexplained += [f"limits: {measure} at {place}: {fault}" for fault in _lines(shown)]


def _expected(measure: str, place: str, points: list[dict], places: dict) -> tuple[str, list | None]:
    stream = "all-round" if measure.startswith(("aa.", "all-round")) else "carers"
    bins = places.get((stream, place), {})
    spans = [(dt.date.fromisoformat(p["from"]), dt.date.fromisoformat(p["to"])) for p in points]
    if measure.endswith(".replies"):
        return stream, None
    if measure.endswith(".all"):
        return stream, list(_scale(SCALES[stream], [bins.get(span, {}) for span in spans]))
    if measure.endswith(".by_sms"):
        return stream, [_share(bins[span][MODE]) for span in spans if MODE in bins.get(span, {})]
    if measure.endswith(".with_help"):
        return stream, [_share(bins[span][HELPED]) for span in spans if HELPED in bins.get(span, {})]
    item = measure.removesuffix(".mean")
    return stream, [_mean(bins[span][item]) for span in spans if item in bins.get(span, {})]


def _mean(one: Seen) -> tuple[float, int]:
    return 100 * float(one.total) / (BEST * len(one.cover)), len(one.cover)


def _share(one: Seen) -> tuple[float, int]:
    return 100 * float(one.total) / len(one.cover), len(one.cover)


def _scale(items: tuple[str, ...], bins: list[dict[str, Seen]]) -> Iterator[tuple[float, int]]:
    # A scale has a point once each of its items has had a figure since the scale's last.
    since: dict[str, list[Seen]] = {}
    for figures in bins:
        for item in items:
            if item in figures:
                since.setdefault(item, []).append(figures[item])
        if len(since) == len(items):
            sizes = {item: sum(len(one.cover) for one in ones) for item, ones in since.items()}
            means = [
                100 * float(sum(one.total for one in ones)) / (BEST * sizes[i]) for i, ones in since.items()
            ]
            yield fmean(means), min(sizes.values())
            since = {}


def _differs(told: tuple[float, int], expected: tuple[float, int]) -> bool:
    return abs(told[0] - expected[0]) > ROUNDED or told[1] != expected[1]


def _lines(shown: list[dict]) -> Iterator[str]:
    """Yield what speaks for a hidden week: a centre line or a limit that shown points do not make."""
    closed = [point for point in shown if not point["provisional"]]
    for centre in {point["centre"] for point in closed if point["centre"] is not None}:
        if not any(abs(centre - one) <= 2 * ROUNDED for one in _centres(closed)):
            yield f"centre line {centre}"
    widths = [
        (point["upper"] - point["centre"], point["n"])
        for point in closed
        if point["upper"] is not None and point["lower"] > 0 and point["upper"] < 100
    ]
    level = all(math.isclose(width, widths[0][0], abs_tol=1e-3) for width, _ in widths)
    by_size = [width * math.sqrt(n) for width, n in widths]
    if widths and not level and max(by_size) - min(by_size) > 0.02 * max(by_size):
        yield f"limits {widths}"


def _centres(closed: list[dict]) -> Iterator[float]:
    values = [point["value"] for point in closed]
    sizes = [point["n"] for point in closed]
    for n in range(1, len(values) + 1):
        yield fmean(values[:n])
        yield median(values[:n])
        yield fmean(values[:n], weights=sizes[:n])
