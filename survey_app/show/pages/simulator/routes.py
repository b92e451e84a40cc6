"""A phone in the browser: shows what it received and texts back through the provider's signed webhook."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, send_from_directory, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from survey_app.ask.population.phones import BadPhone, parse_phone
from survey_app.ask.sending.gateways.handset import Needs, phones_in_use, send_from_handset, texts_on
from survey_app.clock import LONDON
from survey_app.web.access import Who, who_may

__all__ = ["Needs", "blueprint"]

STATIC_DIR = Path(__file__).parent / "static"
LINK = re.compile(r"https?://[^\s<>\"']+")
LONGEST_TEXT = 1600


def blueprint(needs: Needs) -> Blueprint:
    """Build the phone's door."""
    door = Blueprint("simulator", __name__, template_folder="templates", url_prefix="/simulator")

    @door.before_request
    def keep_out_of_production() -> None:
        if needs.settings.is_production:
            abort(404)

    @door.get("")
    @who_may(Who.DEVELOPMENT)
    def phone() -> str:
        asked = request.args.get("phone", "").strip()
        number, fault = _number(asked)
        with needs.database.reading() as session:
            phones = phones_in_use(session)
            texts = texts_on(session, number) if number else []
        return render_template(
            "simulator/phone.html",
            asked=asked,
            number=number,
            fault=fault,
            phones=phones,
            texts=[(text, with_links(text.body), text.at.astimezone(LONDON)) for text in texts],
            missed="missed" in request.args,
            ours=needs.settings.twilio_number,
        )

    @door.post("")
    @who_may(Who.DEVELOPMENT)
    def text_back() -> Response:
        number, fault = _number(request.form.get("phone", ""))
        body = request.form.get("body", "")[:LONGEST_TEXT]
        if fault or number is None:
            return redirect(url_for("simulator.phone", phone=request.form.get("phone", "")[:40]), 303)
        if not body.strip():
            return redirect(url_for("simulator.phone", phone=number), 303)
        taken = send_from_handset(needs, phone=number, body=body)
        return redirect(url_for("simulator.phone", phone=number, missed=None if taken else "1"), 303)

    @door.get("/static/<name>")
    @who_may(Who.DEVELOPMENT)
    def asset(name: str) -> Response:
        return send_from_directory(STATIC_DIR, name)

    return door


def with_links(body: str) -> Markup:
    """Return a text as HTML with its addresses clickable, everything else escaped."""
    parts = []
    end = 0
    for found in LINK.finditer(body):
        address = found.group().rstrip(".,;:!?)")
        parts += [escape(body[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(body[end:])])


def _number(raw: str) -> tuple[str | None, str]:
    if not raw.strip():
        return None, ""
    try:
        return parse_phone(raw), ""
    except BadPhone as fault:
        return None, str(fault)
