"""Counts failures only: whoever holds a valid token is never turned away for what a neighbour guessed."""

from __future__ import annotations

import datetime as dt
import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass

from survey_app.clock import Clock

MOST_SOURCES = 20_000
"""Sources remembered at once; the oldest are forgotten first, so that memory stays flat under attack."""


@dataclass(slots=True)
class Tally:
    """Failures of one source since its window began."""

    since: dt.datetime
    failures: int = 0


class FailureLimiter:
    """A budget of failures for each source and for all sources together, in windows that start over.

    Counts live in this process: several processes multiply the budget, which 131-bit tokens bear easily. What
    can be guessed (passwords, codes) is counted for all of them together (accounts/tries).
    """

    def __init__(
        self,
        clock: Clock,
        *,
        each: int = 20,
        together: int = 2_000,
        window: dt.timedelta = dt.timedelta(minutes=10),
    ) -> None:
        self._clock = clock
        self._each = each
        self._together = together
        self._window = window
        self._sources: OrderedDict[str, Tally] = OrderedDict()
        self._all = Tally(clock())
        self._lock = threading.Lock()

    def failed(self, address: str | None) -> bool:
        """Count one failure and tell whether its source, or everybody, is over budget."""
        now = self._clock()
        with self._lock:
            tally = self._fresh(self._sources.setdefault(source_of(address), Tally(now)), now)
            self._sources.move_to_end(source_of(address))
            if len(self._sources) > MOST_SOURCES:
                self._sources.popitem(last=False)
            tally.failures += 1
            self._fresh(self._all, now).failures += 1
            return tally.failures > self._each or self._all.failures > self._together

    def is_spent(self, address: str | None) -> bool:
        """Tell whether one source has used up its budget, without counting anything."""
        now = self._clock()
        with self._lock:
            tally = self._sources.get(source_of(address))
            return tally is not None and self._fresh(tally, now).failures >= self._each

    def _fresh(self, tally: Tally, now: dt.datetime) -> Tally:
        if now - tally.since >= self._window:
            tally.since, tally.failures = now, 0
        return tally


def source_of(address: str | None) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 that one home or phone has in IPv6."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
