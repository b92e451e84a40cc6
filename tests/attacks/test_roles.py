"""Every route by every role, with ids of one's own place, of another and of none; rows A060-A065, A072."""

from __future__ import annotations

import logging

from survey_app.accounts.tables import Role
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who, circles_of
from tests.attacks.ground import ON_SQLITE, everything
from tests.attacks.matrix import MATRIX
from tests.attacks.sweeping import Samples, Sweep, routes_of
from tests.attacks.two_places import fill, people

log = logging.getLogger(__name__)

COLUMNS = ("stranger", "no_role", "lead", "survey_officer")
"""Of the rows written by hand: with ids of the west, asked by people of the east."""


@ON_SQLITE
def test_every_route_by_every_role_with_own_foreign_and_unknown_ids(app, runtime):
    ids = fill(runtime)
    everybody = people(runtime, ids)
    sweep = Sweep(app, runtime, Samples(app, ids))
    before = everything(runtime.database)
    for route in routes_of(app):
        sweep.visit(route, everybody)
    log.info("%d people: %s", len(everybody), dict(sweep.counts))  # pytest --log-cli-level=INFO shows it
    sweep.wrong += by_hand(sweep.seen)
    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert sweep.counts["routes"] > 150
    assert min(sweep.counts[name] for name in ("opened", "alike", "refused")) > 100
    after = everything(runtime.database)
    changing = {"staff_session": [], "staff_pass": [], "wrong_try": []}
    assert after | changing == before | changing


def by_hand(seen):
    """Yield where what was answered is not what a row written by hand says, and what has no row."""
    said = {}
    for rule, (method, *statuses) in MATRIX.items():
        said[rule.removesuffix(f" {method}"), method] = dict(zip(COLUMNS, statuses, strict=True))
    yield from (f"say in a file *_rows.py who gets into {one}" for one in sorted(seen.keys() - said.keys()))
    yield from (f"{one} has a row and is no address" for one in sorted(said.keys() - seen.keys()))
    for one in seen.keys() & said.keys():
        got = {name: status for name, status in seen[one].items() if name in COLUMNS}
        if not got.items() <= said[one].items():
            yield f"{one}: answered {got}, written by hand {said[one]}"


OWN = frozenset(
    {
        "/account",
        "/account/code",
        "/account/code/first",
        "/account/code/recovery",
        "/account/passkeys",
        "/account/passkeys/<int(max=2147483647):passkey_id>/remove",
        "/account/passkeys/made",
        "/account/passkeys/new",
        "/account/password",
        "/account/tokens",
        "/account/tokens/<int(max=2147483647):token_id>/revoke",
        "/sign-out",
    }
)
AUDITED = frozenset({"/workspace/audit", "/workspace/audit/trail.csv"})
ALERTS = frozenset(
    {"/workspace/alerts", "/workspace/alerts/<int:alert_id>", "/workspace/alerts/<int:alert_id>/outcome"}
)
FOR_READERS = frozenset(
    {
        "/dashboard/digest",
        "/dashboard/series/<measure_id>/<place_id>/document",
        "/dashboard/scorecards/<int(max=2147483647):scorecard_id>/document",
    }
)
"""What somebody who only reads may send: their own e-mail, a page on paper."""


def opened_by(app, role, *methods):
    """Return the addresses below the gate that a role opens, besides its own account."""
    return {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods & set(methods)
        and any(role in ROLES.get(circle, ()) for circle in circles_of(app, rule.endpoint))
    } - OWN


@ON_SQLITE
def test_narrow_roles_open_what_is_written_here_and_nothing_else(app):
    assert opened_by(app, Role.AUDITOR, "GET", "POST") == AUDITED
    assert opened_by(app, Role.RESPONDER, "GET", "POST") == ALERTS
    assert opened_by(app, Role.ANALYST, "POST") == FOR_READERS | {"/dashboard/figures.csv"}
    desk = {rule for rule in opened_by(app, Role.ANALYST, "GET") if rule.startswith("/workspace")}
    assert {rule for rule in desk if not rule.startswith("/workspace/library")} == set()
    assert {rule for rule in opened_by(app, Role.TEAM_LEADER, "POST") if rule.startswith("/dashboard")} == (
        FOR_READERS
    )
    marked = {rule.rule for rule in app.url_map.iter_rules() if Who.STAFF in circles_of(app, rule.endpoint)}
    assert marked == OWN  # a page for everybody with a role is a page nobody has decided on
