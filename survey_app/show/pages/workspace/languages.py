"""In which languages people can be asked, told to staff: what is a draft is called one."""

from __future__ import annotations

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.population.languages import NAMES

DRAFT = "machine-drafted, needs review"


def languages_of(instrument: Instrument) -> str:
    """Return the languages of an instrument in words, drafts last."""
    signed = [
        instrument.language,
        *(code for code in instrument.translations if code not in instrument.drafts),
    ]
    said = _listed(signed)
    return f"{said}; {DRAFT}: {_listed(instrument.drafts)}" if instrument.drafts else said


def _listed(codes: list[str] | tuple[str, ...]) -> str:
    return ", ".join(sorted(NAMES.get(code, code) for code in codes))
