"""Funnels and differences of shares as documents, with the field names FunnelPlotR and DescTools use."""

from __future__ import annotations

from typing import Any

from survey_app.stats.cases import BadCaseError, list_of, number_of
from survey_app.stats.differences import newcombe
from survey_app.stats.funnel import Band, FunnelPlace, FunnelRules, Width, funnel_of_shares


def propdiff_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Compute the difference of two shares.

    Parameters
    ----------
    params : dict
        ``conf_level``, 0.95 where left out.
    given : dict
        ``x1`` of ``n1`` and ``x2`` of ``n2``.

    Returns
    -------
    dict
        ``diff``, ``newcombe_lower``, ``newcombe_upper``: first share minus second.

    Raises
    ------
    BadCaseError
        For missing numbers and for an empty group.
    """
    x1, n1, x2, n2 = (number_of(given.get(name), name) for name in ("x1", "n1", "x2", "n2"))
    interval = newcombe(x1, n1, x2, n2, number_of(params.get("conf_level", 0.95), "conf_level"))
    if interval is None:
        message = "n1 or n2 is 0: expected at least one answer in each group"
        raise BadCaseError(message)
    return {"diff": interval.estimate, "newcombe_lower": interval.low, "newcombe_upper": interval.high}


def funnel_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Compare the shares of places, however few or small: a document asks for what it wants.

    Parameters
    ----------
    params : dict
        ``data_type`` PR, ``trim_by`` (0.1), ``limit`` (95 or 99, which means 99.8), ``draw_adjusted`` (true),
        ``multiplier`` (1).
    given : dict
        ``group``, ``numerator``, ``denominator``, a place each.

    Returns
    -------
    dict
        ``target`` (a share), ``phi``, ``tau2`` (null for one place) and ``groups``, in order; limits are
        multiplied, ``rr`` stays a share.

    Raises
    ------
    BadCaseError
        For other data types, and for what cannot be read.
    """
    if params.get("data_type") != "PR":
        message = f"data_type {params.get('data_type')}: expected PR, shares of people"
        raise BadCaseError(message)
    groups = list_of(given.get("group"), "group")
    counts, sizes = _counts(given, "numerator"), _counts(given, "denominator")
    if not groups or not len(groups) == len(counts) == len(sizes):
        message = "expected lists group, numerator and denominator of one length, not empty"
        raise BadCaseError(message)
    funnel = funnel_of_shares(counts, sizes, _rules(params))
    if funnel is None:
        message = "expected at least one place"
        raise BadCaseError(message)
    unit = number_of(params.get("multiplier", 1), "multiplier")
    rows = zip(groups, counts, sizes, funnel.places, strict=True)
    return {
        "target": funnel.target,
        "phi": funnel.phi,
        "tau2": funnel.tau2,
        "groups": [
            {"group": group, "numerator": count, "denominator": size, **_place(place, unit)}
            for group, count, size, place in rows
        ],
    }


def _counts(given: dict[str, Any], name: str) -> list[float]:
    return [number_of(value, name) for value in list_of(given.get(name), name)]


def _rules(params: dict[str, Any]) -> FunnelRules:
    limit = params.get("limit", 99)
    if limit not in (95, 99):
        message = f"limit {limit}: expected 95 or 99"
        raise BadCaseError(message)
    return FunnelRules(
        trim=number_of(params.get("trim_by", 0.1), "trim_by"),
        width=Width(limit),
        adjust=params.get("draw_adjusted", True) is not False,
        fewest_places=1,
        fewest_answers=0,
    )


def _place(place: FunnelPlace, unit: float) -> dict[str, Any]:
    return {
        "rr": place.value,
        "Uzscore": place.z,
        **_limits(("OD95LCL", "OD95UCL", "OD99LCL", "OD99UCL"), place.adjusted, unit),
        **_limits(("LCL95", "UCL95", "LCL99", "UCL99"), place.plain, unit),
        "outlier": None if place.outlier is None else int(place.outlier),
    }


def _limits(names: tuple[str, ...], band: Band | None, unit: float) -> dict[str, float | None]:
    if band is None:
        return dict.fromkeys(names)
    ends = (band.low95, band.high95, band.low998, band.high998)
    return {name: end * unit for name, end in zip(names, ends, strict=True)}
