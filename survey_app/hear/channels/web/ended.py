"""The last pages of a survey: thank you, already answered, over."""

from __future__ import annotations

from flask import render_template

from survey_app.hear.channels.web.visits import Standing, Visit
from survey_app.web.headers import FORGET

LEAST_PEOPLE = 10
"""What the pages promise; the gate's own number (know/disclosure) may only be larger."""

Ended = tuple[str, int] | tuple[str, int, dict[str, str]]


def ended(found: Visit, *, just_now: bool = False) -> Ended:
    """Say that a survey is finished, or over."""
    if found.standing is Standing.CLOSED:
        return closed(found)
    page = render_template(
        "survey/finished.html",
        lang=found.instrument.language,
        appearance=found.appearance,
        visit=found,
        just_now=just_now,
        least=LEAST_PEOPLE,
    )
    return page, 200, FORGET


def closed(found: Visit) -> Ended:
    """Say that a link has ended."""
    page = render_template(
        "survey/closed.html",
        lang=found.instrument.language,
        appearance=found.appearance,
        token=found.token,
    )
    return page, 410
