"""The estimation methods a batch may ask for, each safe against numbers no computer can hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from survey_app.stats.cases import BadCaseError
from survey_app.stats.comparison_cases import funnel_case, propdiff_case
from survey_app.stats.scale_cases import agreement_case, alpha_case
from survey_app.stats.weight_cases import rake_case

Method = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def _guarded(method: Method, params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return method(params, given)
    except ArithmeticError as fault:
        message = f"numbers too large or too close to compute with: {fault}"
        raise BadCaseError(message) from fault


ESTIMATES: dict[str, Method] = {
    "agreement": partial(_guarded, agreement_case),
    "alpha": partial(_guarded, alpha_case),
    "funnel": partial(_guarded, funnel_case),
    "propdiff": partial(_guarded, propdiff_case),
    "rake": partial(_guarded, rake_case),
}
