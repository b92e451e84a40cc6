"""Who may open an address: every view says so, and what says nothing is closed to all."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """The circles of people an address may be open to."""

    ANYONE = "anyone"
    RESPONDENT = "respondent"  # holds a survey token; the view proves it
    PROVIDER = "provider"  # signs its requests; the view proves it
    STAFF = "staff"  # everybody with a role: their own account, nothing else
    READER = "reader"  # released figures, and what people make of them
    LEAD = "lead"
    OFFICER = "officer"
    TEAM_LEADER = "team_leader"
    RESPONDER = "responder"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    TOKEN = "token"  # noqa: S105 - a circle; its door proves the token
    DEVELOPMENT = "development"  # nobody in production


def who_may(*circles: Who) -> Callable[[View], View]:
    """Mark a view with the circles of people that may open it."""
    if not circles:
        raise ValueError("who_may expects at least one circle of people, even if it is Who.ANYONE")

    def mark(view: View) -> View:
        view.who_may = circles  # type: ignore[attr-defined]
        return view

    return mark


def circles_of(app: Flask, endpoint: str) -> tuple[Who, ...]:
    """Tell who may open an endpoint; nobody, where its view says nothing."""
    view = app.view_functions.get(endpoint)
    circles: tuple[Who, ...] = getattr(view, "who_may", ())
    return circles
