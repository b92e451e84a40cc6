"""The form that asks for a call, whoever fills it in: a number, a time, a consent of its own."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from survey_app.ask.population.phones import BadPhone, parse_number_to_call
from survey_app.hear.safeguarding.tables import CallTime

PAGE = "call"
OURS, OTHER = "ours", "other"
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class CallForm:
    """What stands in the form."""

    which: str = OURS
    number: str = ""
    when: CallTime = CallTime.ANY
    agrees: bool = False

    def __repr__(self) -> str:
        return "CallForm(...)"

    def read(self, known: str | None = None) -> tuple[str, dict[str, str]]:
        """Return the number to call, and the phrase that says what is wrong with each field."""
        faults = {} if self.agrees else {"consent": "call.fault_consent"}
        if known and self.which == OURS:
            return known, faults
        try:
            return parse_number_to_call(self.number), faults
        except BadPhone:
            return "", {"number": "call.fault_number"} | faults


def sent_form() -> CallForm:
    """Return what somebody sent."""
    when = request.form.get("when")
    return CallForm(
        which=OTHER if request.form.get("which") == OTHER else OURS,
        number=request.form.get("number", "")[:LONGEST_NUMBER],
        when=next((one for one in CallTime if one.value == when), CallTime.ANY),
        agrees=request.form.get("consent") == "yes",
    )
