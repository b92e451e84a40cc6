"""An installation nobody has used yet, served from here: its set-up, and pages that have nothing to show."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page
from werkzeug.serving import make_server

from survey_app.accounts.setting_up.first import address_of
from survey_app.app import create_app
from survey_app.bootstrap import bootstrap
from survey_app.cli.database import upgrade
from survey_app.settings import load_settings

PASSWORD = "river candle orbit"
SET_UP = {"name": "Kentmere", "code": "K1", "who": "Ines Example", "email": "ines@demo.example"}


@contextmanager
def nobody_yet() -> Iterator[str]:
    """Serve an empty installation, and yield its one-time address."""
    with tempfile.TemporaryDirectory() as folder:
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        base = f"http://127.0.0.1:{server.server_port}"
        runtime = bootstrap(load_settings({"SURVEY_DATA_DIR": folder, "SURVEY_PUBLIC_BASE_URL": base}))
        upgrade(runtime.database)
        server.app = create_app(runtime)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield address_of(runtime.settings, runtime.keys)
        finally:
            server.shutdown()
            runtime.database.dispose()


def set_up(page: Page) -> None:
    """Fill in the page of the one-time address and go on."""
    for name, value in (SET_UP | {"password": PASSWORD, "again": PASSWORD}).items():
        page.fill(f"main [name={name}]", value)
    page.locator("main button").first.click()
