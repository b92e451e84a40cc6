"""How much may leave, how fast and at what price: the installation's rules, told to the dispatcher once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.ask.sending.tables import Medium
from survey_app.settings import Settings

PENNY = 100
"""Costs are kept in hundredths of a penny, so that sums of fractions stay exact."""

MOST_IN_HALF_A_MINUTE = 12
"""The provider cuts a conversation of more than fifteen texts in half a minute (14107)."""

Prices = Mapping[Medium, float]


@dataclass(frozen=True, slots=True)
class Policy:
    """Without values nothing is limited and nothing costs anything."""

    operator_email: str = ""
    texts_a_second: int | None = None
    texts_in_half_a_minute: int | None = None  # to one phone
    prices: Prices = field(default_factory=dict)  # pence a segment, a call, a letter
    daily_cap_pence: int | None = None

    def cost(self, medium: Medium, segments: int) -> int:
        """Return what a message costs, in hundredths of a penny."""
        return cost_of(self.prices, medium, segments)


def policy_of(settings: Settings) -> Policy:
    """Return the rules an installation has set."""
    return Policy(
        operator_email=settings.operator_email,
        texts_a_second=settings.texts_a_second,
        texts_in_half_a_minute=MOST_IN_HALF_A_MINUTE,
        prices=prices_of(settings),
        daily_cap_pence=settings.spend_cap_day_pence or None,
    )


def prices_of(settings: Settings) -> Prices:
    """Return the price of one segment, call or letter, in pence."""
    return {
        Medium.TEXT: settings.price_text_pence,
        Medium.WHATSAPP: settings.price_whatsapp_pence,
        Medium.CALL: settings.price_call_pence,
        Medium.LETTER: settings.price_letter_pence,
        Medium.EMAIL: settings.price_email_pence,
    }


def cost_of(prices: Prices, medium: Medium, segments: int) -> int:
    """Return what a message costs, in hundredths of a penny; only texts are paid by the segment."""
    n_units = segments if medium is Medium.TEXT else 1
    return round(prices.get(medium, 0) * PENNY) * n_units
