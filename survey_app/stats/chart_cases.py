"""Run charts and control charts as documents, with the field names qicharts2 uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

from survey_app.stats.cases import BadCaseError
from survey_app.stats.chart_rows import Options, Row, options_of, rows_of
from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import Limits, Lines, outside
from survey_app.stats.processes import MOVING_RANGE_BIAS, Manner, Process, fit
from survey_app.stats.runs import RunsTest, runs_test

KINDS = {
    "i": ChartKind.XMR,
    "ip": ChartKind.I_PRIME,
    "p": ChartKind.P,
    "pp": ChartKind.P_PRIME,
    "u": ChartKind.U,
    "up": ChartKind.U_PRIME,
}


def runchart_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Chart one series around its median and judge its runs.

    Parameters
    ----------
    params : dict
        ``part`` (last points of parts), ``freeze``, ``exclude`` (points, from 1), ``cl``, ``method``
        (anhoej, bestbox, cutbox), ``multiply``; all may be left out.
    given : dict
        ``x`` (numbers or ISO days, in any order, may be left out), ``y`` (numbers or null), ``n`` (as for
        a share, or left out).

    Returns
    -------
    dict
        ``points``, in order of ``x``, and ``summary``, a row a part.

    Raises
    ------
    BadCaseError
        For missing, doubled or malformed numbers and options.
    """
    options = options_of(params)

    def centre(rows: list[Row]) -> Process | None:
        values = [row.value for row in _base(rows) if row.value is not None]
        return Process(float(median(values)), None) if values else None

    return _charted(rows_of(given, options), options, centre)


def controlchart_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Chart one series with limits that do, or do not, weigh how many answered.

    Parameters
    ----------
    params : dict
        ``chart``: i, ip, p, pp, u or up; ``screened_mr`` (default true); the rest as for `runchart_case`.
    given : dict
        ``x``, ``y`` and ``n``: value is y / n where n is given.

    Returns
    -------
    dict
        ``points`` with limits, and ``summary``, a row a part.

    Raises
    ------
    BadCaseError
        For a chart nobody knows, and as for `runchart_case`.
    """
    name = params.get("chart")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        message = f"chart {name!r}: expected one of {', '.join(KINDS)}"
        raise BadCaseError(message)
    if kind.weighs and given.get("n") is None:
        message = f"n: expected a list, because the limits of a {name} chart depend on it"
        raise BadCaseError(message)
    options = options_of(params)
    manner = Manner(screen=options.screen, xmr_factor=1 / MOVING_RANGE_BIAS)

    def process(rows: list[Row]) -> Process | None:
        found = _fitted(kind, _base(rows), manner)
        if kind is not ChartKind.I_PRIME or found is None:
            return found
        # The peer freezes the centre of this chart, and takes its spread from all points.
        free = _fitted(kind, [row for row in rows if row.included], manner)
        return replace(found, sigma=free.sigma if free else None)

    return _charted(rows_of(given, options), options, process)


def _base(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.baseline and row.included]


def _fitted(kind: ChartKind, rows: list[Row], manner: Manner) -> Process | None:
    sizes = [row.n for row in rows] if kind.weighs else None
    return fit(kind, [row.value for row in rows], sizes, manner)


def _charted(
    rows: list[Row], options: Options, process_of: Callable[[list[Row]], Process | None]
) -> dict[str, Any]:
    points: list[dict[str, Any]] = []
    summary = []
    for part in sorted({row.part for row in rows}):
        inside = [row for row in rows if row.part == part]
        process = process_of(inside)
        if process is not None and options.centre is not None:
            process = replace(process, centre=options.centre / options.multiply)
        lines = [_line(row, process) for row in inside]
        points += [_point(row, line, options) for row, line in zip(inside, lines, strict=True)]
        signals = sum(point["sigma_signal"] for point in points[-len(inside) :])
        summary.append(_summary(inside, process, options) | {"part": part, "sigma_signals": signals})
    return {"points": points, "summary": summary}


def _line(row: Row, process: Process | None) -> Lines | None:
    if process is None or not process.weighs:
        return process.lines_at(1) if process else None
    return process.lines_at(row.n) if row.n and row.value is not None else Lines(process.centre, None)


def _point(row: Row, line: Lines | None, options: Options) -> dict[str, Any]:
    limits = _limits(line)
    signal = (
        row.value is not None and limits is not None and outside(row.value, limits.lower, limits.upper) != 0
    )

    def shown(value: float | None) -> float | None:
        return None if value is None else value * options.multiply

    return {
        "x": row.x,
        "y": shown(row.value),
        "n": row.n,
        "part": row.part,
        "include": row.included,
        "baseline": row.baseline,
        "cl": shown(line.centre if line else None),
        "lcl": shown(limits.lower if limits else None),
        "ucl": shown(limits.upper if limits else None),
        "lcl95": shown(limits.near_lower if limits else None),
        "ucl95": shown(limits.near_upper if limits else None),
        "sigma_signal": signal,
    }


def _limits(line: Lines | None) -> Limits | None:
    if line is None or line.limits is None or line.limits.lower == line.limits.upper:
        return None
    return line.limits


def _summary(rows: list[Row], process: Process | None, options: Options) -> dict[str, Any]:
    values = [row.value for row in rows if row.included]
    nothing = RunsTest(0, None, None, None, None, signal=False)
    found = runs_test(values, process.centre, method=options.method) if process else nothing
    return {
        "n_obs": len(values),
        "n_useful": found.n_useful,
        "longest_run": found.longest_run,
        "longest_run_max": found.longest_run_max,
        "n_crossings": found.n_crossings,
        "n_crossings_min": found.n_crossings_min,
        "runs_signal": found.signal,
    }
