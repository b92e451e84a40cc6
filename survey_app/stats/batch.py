"""Many cases at once, as documents: the analyst's and the checker's way into the statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from survey_app.stats.cases import BadCaseError, number_of
from survey_app.stats.chart_cases import controlchart_case, runchart_case
from survey_app.stats.estimates import ESTIMATES
from survey_app.stats.intervals import wilson
from survey_app.stats.xmr_cases import xmr_case

Case = Mapping[str, Any]


class BadDocumentError(ValueError):
    """A document that is no list of cases, or a method nobody knows."""


def wilson_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Compute one Wilson interval.

    Parameters
    ----------
    params : dict
        ``conf_level``, 0.95 where left out.
    given : dict
        ``x`` of ``n``.

    Returns
    -------
    dict
        ``estimate``, ``wilson_lower``, ``wilson_upper``: shares.

    Raises
    ------
    BadCaseError
        For missing numbers and for n of 0.
    """
    x, n = number_of(given.get("x"), "x"), number_of(given.get("n"), "n")
    interval = wilson(x, n, number_of(params.get("conf_level", 0.95), "conf_level"))
    if interval is None:
        message = "n is 0: expected at least one answer"
        raise BadCaseError(message)
    return {"estimate": interval.estimate, "wilson_lower": interval.low, "wilson_upper": interval.high}


METHODS: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "xmr": xmr_case,
    "runchart": runchart_case,
    "controlchart": controlchart_case,
    "wilson": wilson_case,
    **ESTIMATES,
}


def run_batch(method: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Compute every case of a document.

    Parameters
    ----------
    method : str
        A key of `METHODS`.
    document : mapping
        ``cases``: a list of ``id``, ``params``, ``input``.

    Returns
    -------
    dict
        ``cases``, in order, each with ``id`` and either ``result`` or ``error``.

    Raises
    ------
    BadDocumentError
        For an unknown method, or a document without a list of cases.

    Examples
    --------
    >>> case = {"id": "a", "params": {}, "input": {"x": 5, "n": 0}}
    >>> run_batch("wilson", {"cases": [case]})["cases"][0]["error"]
    '5 of 0: expected a count between 0 and the number it is out of'
    """
    if method not in METHODS:
        message = f"method {method}: expected one of {', '.join(sorted(METHODS))}"
        raise BadDocumentError(message)
    cases = document.get("cases") if isinstance(document, Mapping) else None
    if not isinstance(cases, list) or not all(isinstance(case, Mapping) for case in cases):
        message = 'expected a document {"cases": [{"id", "params", "input"}]}'
        raise BadDocumentError(message)
    return {"cases": [_run_case(method, case) for case in cases]}


def _run_case(method: str, case: Case) -> dict[str, Any]:
    try:
        result = METHODS[method](_object(case, "params"), _object(case, "input"))
    except (ValueError, OverflowError) as fault:
        return {"id": case.get("id"), "error": str(fault)}
    return {"id": case.get("id"), "result": result}


def _object(case: Case, name: str) -> dict[str, Any]:
    found = case.get(name) or {}
    if not isinstance(found, dict):
        message = f"{name}: expected an object"
        raise BadCaseError(message)
    return found
