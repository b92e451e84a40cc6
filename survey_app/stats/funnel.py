"""Comparing places of different sizes fairly: funnel limits, widened where places differ more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.samples import Numbers, as_numbers, same_length

# Six decimals, as printed tables and the program we compare with have them.
Z95 = 1.959964
Z998 = 3.090232


class Width(IntEnum):
    """Which limits judge a place: 95 %, or 99.8 %, by custom written 99."""

    NARROW = 95
    WIDE = 99


@dataclass(frozen=True, slots=True)
class FunnelRules:
    """What a funnel needs before it judges; the defaults are the product's."""

    trim: float = 0.1
    width: Width = Width.WIDE
    adjust: bool = True
    fewest_places: int = 10
    fewest_answers: int = 10


@dataclass(frozen=True, slots=True)
class Band:
    """Limits around the target at one place, at 95 % and 99.8 %, in the places' unit."""

    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True, slots=True)
class FunnelPlace:
    """One place: value, z score, limits by chance alone, limits in use; None where nothing can be judged."""

    value: float
    z: float
    plain: Band | None
    adjusted: Band | None
    outlier: bool | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The common target, over-dispersion phi, variance between places tau2, and the places in order."""

    target: float
    phi: float
    tau2: float | None
    places: tuple[FunnelPlace, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where values are compared: as they are, or as angles."""

    target: float
    errors: Numbers
    angles: bool


def funnel_of_shares(
    counts: Sequence[float], sizes: Sequence[float], rules: FunnelRules | None = None
) -> Funnel | None:
    """Compare shares, on the arcsine scale.

    Parameters
    ----------
    counts, sizes : sequence of float, length K
        How many of how many, a place each.
    rules : FunnelRules or None
        The product's where None.

    Returns
    -------
    Funnel or None
        Shares 0 to 1; ``tau2`` in squared radians, None for one place; None for no places.

    Raises
    ------
    BadSampleError
        For a place without answers, counts under 0 or over their size, or lists of different lengths.

    References
    ----------
    Spiegelhalter DJ (2005). Stat Med 24:1185-1202. docs/algorithms/funnel.md.

    Examples
    --------
    >>> sizes = [60, 90, 50, 100, 45, 85, 80, 110, 48, 70]
    >>> funnel = funnel_of_shares([45, 60, 30, 80, 25, 70, 52, 90, 33, 41], sizes)
    >>> round(funnel.target, 4), round(funnel.phi, 4), round(funnel.tau2, 6)
    (0.7127, 3.1583, 0.008582)
    """
    rules = rules or FunnelRules()
    some, all_of = as_numbers(counts, "counts"), as_numbers(sizes, "sizes", above=0)
    same_length(some, all_of)
    if ((some < 0) | (some > all_of)).any():
        message = "counts: expected numbers between 0 and their size"
        raise BadSampleError(message)
    if not len(some):
        return None
    target = float(some.sum() / all_of.sum())
    scale = _Scale(float(np.arcsin(np.sqrt(target))), 1 / (2 * np.sqrt(all_of)), angles=True)
    return _funnel(some / all_of, all_of, scale, rules)


def funnel_of_means(
    means: Sequence[float], sizes: Sequence[float], sd: float, rules: FunnelRules | None = None
) -> Funnel | None:
    """Compare mean scores, untransformed.

    Parameters
    ----------
    means, sizes : sequence of float, length K
        Mean score and number of answers, a place each.
    sd : float
        Standard deviation of answers within places (pooled), in the unit of the means, above 0.
    rules : FunnelRules or None
        The product's where None.

    Returns
    -------
    Funnel or None
        In the unit of the means; limits are not cut at the ends of the scale. None for no places.

    Raises
    ------
    BadSampleError
        For a place without answers, an sd of 0 or less, or lists of different lengths.

    References
    ----------
    Spiegelhalter DJ (2005). Stat Med 24:1185-1202. docs/algorithms/funnel.md.
    """
    rules = rules or FunnelRules()
    values, all_of = as_numbers(means, "means"), as_numbers(sizes, "sizes", above=0)
    same_length(values, all_of)
    spread = float(as_numbers([sd], "sd", above=0)[0])
    if not len(values):
        return None
    target = float((values * all_of).sum() / all_of.sum())
    return _funnel(values, all_of, _Scale(target, spread / np.sqrt(all_of), angles=False), rules)


def limits_at(funnel: Funnel, sizes: Sequence[float], sd: float | None = None) -> tuple[Band, ...]:
    """Compute the limits in use for places of other sizes: the lines of the picture.

    Parameters
    ----------
    funnel : Funnel
        As computed.
    sizes : sequence of float, length M
        Numbers of answers, above 0.
    sd : float or None
        Standard deviation within places, for means; None for shares.

    Returns
    -------
    tuple of Band, length M
        In the funnel's unit.

    Raises
    ------
    BadSampleError
        For sizes of 0 or less, or an sd of 0 or less.

    References
    ----------
    Spiegelhalter DJ (2005). Stat Med 24:1185-1202. docs/algorithms/funnel.md.

    Examples
    --------
    >>> funnel = funnel_of_means([50, 60], [100, 100], 20.0)
    >>> round(limits_at(funnel, [100], 20.0)[0].low95, 4)
    51.0801
    """
    all_of = as_numbers(sizes, "sizes", above=0)
    if sd is None:
        scale = _Scale(float(np.arcsin(np.sqrt(funnel.target))), 1 / (2 * np.sqrt(all_of)), angles=True)
    else:
        spread = float(as_numbers([sd], "sd", above=0)[0])
        scale = _Scale(funnel.target, spread / np.sqrt(all_of), angles=False)
    between = math.sqrt(funnel.tau2 or 0.0)
    return tuple(_band(scale, float(np.hypot(error, between))) for error in scale.errors)


def over_dispersion(z: Numbers, errors: Numbers, trim: float) -> tuple[float, float | None]:
    """Estimate how much more places differ than chance would have it.

    Parameters
    ----------
    z, errors : array of shape (K,)
        Each place's distance from the target in standard errors, and those errors.
    trim : float
        Share of places pulled in at each end before (winsorised at R's type 7 quantiles), 0 to under 0.5.

    Returns
    -------
    tuple of float and float or None
        phi, and the variance between places in squared units of the errors, None for one place.

    Raises
    ------
    BadSampleError
        For a trim outside its bounds.

    References
    ----------
    Spiegelhalter DJ (2005). Stat Med 24:1185-1202, section 3. Hyndman RJ, Fan Y (1996). Am Stat 50:361-365.
    """
    if not 0 <= trim < 0.5:
        message = f"trim {trim}: expected a share from 0 to under 0.5"
        raise BadSampleError(message)
    k = len(z)
    low, high = np.quantile(z, [trim, 1 - trim])
    phi = float((np.clip(z, low, high) ** 2).mean())
    if k < 2:
        return phi, None
    if k * phi < k - 1:
        return phi, 0.0
    w = errors**-2
    return phi, float((k * phi - (k - 1)) / (w.sum() - (w**2).sum() / w.sum()))


def _funnel(values: Numbers, sizes: Numbers, scale: _Scale, rules: FunnelRules) -> Funnel:
    found = np.arcsin(np.sqrt(values)) if scale.angles else values
    z = (found - scale.target) / scale.errors
    wide = rules.adjust and len(values) >= rules.fewest_places
    phi, tau2 = over_dispersion(z, scale.errors, rules.trim) if wide else (0.0, 0.0)
    places = []
    for value, distance, error, size in zip(values, z, scale.errors, sizes, strict=True):
        judged = size >= rules.fewest_answers
        plain = _band(scale, error) if judged else None
        adjusted = _band(scale, np.hypot(error, math.sqrt(tau2))) if judged and tau2 is not None else None
        outlier = _outside(float(value), adjusted, rules.width)
        places.append(FunnelPlace(float(value), float(distance), plain, adjusted, outlier))
    target = float(np.sin(scale.target) ** 2) if scale.angles else scale.target
    return Funnel(target, phi, tau2, tuple(places))


def _band(scale: _Scale, error: float) -> Band:
    ends = np.array([scale.target + z * error for z in (-Z95, Z95, -Z998, Z998)])
    if scale.angles:
        ends = np.sin(np.clip(ends, 0, np.pi / 2)) ** 2
    return Band(*(float(end) for end in ends))


def _outside(value: float, band: Band | None, width: Width) -> bool | None:
    if band is None:
        return None
    if width is Width.NARROW:
        return not band.low95 <= value <= band.high95
    return not band.low998 <= value <= band.high998
