"""Raking and post-stratification as documents, with the field names the survey package uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from survey_app.stats.cases import BadCaseError, label_of, list_of, number_of, whole_of
from survey_app.stats.kish import weight_cost
from survey_app.stats.raking import Margin, Raked, rake, read_margin, totals_agree
from survey_app.stats.weighted_means import weighted_mean

BEYOND = ("strata", "cluster", "bounds", "trim")
MOST_ROUNDS = 100_000


def rake_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Weight one set of answers to a population.

    Parameters
    ----------
    params : dict
        ``method`` (rake or poststratify), ``margins`` (variables, in order), ``population`` (people in each
        category of each), ``control`` (``maxit``, ``epsilon``), ``fpc`` (people, for standard errors).
    given : dict
        Each variable's categories, ``base_weight`` (1 where left out), and answers ``y1`` and ``y2``.

    Returns
    -------
    dict
        ``weights``, ``sum_weights``, ``kish_deff``, ``kish_neff``; ``y1`` and ``y2`` with ``mean`` and ``se``
        (null where an answer is missing); ``converged``; ``totals_agree``: where false, the last margin won.

    Raises
    ------
    BadCaseError
        For other methods and designs, and for what cannot be read.
    """
    _check_design(params)
    margins = _margins(params, given)
    n = len(margins[0].codes)
    raked = _raked(params, margins, _base(given, n))
    cost = weight_cost(raked.weights)
    population = _people(params.get("fpc"))
    return {
        "weights": raked.weights.tolist(),
        "sum_weights": float(raked.weights.sum()),
        "kish_deff": cost.design_effect if cost else None,
        "kish_neff": cost.effective if cost else None,
        "converged": raked.settled,
        "totals_agree": totals_agree(margins),
        **{name: _mean(given.get(name), raked, population) for name in ("y1", "y2")},
    }


def _check_design(params: dict[str, Any]) -> None:
    method = params.get("method")
    if method not in ("rake", "poststratify"):
        message = f"method {method}: expected rake or poststratify"
        raise BadCaseError(message)
    if asked := [name for name in BEYOND if params.get(name)]:
        message = f"{', '.join(asked)}: expected a simple random sample without bounds or trimming"
        raise BadCaseError(message)


def _margins(params: dict[str, Any], given: dict[str, Any]) -> list[Margin]:
    names, population = list_of(params.get("margins"), "margins"), params.get("population")
    if not names or not isinstance(population, dict):
        message = "expected margins and their population"
        raise BadCaseError(message)
    if params.get("method") == "poststratify" and len(names) > 1:
        message = "poststratify: expected one margin; cross the variables first"
        raise BadCaseError(message)
    return [_margin(str(name), given, population) for name in names]


def _margin(name: str, given: dict[str, Any], population: dict[str, Any]) -> Margin:
    named, targets = list_of(given.get(name), name), population.get(name)
    if not named:
        message = f"{name}: expected a category for each answer"
        raise BadCaseError(message)
    categories = [None if category is None else label_of(category, name) for category in named]
    if not isinstance(targets, dict):
        message = f"population of {name}: expected people in each category"
        raise BadCaseError(message)
    people = {category: number_of(total, f"{name} {category}") for category, total in targets.items()}
    return read_margin(name, categories, people)


def _base(given: dict[str, Any], n: int) -> list[float]:
    base = given.get("base_weight")
    return (
        [1.0] * n
        if base is None
        else [number_of(weight, "base_weight") for weight in list_of(base, "base_weight")]
    )


def _raked(params: dict[str, Any], margins: list[Margin], base: list[float]) -> Raked:
    if params["method"] == "poststratify":
        return replace(rake(margins, base, rounds=1), settled=True)
    control = params.get("control") or {}
    if not isinstance(control, dict):
        message = "control: expected maxit and epsilon"
        raise BadCaseError(message)
    rounds = whole_of(control.get("maxit", 10), "maxit") or 0
    if not 1 <= rounds <= MOST_ROUNDS:
        message = f"maxit {rounds}: expected 1 to {MOST_ROUNDS}"
        raise BadCaseError(message)
    return rake(margins, base, rounds, number_of(control.get("epsilon", 1), "epsilon"))


def _people(fpc: object) -> float | None:
    if fpc is None:
        return None
    sizes = {number_of(size, "fpc") for size in (fpc if isinstance(fpc, list) else [fpc])}
    if len(sizes) != 1:
        message = "fpc: expected one size of the population"
        raise BadCaseError(message)
    return sizes.pop()


def _mean(answers: object, raked: Raked, people: float | None) -> dict[str, Any]:
    values = list_of(answers, "y")
    if not values or None in values:
        return {"mean": None, "se": None}
    found = weighted_mean([number_of(value, "y") for value in values], raked.weights, raked.fits, people)
    return {"mean": found.mean if found else None, "se": found.se if found else None}
