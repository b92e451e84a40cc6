"""The empty site that doors are hung in: layouts, headers, limits and error pages, but no page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.settings import CONFIG_DIR, Settings
from survey_app.web.components import Components
from survey_app.web.headers import install_headers
from survey_app.web.phrases import SOURCE, Voice, install_phrases, load_phrases, phrases_here
from survey_app.web.plain_forms import PlainRequest
from survey_app.web.problems import FOR_PROGRAMS, problem
from survey_app.web.same_site import refuse_other_sites
from survey_app.web.static_files import install_static_files

BODY_LIMIT = 64 * 1024
"""Bytes; a view that takes files raises it for its own request."""


class Site(Flask):
    """A Flask app whose log names the rule of a page that broke: the address itself would hold a token."""

    request_class = PlainRequest

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """Log what broke, and where in the program."""
        rule = request.url_rule.rule if request.url_rule else "an unknown address"
        self.logger.error("exception on %s [%s]", rule, request.method, exc_info=exc_info)


def new_site(settings: Settings) -> Flask:
    """Return a Flask app with the foundation laid; the caller registers the doors."""
    app = Site("survey_app", static_folder=None, template_folder="web/templates")
    app.jinja_options = {
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=100,
        TRUSTED_HOSTS=_hosts(settings),
    )
    app.jinja_env.globals.update(
        nhs=Components(), service_name=settings.service_name, help_phone=settings.help_phone
    )
    install_phrases(app, load_phrases(CONFIG_DIR / "pages", unsigned_too=not settings.is_production))
    app.before_request(refuse_other_sites(settings))
    install_headers(app, settings)
    app.register_error_handler(HTTPException, _error_page)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    install_static_files(app)
    return app


def refused(code: int) -> ResponseReturnValue:
    """Return the page of a fault where a handler of errors answers: it may not abort itself."""
    return current_app.handle_http_exception(default_exceptions[code]())


def _hosts(settings: Settings) -> list[str]:
    ours = [settings.public_host] if settings.public_host else []
    return ours if settings.is_production else [*ours, "127.0.0.1", "localhost"]


def _error_page(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code < 400:
        return error
    if request.path.startswith(FOR_PROGRAMS):
        return problem(code)
    known = code if code in KNOWN else 500 if code >= 500 else 400
    say = Voice(phrases_here(), _language())
    title, text = say(f"error.title_{known}"), say(f"error.text_{known}")
    if code in ASTRAY and request.path.startswith(FOR_STAFF):
        return render_template("astray.html", title=title, **NOBODY), code
    return render_template("error.html", lang=say.language, title=title, text=text), code


def _language() -> str:
    """Return what the browser asks for, on the pages of people whose link opens nothing."""
    phrases = phrases_here()
    if not request.path.startswith(FOR_PEOPLE):
        return SOURCE
    return phrases.known(request.accept_languages.best_match(sorted(phrases.languages), SOURCE))


KNOWN = frozenset({400, 403, 404, 405, 410, 413, 429, 500, 503})
ASTRAY = frozenset({403, 404})
"""Whoever is signed in is shown the way back to what they may open."""
NOBODY: Mapping[str, Any] = MappingProxyType(
    {"signed_in": None, "navigation": [], "desk": [], "home_address": "/account", "synthetic": False}
)
"""Such a page is the same for whoever asks: nobody can tell what is next door from what is nowhere."""
FOR_STAFF = ("/dashboard", "/workspace", "/teams", "/account")
FOR_PEOPLE = ("/s/", "/t/", "/stop/", "/q/")
