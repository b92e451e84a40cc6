"""How many of those asked answered: AAPOR's response, cooperation and refusal rates."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from survey_app.stats.intervals import BadSampleError


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Where the sample's people ended, one outcome each; people known not to be eligible are left out.

    Counts: complete (I), partial (P), refusal or break-off (R), non-contact (NC), other (O), and two kinds
    whose eligibility is unknown: household (UH) and other (UO).
    """

    complete: int
    partial: int
    refusal: int
    non_contact: int
    other: int
    unknown_household: int = 0
    unknown_other: int = 0


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """Shares 0 to 1; None where nobody was asked."""

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop3: float | None
    ref1: float | None


def eligible_share(eligible: int, ineligible: int) -> float | None:
    """Estimate e, the share of people of unknown eligibility who are eligible.

    Parameters
    ----------
    eligible, ineligible : int
        How many people are known to be so.

    Returns
    -------
    float or None
        The share among those known, 0 to 1; None where nothing is known of anybody.

    Raises
    ------
    BadSampleError
        For negative counts.

    References
    ----------
    AAPOR (2023). Standard Definitions, 10th ed: the proportional allocation of unknown eligibility.

    Examples
    --------
    >>> eligible_share(448, 112)
    0.8
    """
    if min(eligible, ineligible) < 0:
        message = f"{eligible} eligible, {ineligible} not: expected counts from 0 up"
        raise BadSampleError(message)
    return eligible / (eligible + ineligible) if eligible + ineligible else None


def response_rates(outcomes: Outcomes, e: float = 1.0) -> ResponseRates:
    """Compute AAPOR's rates.

    Parameters
    ----------
    outcomes : Outcomes
        Counts of people, one outcome each.
    e : float
        Share of those of unknown eligibility who are eligible, 0 to 1; 1 where nothing is known.

    Returns
    -------
    ResponseRates
        All None where nobody of known eligibility was asked; always RR1 <= RR3 <= RR5 and RR2 <= RR4 <= RR6.

    Raises
    ------
    BadSampleError
        For negative counts, or e that is no share.

    References
    ----------
    AAPOR (2023). Standard Definitions, 10th ed. docs/algorithms/response-rates.md.

    Examples
    --------
    >>> rates = response_rates(Outcomes(120, 15, 8, 300, 5, 0, 40), e=0.8)
    >>> round(rates.rr1, 4), round(rates.rr2, 4), round(rates.rr3, 4)
    (0.2459, 0.2766, 0.25)
    """
    _check(outcomes, e)
    answered = outcomes.complete + outcomes.partial
    spoken = answered + outcomes.refusal
    known = spoken + outcomes.non_contact + outcomes.other
    unknown = outcomes.unknown_household + outcomes.unknown_other
    if known == 0:
        return ResponseRates(*[None] * 9)
    everyone, likely = known + unknown, known + e * unknown
    return ResponseRates(
        rr1=outcomes.complete / everyone,
        rr2=answered / everyone,
        rr3=outcomes.complete / likely,
        rr4=answered / likely,
        rr5=outcomes.complete / known,
        rr6=answered / known,
        coop1=_share(outcomes.complete, spoken + outcomes.other),
        coop3=_share(outcomes.complete, spoken),
        ref1=outcomes.refusal / everyone,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _check(outcomes: Outcomes, e: float) -> None:
    if min(astuple(outcomes)) < 0:
        message = f"{outcomes}: expected counts from 0 up"
        raise BadSampleError(message)
    if not (math.isfinite(e) and 0 <= e <= 1):
        message = f"e {e}: expected a share between 0 and 1"
        raise BadSampleError(message)
