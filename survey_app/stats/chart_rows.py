"""Reading a case of a run chart or control chart: its points in order, and its options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from survey_app.stats.cases import BadCaseError, day_of, number_of, whole_of
from survey_app.stats.limits import check_series
from survey_app.stats.runs import RunMethod


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the document, in order; a missing number, or no answers, is a gap."""

    x: float | str
    value: float | None
    n: float | None
    part: int
    included: bool
    baseline: bool


@dataclass(frozen=True, slots=True)
class Options:
    """What a case may ask for, read."""

    parts: tuple[int, ...]
    freeze: int | None
    excluded: frozenset[int]
    centre: float | None
    method: RunMethod
    multiply: float
    screen: bool


def options_of(params: dict[str, Any]) -> Options:
    """Read the options that run charts and control charts share.

    Parameters
    ----------
    params : dict
        ``part``, ``freeze``, ``exclude``, ``cl``, ``method``, ``multiply``, ``screened_mr``.

    Returns
    -------
    Options
        With the peer's defaults where left out.

    Raises
    ------
    BadCaseError
        For malformed ones.
    """
    method = params.get("method") or RunMethod.ANHOEJ.value
    if method not in list(RunMethod):
        message = f"method {method!r}: expected one of {', '.join(RunMethod)}"
        raise BadCaseError(message)
    centre = params.get("cl")
    multiply = number_of(params.get("multiply", 1), "multiply")
    if not multiply:
        message = "multiply is 0: expected any other number"
        raise BadCaseError(message)
    return Options(
        parts=tuple(_places(params.get("part"), "part")),
        freeze=whole_of(params.get("freeze"), "freeze"),
        excluded=frozenset(_places(params.get("exclude"), "exclude")),
        centre=None if centre is None else number_of(centre, "cl"),
        method=RunMethod(method),
        multiply=multiply,
        screen=bool(params.get("screened_mr", True)),
    )


def _places(value: object, name: str) -> list[int]:
    if not isinstance(value, list | None):
        message = f"{name} is {value!r}: expected a list of points, counted from 1"
        raise BadCaseError(message)
    return [place for item in value or [] if (place := whole_of(item, name)) is not None]


def rows_of(given: dict[str, Any], options: Options) -> list[Row]:
    """Read the points of a case.

    Parameters
    ----------
    given : dict
        ``y``, and perhaps ``x`` and ``n``, of one length.
    options : Options
        Parts, freeze and exclusions, which count along ``x``.

    Returns
    -------
    list of Row
        In order of ``x``; value is y / n where n is given.

    Raises
    ------
    BadCaseError
        For lists of different length, and for an x that stands twice or is no number or day.
    """
    values, sizes = _column(given, "y"), _column(given, "n")
    if not values or len(sizes or values) != len(values):
        message = "expected lists y and, for shares, n of one length, not empty"
        raise BadCaseError(message)
    pairs = [_figure(y, n) for y, n in zip(values, sizes or [1.0] * len(values), strict=True)]
    check_series([value for value, _ in pairs])
    order = _order(given.get("x"), len(values))
    parts = [end for end in sorted(set(options.parts)) if 0 < end < len(values)]
    freeze = None if parts else options.freeze  # as the peer has it: a freeze and parts exclude each other
    return [
        Row(
            x=x,
            value=pairs[row][0],
            n=pairs[row][1] if sizes else None,
            part=1 + sum(place > end for end in parts),
            included=place not in options.excluded,
            baseline=freeze is None or place <= freeze,
        )
        for place, (x, row) in enumerate(order, start=1)
    ]


def _column(given: dict[str, Any], name: str) -> list[float | None] | None:
    column = given.get(name)
    if column is None:
        return None
    if not isinstance(column, list):
        message = f"{name}: expected a list"
        raise BadCaseError(message)
    return [None if value is None else number_of(value, name) for value in column]


def _figure(y: float | None, n: float | None) -> tuple[float | None, float | None]:
    if y is None or not n:
        return None, n
    if n < 0:
        message = f"n is {n}: expected a number of answers"
        raise BadCaseError(message)
    return y / n, n


def _order(places: object, n: int) -> list[tuple[float | str, int]]:
    # Rows may come in any order: parts, freezes and exclusions count along x.
    if places is None:
        return [(place, place - 1) for place in range(1, n + 1)]
    if not isinstance(places, list) or len(places) != n:
        message = "x: expected one number or day for each y"
        raise BadCaseError(message)
    keys: list[tuple[date | float, float | str, int]] = [
        (day_of(x) if isinstance(x, str) else number_of(x, "x"), x, row) for row, x in enumerate(places)
    ]
    if len({type(key) is date for key, _, _ in keys}) > 1 or len({key for key, _, _ in keys}) < n:
        message = "x: expected numbers alone or days alone, each once"
        raise BadCaseError(message)
    return [(x, row) for _, x, row in sorted(keys, key=lambda key: (key[0], key[2]))]
