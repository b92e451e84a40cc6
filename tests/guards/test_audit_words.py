"""The audit page tells every change in words: an address without words would show its name in the program."""

from __future__ import annotations

from survey_app.show.pages.accounts.gate import ROLES
from survey_app.show.pages.workspace.deeds import WORDS
from survey_app.web.access import circles_of

AT_SIGN_IN = {"accounts.enter", "accounts.password", "accounts.sso"}
"""Written down by the doors themselves, before anybody is signed in."""


def test_every_change_by_staff_is_told_in_words(app):
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and set(circles_of(app, rule.endpoint)) & set(ROLES)
    }
    assert changing
    assert changing - set(WORDS) == set()
    assert set(WORDS) - changing == AT_SIGN_IN
