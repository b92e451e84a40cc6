"""The other side of the wire: a small HTTP client that costs little beside the server it loads."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input[^>]*name="(seal|csrf_token)"[^>]*value="([^"]+)"')


class BadReply(RuntimeError):
    """A server said something else than the journey expects."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole HTTP reply."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire_bytes: int

    def hidden(self) -> dict[str, str]:
        """Return the page's hidden field against forgery."""
        return dict(HIDDEN.findall(self.body.decode()))


class Visitor:
    """One connection kept open, the newest cookies kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Reply:
        return self.send(request_of("GET", path, headers=headers | self._cookies()))

    def post(self, path: str, form: dict[str, str], *, expect: int = 303) -> Reply:
        reply = self.send(request_of("POST", path, form=form, headers=self._cookies()))
        if reply.status != expect:
            raise BadReply(f"POST {path} gave {reply.status}, expected {expect}: {reply.body[:500]!r}")
        return reply

    def send(self, request: bytes) -> Reply:
        """Send a prepared request; a connection the server has closed meanwhile is opened again."""
        for _ in range(2):
            fresh = self._socket is None
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket.sendall(request)
                reply = _read(self._socket)
            except ConnectionError:
                self.close()
                if fresh:
                    raise
                continue
            if "set-cookie" in reply.headers:
                self.cookie = reply.headers["set-cookie"]
            if reply.headers.get("connection", "").lower() == "close":
                self.close()
            return reply
        raise BadReply("the server closes every connection")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _cookies(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}


def request_of(
    method: str, path: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> bytes:
    """Return the bytes of a request, so that timed loops only send."""
    body = urlencode(form or {}).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in (headers or {}).items()]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _read(connection: socket.socket) -> Reply:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _some(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    headers = dict(pairs)
    cookies = [value.split(";")[0] for name, value in pairs if name == "set-cookie"]
    if cookies:
        headers["set-cookie"] = "; ".join(cookies)
    status = int(first.split()[1])
    length = 0 if status in {204, 304} else int(headers["content-length"])
    while len(body) < length:
        body += _some(connection)
    return Reply(status, headers, body, len(head) + 4 + len(body))


def _some(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionResetError("closed by the server")
    return part


@dataclass(frozen=True, slots=True)
class Load:
    """What a timed load gave: how long it was, and how long each request took, in seconds."""

    seconds: float
    took: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    @property
    def p99_ms(self) -> float:
        return percentile(list(self.took), 0.99) * 1000


def together(loads: Sequence[Load]) -> Load:
    """Return several loads, one after another, as one."""
    return Load(sum(part.seconds for part in loads), tuple(chain.from_iterable(part.took for part in loads)))


def load(port: int, queues: Iterable[list[bytes]], *, expect: int) -> Load:
    """Let one client a queue send its requests one after another, all clients at once."""
    took: list[float] = []
    faults: list[BaseException] = []

    def run(queue: list[bytes]) -> None:
        visitor = Visitor(port)
        try:
            for request in queue:
                began = time.perf_counter()
                _expect(expect, visitor.send(request))
                took.append(time.perf_counter() - began)
        except BaseException as fault:  # noqa: BLE001 - raised again by the caller's thread
            faults.append(fault)
        finally:
            visitor.close()

    threads = [threading.Thread(target=run, args=(queue,)) for queue in queues]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    length = time.perf_counter() - began
    if faults:
        raise faults[0]
    return Load(length, tuple(took))


def _expect(status: int, reply: Reply) -> None:
    if reply.status != status:
        raise BadReply(f"{reply.status} instead of {status}: {reply.body[:300]!r}")


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the others lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
