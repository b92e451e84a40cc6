"""Reliability of scales and agreement of teams as documents, with the field names of psych and multilevel."""

from __future__ import annotations

from typing import Any

from survey_app.stats.agreement import Agreement, team_agreement, uniform_variance
from survey_app.stats.alpha import cronbach_alpha, standardised_alpha
from survey_app.stats.cases import BadCaseError, label_of, list_of, number_of
from survey_app.stats.icc import TeamVariance, team_variance
from survey_app.stats.omega import mcdonald_omega
from survey_app.stats.samples import as_answers, complete_rows

Row = list[float | None]


def alpha_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Compute alpha of one scale.

    Parameters
    ----------
    params : dict
        ``check.keys``: whether items that run against the others are turned for the standardised alpha.
    given : dict
        ``rows``: people by items, null where an answer is missing.

    Returns
    -------
    dict
        ``multilevel_cronbach_alpha`` and ``_n`` of complete rows, ``feldt_ci`` (``lower``, ``upper``),
        ``psych_std_alpha`` (null where one is missing), ``mcdonald_omega``, ``items_against`` (columns).

    Raises
    ------
    BadCaseError
        For rows that cannot be read or give no alpha.
    """
    rows = _rows(given)
    found = cronbach_alpha(rows)
    if found is None:
        message = "expected two items, two people who answered all of them, and sums that vary"
        raise BadCaseError(message)
    answers = as_answers(rows)
    turned = (
        standardised_alpha(answers, turn=True) if params.get("check.keys") is True else found.standardised
    )
    return {
        "multilevel_cronbach_alpha": found.alpha,
        "multilevel_cronbach_n": found.n,
        "feldt_ci": {"lower": found.low, "upper": found.high},
        "psych_std_alpha": turned if len(complete_rows(answers)) == len(answers) else None,
        "mcdonald_omega": mcdonald_omega(answers),
        "items_against": list(found.against),
    }


def agreement_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Compute the agreement of each team and how far teams differ.

    Parameters
    ----------
    params : dict
        ``ranvar_uniform``, or ``response_levels`` to work it out from.
    given : dict
        ``team`` (a name each person) and ``rows`` (people by items, null where an answer is missing).

    Returns
    -------
    dict
        ``rwg_j``: a row a team that has a complete answer, by name; ``icc_anova``: ``scale_mean``, over
        complete answers. Null where a figure does not exist.

    Raises
    ------
    BadCaseError
        For teams, rows or options that cannot be read.
    """
    rows, named = _rows(given), list_of(given.get("team"), "team")
    teams = [label_of(team, "team") for team in named]
    if len(teams) != len(rows):
        message = "team: expected a name for each row"
        raise BadCaseError(message)
    complete: dict[str, list[Row]] = {}
    for team, row in zip(teams, rows, strict=True):
        if row and None not in row:
            complete.setdefault(team, []).append(row)
    null = _null_variance(params)
    means = [as_answers(complete[team]).mean(axis=1) for team in sorted(complete)]
    return {
        "rwg_j": [
            {"team": team, **_agreement(team_agreement(complete[team], null)), "n": len(complete[team])}
            for team in sorted(complete)
        ],
        "icc_anova": {"scale_mean": _variance(team_variance(means))},
    }


def _rows(given: dict[str, Any]) -> list[Row]:
    rows = [list_of(row, "row") for row in list_of(given.get("rows"), "rows")]
    if len({len(row) for row in rows}) > 1:
        message = "rows: expected one length for all"
        raise BadCaseError(message)
    return [[None if value is None else number_of(value, "answer") for value in row] for row in rows]


def _null_variance(params: dict[str, Any]) -> float:
    variance = params.get("ranvar_uniform")
    if variance is not None:
        return number_of(variance, "ranvar_uniform")
    return uniform_variance(number_of(params.get("response_levels"), "response_levels"))


def _agreement(found: Agreement | None) -> dict[str, float | None]:
    return {
        "rwg_j": found.rwg_j if found else None,
        "rwg_j_lindell": found.rwg_star if found else None,
        "ad_m": found.ad_m if found else None,
    }


def _variance(found: TeamVariance | None) -> dict[str, float | None]:
    return {
        "icc1": found.icc1 if found else None,
        "icc2": found.icc2 if found else None,
        "msb": found.between if found else None,
        "msw": found.within if found else None,
        "icc1_m0": found.icc1_unequal if found else None,
        "m0": found.m0 if found else None,
    }
