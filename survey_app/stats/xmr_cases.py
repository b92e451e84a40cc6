"""XmR charts as documents, with the field names NHSRplotthedots uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from survey_app.stats.cases import BadCaseError, day_of, list_of, number_of, whole_of
from survey_app.stats.charting import control_chart
from survey_app.stats.charts import Chart, ChartPoint
from survey_app.stats.presets import PRESETS, Rules
from survey_app.stats.signals import SignalKind
from survey_app.stats.variation import Direction, assurance, point_states, variation_icon

POINT_TYPES = {
    state: f"special_cause_{state}" for state in ("improvement", "concern", "neutral_high", "neutral_low")
}


def xmr_case(params: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Chart one series under the parity preset, or the preset the case names.

    Parameters
    ----------
    params : dict
        ``rebase`` (dates), ``fix_after_n_points``, ``screen_outliers``, ``icons`` (a list of
        ``improvement_direction`` and ``target``), ``preset`` (default nhsr); all may be left out.
    given : dict
        ``date`` (ISO days, in any order) and ``value`` (numbers or null), of one length.

    Returns
    -------
    dict
        ``points``, sorted by date, and ``icons``, in the order asked for.

    Raises
    ------
    BadCaseError
        For missing, doubled or malformed dates, values, options or icons.
    """
    days, values = _sorted_series(given)
    rebases = {day_of(text) for text in list_of(params.get("rebase"), "rebase")}
    chart = control_chart(
        values,
        rules=_rules(params),
        rebases=[row for row, day in enumerate(days) if day in rebases],
        baseline=whole_of(params.get("fix_after_n_points"), "fix_after_n_points"),
    )
    return {"points": _point_rows(chart, days), "icons": [_icon(chart, icon) for icon in _icons(params)]}


def _sorted_series(given: dict[str, Any]) -> tuple[list[date], list[float | None]]:
    days, values = given.get("date"), given.get("value")
    if not isinstance(days, list) or not isinstance(values, list) or len(days) != len(values) or not days:
        message = "expected lists date and value of one length, not empty"
        raise BadCaseError(message)
    read = [day_of(text) for text in days]
    if len(set(read)) < len(read):
        message = "a date stands twice: expected one value a date"
        raise BadCaseError(message)
    numbers = [None if value is None else number_of(value, "value") for value in values]
    by_day = dict(zip(read, numbers, strict=True))
    return sorted(by_day), [by_day[day] for day in sorted(by_day)]


def _rules(params: dict[str, Any]) -> Rules:
    name = str(params.get("preset", "nhsr"))
    if name not in PRESETS:
        message = f"preset {name}: expected one of {', '.join(PRESETS)}"
        raise BadCaseError(message)
    screen = params.get("screen_outliers")
    rules = PRESETS[name]
    return rules if screen is None else replace(rules, screen_outliers=bool(screen))


def _point_rows(chart: Chart, days: list[date]) -> list[dict[str, Any]]:
    rows = [_point_row(point, day) for point, day in zip(chart.points, days, strict=True)]
    for direction in Direction:
        for row, state in zip(rows, point_states(chart, direction), strict=True):
            row[f"point_type_{direction.value}"] = POINT_TYPES.get(state.value, state.value)
    return rows


def _point_row(point: ChartPoint, day: date) -> dict[str, Any]:
    limits = point.limits
    return {
        "date": day.isoformat(),
        "y": point.value,
        "rebase_group": point.segment,
        "mean": point.centre,
        "lpl": limits.lower if limits else None,
        "upl": limits.upper if limits else None,
        "nlpl": limits.near_lower if limits else None,
        "nupl": limits.near_upper if limits else None,
        "outside_limits": point.outside,
        "relative_to_mean": point.side,
        "special_cause_type": _cause(point),
        "special_cause_flag": bool(point.signals),
    }


def _cause(point: ChartPoint) -> str:
    if not point.signals:
        return "Common Cause"
    high = point.signals[0].side.value == "high"
    names = {
        SignalKind.ASTRONOMICAL: ("Above UCL", "Below LCL"),
        SignalKind.TREND: ("7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"),
        SignalKind.TWO_OF_THREE: ("2 in 3 Above CL", "2 in 3 Below CL"),
        SignalKind.SHIFT: ("7 Points Above CL", "7 Points Below CL"),
    }
    return names[point.signals[0].kind][0 if high else 1]


def _icons(params: dict[str, Any]) -> list[dict[str, Any]]:
    icons = list_of(params.get("icons"), "icons")
    if not all(isinstance(icon, dict) for icon in icons):
        message = "icons: expected a list of improvement_direction and target"
        raise BadCaseError(message)
    return icons


def _icon(chart: Chart, icon: dict[str, Any]) -> dict[str, Any]:
    name, target = icon.get("improvement_direction"), icon.get("target")
    if name not in list(Direction):
        message = f"improvement_direction {name}: expected increase, decrease or neutral"
        raise BadCaseError(message)
    direction = Direction(name)
    limit = None if target is None else number_of(target, "target")
    shown, promised = variation_icon(chart, direction), assurance(chart, limit, direction)
    return {
        "improvement_direction": name,
        "target": target,
        "variation_icon": shown.value if shown else None,
        "assurance_icon": promised.value if promised else None,
    }
