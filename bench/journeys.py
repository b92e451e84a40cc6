"""Whole journeys, one item a page, and what they cost a server: the same requests to both."""

from __future__ import annotations

import time

from bench.servers import Server
from bench.visitors import Visitor

ITEMS = 6
A_ROUND = 40
READING_SECONDS = 1.6
"""The product sets aside a first answer that comes sooner."""


def product(server: Server, tokens: list[str]) -> float:
    """Return the server's CPU milliseconds a journey; everybody reads the first question, then answers."""
    before = server.cpu_seconds()
    opened = []
    for token in tokens:
        visitor = Visitor(server.port)
        visitor.get(f"/s/{token}")
        opened.append((token, visitor, visitor.get(f"/s/{token}/1").hidden()))
        visitor.close()
    time.sleep(READING_SECONDS)
    for token, visitor, first in opened:
        _answer(visitor, f"/s/{token}", f"/s/{token}/done", first)
    return (server.cpu_seconds() - before) / len(tokens) * 1000


def reference(server: Server, n_people: int) -> float:
    """Return the reference app's CPU milliseconds a journey."""
    before = server.cpu_seconds()
    for _ in range(n_people):
        visitor = Visitor(server.port)
        visitor.get("/survey")
        first = visitor.get("/survey/1").hidden()
        visitor.close()
        _answer(visitor, "/survey", "/done", first)
    return (server.cpu_seconds() - before) / n_people * 1000


def _answer(visitor: Visitor, base: str, end: str, hidden: dict[str, str]) -> None:
    for number in range(1, ITEMS + 1):
        reply = visitor.post(f"{base}/{number}", {**hidden, "answer": "1"})
        upcoming = f"{base}/{number + 1}" if number < ITEMS else end
        if reply.headers["location"] != upcoming:
            raise AssertionError(f"{base}/{number} led to {reply.headers['location']}, expected {upcoming}")
        page = visitor.get(upcoming)
        if page.status != 200:
            raise AssertionError(f"{upcoming} gave {page.status}")
        hidden = page.hidden()
    visitor.close()
