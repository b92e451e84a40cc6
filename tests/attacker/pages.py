"""Everything a signed-in reader can fetch of the dashboard, as bytes and headers that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

RANDOM = re.compile(rb'(nonce="[^"]*"|nonce-[\w+/=-]+|name="csrf_token" value="[^"]*")')
SILENT = {"Content-Security-Policy", "Date"}
"""Headers with a nonce of each reply, and the time of asking."""

Look = dict[str, tuple[int, bytes, tuple[tuple[str, str], ...]]]


def addresses(places: tuple[str, ...], measures: tuple[str, ...], elements: tuple[str, ...]) -> Iterator[str]:
    yield from (
        "/dashboard",
        "/dashboard/live",
        "/dashboard/digest",
        "/dashboard/model",
        "/dashboard/model/live",
    )
    for place in places:
        yield from (f"/dashboard/places/{place}", f"/dashboard/places/{place}/live")
        yield f"/dashboard/model?place={place}"
        answered = f"/dashboard/answered/{place}"
        yield from (answered, f"{answered}.json", f"{answered}.csv")
        yield from places_of(measures[0], place)
        for measure in measures:
            series = f"/dashboard/series/{measure}/{place}"
            yield from (series, f"{series}/live", f"{series}.json", f"{series}.csv")
            yield from (f"{series}.svg", f"{series}.svg?width=narrow", f"{series}.png")
            quarters = f"/dashboard/quarters/{measure}/{place}"
            yield from (quarters, f"{quarters}.json", f"{quarters}.csv")
    yield from (f"/dashboard/elements/{element}" for element in elements)
    yield from (f"/dashboard/measures/{measure}" for measure in measures)


def places_of(measure: str, place: str) -> Iterator[str]:
    """Yield what sets places and groups beside each other."""
    compare, equity = f"/dashboard/compare/{measure}", f"/dashboard/equity/{measure}/{place}"
    yield f"/dashboard/localities/{measure}"
    yield f"{compare}?place={place}"
    yield from (f"{compare}.{twin}?place={place}" for twin in ("json", "csv", "svg"))
    yield from (equity, f"{equity}.json", f"{equity}.csv")


def look(client, wanted) -> Look:
    """Fetch every address; what differs in every reply by design is taken out."""
    found: Look = {}
    for address in wanted:
        reply = client.get(address)
        headers = tuple(sorted((k, v) for k, v in reply.headers.items() if k not in SILENT))
        found[address] = (reply.status_code, RANDOM.sub(b"", reply.data), headers)
    return found


def differing(one: Look, other: Look) -> list[str]:
    return [address for address in one if one[address] != other[address]]


def numbers_in(found: Look, measure: str, place: str) -> tuple[set[float], set[float]]:
    """Return the values that a page shows as data, and those of its JSON."""
    series = f"/dashboard/series/{measure}/{place}"
    page = found[series][1].decode()
    points = json.loads(found[f"{series}.json"][1])["points"]
    return (
        {float(value) for value in re.findall(r'<data value="([\d.]+)">', page)},
        {point["value"] for point in points if "value" in point},
    )


def words_in(found: Look, measure: str, place: str) -> tuple[str, str]:
    """Return the picture's own text, and the sentence of the JSON."""
    series = f"/dashboard/series/{measure}/{place}"
    summary = json.loads(found[f"{series}.json"][1])["summary"]
    return found[f"{series}.svg"][1].decode(), summary
