"""The gate before every staff page: signed in, in the role its mark asks for, posting a form of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from survey_app.accounts.audit.trail import Deed, write
from survey_app.accounts.scope import READING, SignedIn, has_role, only
from survey_app.accounts.sign_in import SEEN_EVERY, touch, who_and_since
from survey_app.accounts.tables import Role
from survey_app.accounts.tries.tries import Tries
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.settings import Settings
from survey_app.show.pages.accounts.cookies import SessionCookie, csrf_fits, csrf_of
from survey_app.web.access import View, Who, circles_of

ROLES: Mapping[Who, frozenset[Role]] = MappingProxyType(
    {
        Who.STAFF: frozenset(Role),
        Who.READER: READING,
        Who.LEAD: frozenset({Role.LEAD, Role.ADMINISTRATOR}),
        Who.OFFICER: frozenset({Role.SURVEY_OFFICER, Role.ADMINISTRATOR}),
        Who.TEAM_LEADER: frozenset({Role.TEAM_LEADER, Role.ADMINISTRATOR}),
        Who.RESPONDER: frozenset({Role.RESPONDER, Role.LEAD, Role.SURVEY_OFFICER, Role.ADMINISTRATOR}),
        Who.ANALYST: frozenset({Role.ANALYST, Role.LEAD, Role.ADMINISTRATOR}),
        Who.AUDITOR: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
        Who.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
    }
)
PAGES = (
    ("/dashboard", "This week", Who.READER),
    ("/dashboard/model", "Logic model", Who.READER),
    ("/dashboard/actions", "Actions", Who.READER),
    ("/dashboard/scorecards", "Scorecards", Who.READER),
    ("/teams", "Team climate", Who.TEAM_LEADER),
    ("/workspace", "Surveys", Who.OFFICER),
    ("/workspace/library", "Questions", Who.OFFICER),
    ("/workspace/library", "Questions", Who.LEAD),
    ("/workspace/library", "Questions", Who.ANALYST),
    ("/workspace/delivery", "Delivery", Who.OFFICER),
    ("/workspace/people", "People", Who.OFFICER),
    ("/workspace/groups", "Groups", Who.OFFICER),
    ("/workspace/records", "Records", Who.OFFICER),
    ("/workspace/panels", "Panels", Who.OFFICER),
    ("/workspace/paper", "Paper forms", Who.OFFICER),
    ("/workspace/paper", "Paper forms", Who.LEAD),
    ("/workspace/teams", "Teams", Who.OFFICER),
    ("/workspace/teams", "Teams", Who.TEAM_LEADER),
    ("/workspace/call-backs", "Calls", Who.OFFICER),
    ("/workspace/alerts", "Alerts", Who.RESPONDER),
    ("/workspace/places", "Places", Who.ADMINISTRATOR),
    ("/workspace/staff", "Staff", Who.LEAD),
    ("/workspace/audit", "Audit", Who.AUDITOR),
)
DESK = "Workspace"
"""The first line of navigation has one entry for all pages of the workspace, where it is not the only one."""
BELONGS = {"/dashboard/elements": "/dashboard/model", "/dashboard/measures": "/dashboard/model"}
"""Pages that are reached from another than their address says."""
URGENT = frozenset({"/workspace/alerts", "/workspace/call-backs"})
A_WHILE = dt.timedelta(minutes=10)
MOST_TOGETHER = 20_000
"""Wrong tries of all sources at one of these doors: beyond, accounts' own locks have to do."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What this door uses."""

    database: Database
    keys: Keys
    clock: Clock
    settings: Settings

    def tries(self, door: str, *, each: int, window: dt.timedelta = A_WHILE) -> Tries:
        """Return a door's budget of wrong tries, counted for all processes together."""
        return Tries(self.database, self.keys, self.clock, door, each, MOST_TOGETHER, window)


class Gate:
    """Asked before every request of the application; pages of other circles pass untouched."""

    def __init__(self, app: Flask, needs: Needs) -> None:
        self._app = app
        self._needs = needs
        self._cookie = SessionCookie(needs.settings)

    def check(self) -> Response | None:
        """Let the request through, send it to the sign-in page, or refuse it."""
        circles = set(circles_of(self._app, request.endpoint or "")) & set(ROLES)
        if not circles:
            return None
        _refuse_nul()
        token = self._cookie.read(request)
        view = self._app.view_functions[request.endpoint or ""]
        person = self._person(token, is_use=not getattr(view, "asked_by_pages", False))
        if person is None:
            asked_for = request.full_path.removesuffix("?") if request.method in SAFE else ""
            return redirect(url_for("accounts.ask", next=asked_for or None), 303)
        roles = frozenset[Role]().union(*(ROLES[circle] for circle in circles))
        here = only(person, roles)
        if not here.grants:
            abort(403)
        g.person, g.signed_in, g.csrf = person, here, csrf_of(self._needs.keys, token)
        self._check_form(token)
        if request.method not in SAFE:
            self._note(person)
        return None

    def _note(self, person: SignedIn) -> None:
        """Write down what is asked for before it is done: no change is without a trace, whatever breaks."""
        about = " ".join(f"{name}={value}" for name, value in (request.view_args or {}).items())
        deed = Deed(by=person.email, did=request.endpoint or "", about=about)
        with self._needs.database.writing() as session:
            write(session, deed, keys=self._needs.keys, now=self._needs.clock())

    def _person(self, token: str, *, is_use: bool) -> SignedIn | None:
        now, keys = self._needs.clock(), self._needs.keys
        if not token:
            return None
        with self._needs.database.reading() as session:
            person, noted_at = who_and_since(session, token, now=now, keys=keys)
        if is_use and person is not None and noted_at < now - SEEN_EVERY:
            with self._needs.database.writing() as session:
                touch(session, token, now=now, keys=keys)
        return person

    def _check_form(self, token: str) -> None:
        if request.method in SAFE:
            return
        # Set before the form is read, which is what the limit is about.
        view: Callable[..., Any] = self._app.view_functions[request.endpoint or ""]
        request.max_content_length = getattr(view, "body_limit", request.max_content_length)
        if not csrf_fits(self._needs.keys, token, request.form.get("csrf_token", "")):
            abort(403)


def _refuse_nul() -> None:
    # Nothing of staff has a NUL in its address, and PostgreSQL breaks over it.
    query = request.query_string
    if "\x00" in request.path or b"\x00" in query or b"%00" in query:
        abort(404)


def signed_in() -> SignedIn:
    """Return who opened this page, with the roles alone that open it: every query stands on their places."""
    person: SignedIn = g.signed_in
    return person


def goes_on_with(keys: Keys, token: str) -> None:
    """Let the forms of the page that answers be those of the session's new token."""
    g.csrf = csrf_of(keys, token)


def signed_in_as(circle: Who) -> SignedIn:
    """Return who opened this page with their roles of another circle, for what another page will show."""
    return only(g.person, ROLES[circle])


def home_of(person: SignedIn) -> str:
    """Return the page that somebody begins with: the first their roles open."""
    pages = (href for href, _, circle in PAGES if has_role(person, ROLES[circle]))
    return next(pages, "/account")


def takes_files(limit: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a view whose form may be as large as `limit` bytes."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def asked_by_pages(view: View) -> View:
    """Mark a view that open pages ask by themselves: that keeps no session alive, only a person does."""
    view.asked_by_pages = True  # type: ignore[attr-defined]
    return view


def page_context() -> dict[str, Any]:
    """Return what the staff layout shows around a page: name, navigation, form token."""
    if "signed_in" not in g:
        return {}
    person: SignedIn = g.person
    may = [(href, text) for href, text, circle in PAGES if has_role(person, ROLES[circle])]
    reachable = list(dict.fromkeys(may))  # a page of two circles stands here twice
    path = next((to for start, to in BELONGS.items() if _is_below(request.path, start)), request.path)
    here = max((href for href, _ in reachable if _is_below(path, href)), key=len, default="")
    whole, desk = (
        [page for page in reachable if _is_at_the_desk(page[0]) is wanted] for wanted in (False, True)
    )
    at_the_desk = _is_at_the_desk(here) and len(desk) > 1
    if desk:
        whole.append((desk[0][0], DESK if len(desk) > 1 else desk[0][1]))
    return {
        "signed_in": person,
        "csrf": g.csrf,
        "home_address": home_of(person),
        "opens": {href for href, _ in reachable},
        "navigation": _entries(whole, desk[0][0] if at_the_desk else here),
        "desk": _entries(desk, here) if at_the_desk else [],
    }


def _entries(pages: Iterable[tuple[str, str]], here: str) -> list[dict[str, Any]]:
    return [{"href": href, "text": text, "current": href == here} for href, text in pages]


def _is_at_the_desk(href: str) -> bool:
    return _is_below(href, "/workspace") and href not in URGENT


def _is_below(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")
