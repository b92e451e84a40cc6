"""The simulated provider's receipts: what became of a message, told to our webhook."""

from __future__ import annotations

import threading

from flask import request

from survey_app.ask.sending.gateways import handset
from survey_app.ask.sending.gateways.behaviour import Behaviour
from survey_app.ask.sending.gateways.handset import Needs
from survey_app.ask.sending.gateways.tables import HandsetMessage


def report(needs: Needs, acting: Behaviour, message: HandsetMessage) -> None:
    """Tell each status in turn to the address that the request gave, if that is one of our doors."""
    address = request.form.get("StatusCallback", "")
    if not address.startswith(f"{needs.settings.public_base_url}/"):
        return
    reporting = threading.Thread(
        target=_report_each, args=(needs, acting.statuses, message, address), daemon=True
    )
    reporting.start()
    acting.reports[:] = [*(one for one in acting.reports if one.is_alive()), reporting]
    if acting.receipts_first:
        reporting.join(timeout=10)


def _report_each(needs: Needs, statuses: tuple[str, ...], message: HandsetMessage, address: str) -> None:
    for status in statuses:
        scheme = handset.SCHEME if message.whatsapp else ""
        ours = needs.settings.whatsapp_number if message.whatsapp else needs.settings.twilio_number
        form = {
            "MessageSid": message.provider_id,
            "SmsSid": message.provider_id,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": needs.settings.twilio_account_sid,
            "To": scheme + message.phone,
            "From": scheme + ours,
            "ApiVersion": "2010-04-01",
        }
        if status in {"undelivered", "failed"}:
            form["ErrorCode"] = "30003"
        handset.post_signed(needs.settings, address, form)
