"""What the columns of a list of people are called on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey_app.ask.population.importing.columns import FOR_ALL
from survey_app.ask.population.languages import NAMES
from survey_app.ask.population.people_rows import LINES
from survey_app.ask.population.tables import Place

FIELD_WORDS: Mapping[str, str] = {
    "reference": "Reference: how your records know the person",
    "audience": "Who they are: user, carer or staff",
    "locality": "Locality: its name, code or id",
    "practice": "Practice: its name, code or id",
    "phone": "Mobile number",
    "channel": "How they are asked",
    "language": "Language",
    "consent": "Consent to be asked",
    "category": "Group for comparisons",
    "hear_back": "Wants to hear what was done",
    "landline": "Landline number",
    "email": "E-mail address",
    **{line: f"Postal address, line {number}" for number, line in enumerate(LINES, 1)},
    "postcode": "Postcode",
}
SAID = {
    "user": "People who use services",
    "carer": "Carers",
    "staff": "Staff",
    "text": "Text message",
    "web": "Link to a web page, by text",
    "whatsapp": "WhatsApp",
    "call": "Telephone call",
    "email": "E-mail",
    "letter": "Letter",
    "given": "Given by everybody on this list",
    **NAMES,
}


def choices_for_all(
    localities: Iterable[Place], choices: Mapping[str, Iterable[str]]
) -> dict[str, list[tuple[str, str]]]:
    """Return what may be said once for a whole list, by field: value and words."""
    values = {
        "audience": choices["audience"],
        "channel": choices["channel"],
        "language": NAMES,
        "consent": ("given",),
    }
    found = {name: [(str(value), SAID[value]) for value in of_name] for name, of_name in values.items()}
    found["locality"] = [(place.id, place.name) for place in localities]
    return {name: found[name] for name in FOR_ALL}
