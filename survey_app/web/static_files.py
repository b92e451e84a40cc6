"""Style sheets and scripts, named by their content so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

STATIC_DIR = Path(__file__).parent / "static"
PREFIX = "static"
A_YEAR = 365 * 24 * 3600


class NoSuchFile(LookupError):
    """A template asks for a static file that does not exist."""


@cache
def static_url(name: str) -> str:
    """Return the address of a static file, with the version of its content."""
    path = STATIC_DIR / name
    if not path.is_file():
        raise NoSuchFile(f"{name}: expected a file below survey_app/web/static")
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return f"/{PREFIX}/{name}?v={version}"


def install_static_files(app: Flask) -> None:
    """Serve the static folder before the app is asked, from compressed twins (.br, .gz) where they exist."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC_DIR,
        prefix=PREFIX,
        max_age=A_YEAR,
        allow_all_origins=False,
        add_headers_function=_more_headers,
    )
    app.jinja_env.globals["static_url"] = static_url


def _more_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
