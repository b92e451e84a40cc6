"""The carrier: everything that messages leave with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.ask.sending.departure import Hooks
from survey_app.ask.sending.gateways.contract import Gateway
from survey_app.ask.sending.policy import Policy
from survey_app.ask.sending.tables import Medium
from survey_app.crypto import Keys


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries messages: a gateway for each medium, the keys that open addresses, the rules that hold."""

    gateways: Mapping[Medium, Gateway]
    keys: Keys
    hooks: Hooks
    policy: Policy = field(default_factory=Policy)
