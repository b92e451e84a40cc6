"""The addresses anyone may open: privacy, accessibility, help, and the two questions operators ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from survey_app.settings import Settings
from survey_app.show.pages.public.help_topics import HELP, beside, index
from survey_app.web.access import Who, who_may
from survey_app.web.phrases import SOURCE, phrases_here

LEAST_PEOPLE = 10
"""What the pages promise; the gate's own number (know/disclosure) may only be larger."""

Check = Callable[[], str | None]
"""Returns None when all is well, else what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses; `checks` are asked by name, in order, for readiness."""

    settings: Settings
    checks: Mapping[str, Check]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the public pages."""
    door = Blueprint("public", __name__, template_folder="templates")
    pages = PublicPages(needs)
    door.add_url_rule("/", view_func=pages.front)
    door.add_url_rule("/privacy", view_func=pages.privacy)
    door.add_url_rule("/accessibility", view_func=pages.accessibility)
    door.add_url_rule("/help", view_func=pages.help_index)
    door.add_url_rule("/help/<concept>", view_func=pages.explain)
    door.add_url_rule("/health/live", view_func=pages.live)
    door.add_url_rule("/health/ready", view_func=pages.ready)
    return door


class PublicPages:
    """Pages that are the same for everybody."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.ANYONE)
    def front(self) -> str:
        """Show the ways on to whoever typed the name of the machine alone."""
        return render_template("public/front.html")

    @who_may(Who.ANYONE)
    def privacy(self) -> str:
        """Say who sees answers and why, and what people may ask for."""
        settings = self._needs.settings
        return render_template(
            "public/privacy.html",
            lang=_language("privacy"),
            least=LEAST_PEOPLE,
            email=settings.from_email,
            months=settings.retention_months,
        )

    @who_may(Who.ANYONE)
    def accessibility(self) -> str:
        """Say how accessible the service is, and whom to tell when it is not."""
        return render_template(
            "public/accessibility.html",
            lang=_language("accessibility"),
            email=self._needs.settings.from_email,
        )

    @who_may(Who.ANYONE)
    def help_index(self) -> str:
        """List every help page."""
        return render_template("public/help-index.html", parts=index())

    @who_may(Who.ANYONE)
    def explain(self, concept: str) -> str:
        """Explain one idea in plain words."""
        if concept not in HELP:
            abort(404)
        return render_template(
            f"public/{concept}.html",
            lang=_language(concept.replace("-", "_")),
            topic=HELP[concept],
            beside=beside(concept),
            least=LEAST_PEOPLE,
        )

    @who_may(Who.ANYONE)
    def live(self) -> Response:
        """Say that the process answers."""
        return jsonify(live=True)

    @who_may(Who.ANYONE)
    def ready(self) -> tuple[Response, int]:
        """Say whether work can be done here and, if not, why not."""
        results = {name: _asked(check) for name, check in self._needs.checks.items()}
        faults = {name: fault for name, fault in results.items() if fault}
        return jsonify(ready=not faults, checks=sorted(results), reasons=faults), 503 if faults else 200


def _language(page: str) -> str:
    # Only what the address says: a survey's own pages link here in their language.
    phrases = phrases_here()
    language = phrases.known(request.args.get("lang"))
    return language if phrases.has_page(language, page) else SOURCE


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as fault:  # noqa: BLE001 - a check that breaks is itself the answer
        # The name only: messages of database errors hold host and user names.
        return f"the check failed with {type(fault).__name__}"
