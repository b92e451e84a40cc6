"""The link in an address: what it opens, or the end of the request; guesses are counted."""

from __future__ import annotations

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Item
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.visits import Visit, visit
from survey_app.web.limiter import FailureLimiter
from survey_app.web.phrases import phrases_here


class Links:
    """Finds the survey of a link; one budget of guesses for all pages."""

    def __init__(self, needs: Needs, limiter: FailureLimiter) -> None:
        self._needs = needs
        self._limiter = limiter

    def visit(self, token: str) -> Visit:
        """Return what a link opens."""
        with self._needs.database.reading() as session:
            found = visit(
                session,
                token,
                keys=self._needs.keys,
                library=self._needs.library,
                now=self._needs.clock(),
                spoken=phrases_here().languages,
            )
        if found is None:
            abort(429 if self._limiter.failed(request.remote_addr) else 404)
        return found


def way_to(found: Visit, item: Item | None) -> Response:
    """Lead to an item of a survey, or to its start page."""
    return onward(f"/s/{found.token}/{item.ordinal}" if item else f"/s/{found.token}")


def onward(address: str) -> Response:
    """Lead to an address."""
    # The script that keeps an answer without a signal cannot see where a redirect leads.
    if request.accept_mimetypes.best == "text/plain":
        return Response(address, mimetype="text/plain")
    return redirect(address, 303)
