"""After a proof: the browser gets its session, is known from now on, and goes where it wanted to go."""

from __future__ import annotations

import re

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from survey_app.accounts.known_browsers import remember
from survey_app.accounts.sign_in import holder, who
from survey_app.show.pages.accounts.cookies import KnownCookie, SessionCookie
from survey_app.show.pages.accounts.gate import Needs, home_of

ANYWHERE = "/dashboard"
"""Where no page was asked for; roles that do not read figures begin elsewhere."""
_OUR_PAGE = re.compile(
    r"/(?:dashboard|workspace|teams|account)(?:[/?][A-Za-z0-9/_.?=&%-]*)?|/join/[A-Za-z0-9_-]{20,60}"
)


def ours(after: str) -> str:
    """Return an address of our own pages: anything but a plain one could lead to another site."""
    return after if _OUR_PAGE.fullmatch(after) and "//" not in after else ANYWHERE


def let_in(needs: Needs, after: str, token: str) -> Response:
    """Give a browser its new session and send it to the code that is still owed, or on."""
    known = KnownCookie(needs.settings)
    browser = known.read(request)
    now, keys, to = needs.clock(), needs.keys, ours(after)
    with needs.database.reading() as session:
        staff_id = holder(session, token, keys=keys)
        person = who(session, token, now=now, keys=keys)
    if person is not None and to == ANYWHERE:
        to = home_of(person)
    response = redirect(to if staff_id else url_for("accounts.ask_code", next=to), 303)
    SessionCookie(needs.settings).write(response, token)
    if staff_id:
        with needs.database.writing() as session:
            browser = remember(session, staff_id, browser, now=now, keys=keys)
        known.write(response, browser)
    return response
