"""How fast we send, what it costs and where it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Spending:
    """Pace, prices and caps."""

    texts_a_second: int
    price_text_pence: float
    price_whatsapp_pence: float
    price_call_pence: float
    price_letter_pence: float
    price_email_pence: float
    spend_cap_day_pence: int
    spend_cap_campaign_pence: int


def spending_faults(settings: Spending) -> list[str]:
    """Return what is wrong with them, by name."""
    faults = []
    for field in fields(Spending):
        value = getattr(settings, field.name)
        if field.name.startswith(("price_", "spend_cap_")) and not 0 <= value < math.inf:
            faults.append(f"SURVEY_{field.name.upper()} must be 0 or more pence, not {value}")
    if not 1 <= settings.texts_a_second <= 1000:
        faults.append("SURVEY_TEXTS_A_SECOND must be 1 to 1000")
    return faults
