"""Which factors an instrument has, if it has any: else its statements stand alone."""

from __future__ import annotations

from survey_app.ask.instruments.model import Instrument, Scale, ScaleRule


def factors_of(instrument: Instrument) -> tuple[Scale, ...]:
    """Return the factors of an instrument: its percentage scales that hold no other scale.

    Parameters
    ----------
    instrument : Instrument
        A released version.

    Returns
    -------
    tuple of Scale
        In the order of the file; empty where it has single items only.
    """
    plain = [s for s in instrument.scales if s.rule is ScaleRule.PERCENT and s.items and not s.composites]
    return tuple(scale for scale in plain if not any(set(scale.items) > set(other.items) for other in plain))
