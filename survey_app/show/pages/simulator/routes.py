"""A phone in the browser: shows what it received and texts back through the provider's signed webhook."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, send_from_directory, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from survey_app.ask.population.phones import BadPhone, parse_phone
from survey_app.ask.sending.gateways.handset import (
    Needs,
    Tap,
    buttons_of,
    phones_in_use,
    send_by_whatsapp,
    send_from_handset,
    texts_on,
)
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
        whatsapp = request.args.get("by") == "whatsapp"
        with needs.database.reading() as session:
            phones = phones_in_use(session, whatsapp=whatsapp)
            texts = texts_on(session, number, whatsapp=whatsapp) if number else []
        return render_template(
            "simulator/phone.html",
            asked=asked,
            number=number,
            fault=fault,
            phones=phones,
            texts=[(text, with_links(text.body), text.at.astimezone(LONDON)) for text in texts],
            missed="missed" in request.args,
            ours=needs.settings.whatsapp_number if whatsapp else needs.settings.twilio_number,
            by="whatsapp" if whatsapp else None,
        )

    @door.post("")
    @who_may(Who.DEVELOPMENT)
    def text_back() -> Response:
        shown = _sent(needs)
        address = url_for(
            "simulator.phone", phone=shown["phone"], by=shown.get("by"), missed=shown.get("missed")
        )
        return redirect(address, 303)

    @door.get("/static/<name>")
    @who_may(Who.DEVELOPMENT)
    def asset(name: str) -> Response:
        return send_from_directory(STATIC_DIR, name)

    return door


def _sent(needs: Needs) -> dict[str, str]:
    """Send what the form says, and return what the page shows next."""
    number, fault = _number(request.form.get("phone", ""))
    shown = {"by": "whatsapp"} if request.form.get("by") == "whatsapp" else {}
    if fault or number is None:
        return shown | {"phone": request.form.get("phone", "")[:40]}
    shown["phone"] = number
    body, tap = _written(needs)
    if not body.strip():
        return shown
    if "by" in shown:
        taken = send_by_whatsapp(needs, phone=number, body=body, tap=tap)
    else:
        taken = send_from_handset(needs, phone=number, body=body)
    return shown if taken else shown | {"missed": "1"}


def _written(needs: Needs) -> tuple[str, Tap | None]:
    """Return what was written, or the title of the button that was tapped and what it sends."""
    message_id, which = request.form.get("replied_to", ""), request.form.get("tapped", "")
    if not message_id or not which.isdecimal():
        return request.form.get("body", "")[:LONGEST_TEXT], None
    with needs.database.reading() as session:
        buttons = buttons_of(session, message_id)
    if int(which) >= len(buttons):
        return "", None
    title, payload = buttons[int(which)]
    return title, Tap(payload, message_id)


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
