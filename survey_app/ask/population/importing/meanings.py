"""Other words for what a list must say: "Yes" for given, "E-mail" for email, a locality's name for its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey_app.ask.population import languages
from survey_app.ask.population.sheets import Row
from survey_app.ask.population.tables import Place

MEANT: Mapping[str, Mapping[str, str]] = {
    "audience": {
        "service user": "user",
        "users": "user",
        "patient": "user",
        "client": "user",
        "unpaid carer": "carer",
        "carers": "carer",
        "employee": "staff",
    },
    "channel": {
        "sms": "text",
        "text message": "text",
        "mobile": "text",
        "e-mail": "email",
        "mail": "email",
        "post": "letter",
        "phone": "call",
        "telephone": "call",
        "online": "web",
        "link": "web",
    },
    "consent": {
        "yes": "given",
        "y": "given",
        "true": "given",
        "1": "given",
        "no": "withdrawn",
        "n": "withdrawn",
        "false": "withdrawn",
        "0": "withdrawn",
    },
    "hear_back": {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"},
    "language": languages.MEANT,
}


def understood(rows: Iterable[Row], places: Mapping[str, Place]) -> list[Row]:
    """Return rows in our own words; what nobody knows stays as it is, and is refused under its own name."""
    known = _names_of(places)
    return [
        Row(row.line, {name: _meant(name, cell, known) for name, cell in row.cells.items()}) for row in rows
    ]


def _meant(name: str, cell: str, known: Mapping[str, str]) -> str:
    if name in ("locality", "practice"):
        return known.get(cell.casefold(), cell)
    if name not in MEANT:
        return cell
    plain = cell.lower()
    return MEANT[name].get(plain, cell if name == "language" else plain)


def _names_of(places: Mapping[str, Place]) -> dict[str, str]:
    # A name two places share says neither; an id or an official code wins over a name.
    names = [place.name.casefold() for place in places.values()]
    known = {
        place.name.casefold(): place.id
        for place in places.values()
        if names.count(place.name.casefold()) == 1
    }
    known |= {place.code.casefold(): place.id for place in places.values()}
    return known | {place.id: place.id for place in places.values()}
