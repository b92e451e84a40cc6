"""Every address says who may open it, even when that is anyone."""

from __future__ import annotations

from survey_app.web.access import Who, circles_of


def test_every_endpoint_says_who_may_open_it(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    assert len(endpoints) > 10
    assert sorted(endpoint for endpoint in endpoints if not circles_of(app, endpoint)) == []


def test_no_staff_page_is_open_to_anyone(app):
    staff = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/workspace", "/dashboard"))]
    assert staff
    assert [rule.rule for rule in staff if Who.ANYONE in circles_of(app, rule.endpoint)] == []
