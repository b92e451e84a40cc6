"""A page full of charts, warm: what it costs the server beside Flask's hello, and what it weighs."""

from __future__ import annotations

import gzip
import re
import statistics
from dataclasses import dataclass

import sqlalchemy as sa

from bench.live import EMAIL, PASSWORD, WATCHED
from bench.servers import Server
from bench.visitors import BadReply, Visitor
from bench.world import World
from survey_app.app import create_app

PAGE = f"/dashboard/places/{WATCHED}"
PAGES = {
    "monday": "/dashboard",
    "model": "/dashboard/model",
    "model_text": "/dashboard/model?view=text",
    "measure": "/dashboard/measures/ex.life.mean",
    "series": f"/dashboard/series/ex.life.mean/{WATCHED}",
    "localities": "/dashboard/localities/ex.life.mean",
    "compare": "/dashboard/compare/ex.life.mean",
    "answered": f"/dashboard/answered/{WATCHED}",
    "actions": "/dashboard/actions",
    "scorecards": "/dashboard/scorecards",
    "digest": "/dashboard/digest",
}
ROUNDS = 3
A_ROUND, A_ROUND_OF_HELLOS = 200, 2_000
CHART = re.compile(rb'class="app-spark ')
FILE = re.compile(r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class ChartPage:
    """What was measured of the page."""

    ratio: float
    milliseconds: float
    n_charts: int
    kilobytes: float
    n_queries: int


def chart_page(product: Server, bare: Server, world: World, cookie: str) -> ChartPage:
    """Measure the page of one place."""
    ours, theirs = [], []
    page = _cpu_ms(product, PAGE, 20, cookie) and _read(product, PAGE, cookie)
    for _ in range(ROUNDS):
        theirs.append(_cpu_ms(bare, "/hello", A_ROUND_OF_HELLOS))
        ours.append(_cpu_ms(product, PAGE, A_ROUND, cookie))
    files = FILE.findall(page.decode())
    bodies = [page, *(_read(product, file, cookie) for file in files)]
    return ChartPage(
        ratio=statistics.median(one / other for one, other in zip(ours, theirs, strict=True)),
        milliseconds=statistics.median(ours),
        n_charts=len(CHART.findall(page)),
        kilobytes=sum(len(gzip.compress(body)) for body in bodies) / 1024,
        n_queries=_queries(world, PAGE),
    )


def warm_pages(product: Server, world: World, cookie: str) -> dict[str, tuple[float, int]]:
    """Return for each of the other pages what it costs the server, warm, in ms of CPU, and its queries."""
    found = {}
    for name, path in PAGES.items():
        _cpu_ms(product, path, 20, cookie)
        found[name] = (_cpu_ms(product, path, A_ROUND, cookie), _queries(world, path))
    return found


def _cpu_ms(server: Server, path: str, n_requests: int, cookie: str = "") -> float:
    before = server.cpu_seconds()
    visitor = Visitor(server.port)
    visitor.cookie = cookie
    for _ in range(n_requests):
        if visitor.get(path).status != 200:
            raise BadReply(f"{path} is not to be had")
    visitor.close()
    return (server.cpu_seconds() - before) / n_requests * 1000


def _read(server: Server, path: str, cookie: str) -> bytes:
    visitor = Visitor(server.port)
    visitor.cookie = cookie
    body = visitor.get(path).body
    visitor.close()
    return body


def _queries(world: World, path: str) -> int:
    client = create_app(world.runtime).test_client()
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    seen: list[str] = []
    sa.event.listen(
        world.runtime.database.engine, "before_cursor_execute", lambda *args: seen.append(str(args[2]))
    )
    client.get(path)
    return len([statement for statement in seen if statement != "BEGIN"])
