"""The product's own web server in a process of its own, as honest as it ships or hasty on purpose.

`python -m tests.faults.survey_server honest|hasty`, told by SURVEY_* variables. Its clock runs a
thousand times faster than the world, so that a page is read for seconds while a test waits for milliseconds.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from survey_app.bootstrap import bootstrap
from survey_app.cli.processes import WebServer, application
from survey_app.clock import Clock, utc_now
from survey_app.settings import load_settings
from tests.fakes import MONDAY_MORNING

SPEED = 1000
LATE_SECONDS = 0.4


def hurrying_clock() -> Clock:
    """Return a clock on which every worker of one server agrees."""
    began = dt.datetime.fromisoformat(os.environ["TEST_BEGAN_AT"])
    return lambda: MONDAY_MORNING + (utc_now() - began) * SPEED


class Hasty:
    """Says "stored" first and stores a moment later."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        later = {**environ, "wsgi.input": io.BytesIO(body)}
        threading.Timer(LATE_SECONDS, lambda: b"".join(self._app(later, lambda *_: None))).start()
        start_response("303 SEE OTHER", [("Location", "/"), ("Content-Length", "0")])
        return [b""]


def main(manner: str) -> None:
    runtime = bootstrap(load_settings(), clock=hurrying_clock())

    def make() -> Callable[..., Iterable[bytes]]:
        app = application(runtime)
        return Hasty(app) if manner == "hasty" else app

    WebServer(make, runtime.settings).run()


if __name__ == "__main__":
    main(sys.argv[1])
