"""Every page of the route map, found as people find them: by the links on pages, in each role."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException

from survey_app.web.access import Who, circles_of

LINK = re.compile(r'href="([^"]*)"')
NO_PAGES = frozenset({Who.PROVIDER, Who.TOKEN, Who.DEVELOPMENT})
"""Doors for programs and for trying things out."""
ONE_EACH = 1
SEVERAL = {
    "workspace.campaign": 4,
    "workspace.wave": 6,
    "workspace.place": 3,
    "workspace.instrument": 3,
    "climate.report": 4,
    "staffing.member": 2,
    "actions.action": 6,
    "actions.notice": 3,
    "dashboard.place": 3,
    "dashboard.series": 3,
    "dashboard.element": 2,
    "dashboard.panel": 2,
    "dashboard.scorecard": 2,
    "dashboard.scorecard_step": 10,
    "public.explain": 40,
}
"""Pages that look different in different states: so many of each."""
LOOKED_INTO = 12
"""Pages of one kind that are read for their links: more would find nothing new."""


@dataclass
class Walk:
    """Which pages have been found, by whom, and which of the route map have not."""

    app: Flask
    taken: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    no_pages: set[str] = field(default_factory=set)

    def pages(self, request: APIRequestContext, starts: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the name and address of each new page that leads on from `starts`."""
        waiting, seen = deque(starts), set(starts)
        self.read.clear()  # another role finds other links on the same page
        while waiting:
            address = waiting.popleft()
            endpoint = self.endpoint(address)
            if endpoint is None or self.read[endpoint] >= LOOKED_INTO:
                continue
            self.read[endpoint] += 1
            reply = request.get(address)
            if urlsplit(reply.url).path != urlsplit(address).path:
                continue  # sent elsewhere: to sign in, or on
            if not reply.ok or "text/html" not in reply.headers.get("content-type", ""):
                self.no_pages.add(endpoint)
                continue
            if self._is_wanted(endpoint, address):
                yield self._name(endpoint), address
            new = [one for one in links_on(reply.text(), address) if one not in seen]
            seen.update(new)
            waiting.extend(new)

    def endpoint(self, address: str) -> str | None:
        """Return what a GET of an address of ours is answered by."""
        try:
            found, _ = self.app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
        except HTTPException:
            return None
        return None if set(circles_of(self.app, found)) & NO_PAGES else str(found)

    def missing(self) -> list[str]:
        """Return the addresses of the route map for people of which there is no picture."""
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        shown = set(self.taken) | self.no_pages | {"static"}
        people = [rule for rule in rules if not set(circles_of(self.app, rule.endpoint)) & NO_PAGES]
        return sorted(rule.rule for rule in people if rule.endpoint not in shown)

    def _is_wanted(self, endpoint: str, address: str) -> bool:
        path = urlsplit(address).path
        if path in self.known or self.taken[endpoint] >= SEVERAL.get(endpoint, ONE_EACH):
            return False
        self.known.add(path)
        return True

    def _name(self, endpoint: str) -> str:
        self.taken[endpoint] += 1
        number = self.taken[endpoint]
        return endpoint if number == 1 else f"{endpoint}-{number}"


def links_on(html: str, address: str) -> list[str]:
    """Return the addresses of ours that a page leads to, without duplicates."""
    here = urlsplit(address).path
    found = (unescape(one).partition("#")[0] for one in LINK.findall(html))
    ours = (f"{here}{one}" if one.startswith("?") else one for one in found)
    return list(dict.fromkeys(one for one in ours if one.startswith("/") and not one.startswith("//")))
