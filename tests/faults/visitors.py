"""People with bad connections: each sends the same form again until a whole reply says that it is stored."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = re.compile(r'name="seal" value="([^"]+)"')
PATIENCE_SECONDS = 20
READING_SECONDS = 0.005
"""Five seconds on the server's clock."""


@dataclass
class Ledger:
    """What a server said it has stored, by token and item number; written after the whole reply was read."""

    acknowledged: dict[tuple[str, int], int] = field(default_factory=dict)
    n_retries: int = 0
    surprises: list[str] = field(default_factory=list)

    @property
    def complete(self) -> set[str]:
        """The tokens whose six answers were all acknowledged."""
        tokens = [token for token, _ in self.acknowledged]
        return {token for token in tokens if tokens.count(token) == 6}


def send(port: int, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Send one request on a connection of its own and return status, location and text of the whole reply."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(method, path, urlencode(form) if form else None, headers)
        reply = connection.getresponse()
        return reply.status, reply.getheader("Location", ""), reply.read().decode()
    finally:
        connection.close()


def seal_on(page: str) -> str:
    """Return the hidden field of a question page."""
    found = FORM.search(page)
    assert found, page
    return found[1]


def code_for(token: str, number: int) -> int:
    """Return the answer this person gives: 1, 2 or 3, so that a mixed-up answer shows."""
    return 1 + (sum(token.encode()) + number) % 3


def answer_all(port: int, tokens: Iterator[str], ledger: Ledger, stop: threading.Event) -> None:
    """Go through one survey after another until told to stop."""
    for token in tokens:
        for number in range(1, 7):
            if stop.is_set():
                return
            _answer(port, token, number, ledger)


def _answer(port: int, token: str, number: int, ledger: Ledger) -> None:
    path = f"/s/{token}/{number}"
    status, _, page = _insist(port, "GET", path, None, ledger)
    if status != 200:
        ledger.surprises.append(f"GET {path} gave {status}")
        return
    time.sleep(READING_SECONDS)
    code = code_for(token, number)
    status, location, _ = _insist(port, "POST", path, {"seal": seal_on(page), "answer": str(code)}, ledger)
    if status == 303:
        ledger.acknowledged[token, number] = code
    else:
        ledger.surprises.append(f"POST {path} gave {status} {location}")


def _insist(
    port: int, method: str, path: str, form: dict[str, str] | None, ledger: Ledger
) -> tuple[int, str, str]:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return send(port, method, path, form)
        except (OSError, http.client.HTTPException):
            if time.monotonic() > until:
                raise
            ledger.n_retries += 1
            time.sleep(0.02)
