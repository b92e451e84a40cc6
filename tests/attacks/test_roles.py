"""Every route by every role, with ids of one's own place, of another and of none; rows A060-A065, A072."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from werkzeug.routing import AnyConverter

from survey_app.accounts.tables import Role
from survey_app.show.pages.accounts.cookies import csrf_of
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who, circles_of
from survey_app.web.headers import FIXED, POLICY
from tests.attacks.ground import ON_SQLITE, everything
from tests.attacks.matrix import FOREIGN, TOPICS
from tests.attacks.two_places import EAST, MEASURE, WEST, fill, people

log = logging.getLogger(__name__)

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404
PUBLIC = frozenset({Who.ANYONE, Who.RESPONDENT, Who.PROVIDER})
ALIKE = {
    "measure_id": MEASURE,
    "element_id": "outcomes.experience.3",
    "concept": "small-numbers",
    "instrument_id": "scirocco-style-12",
    "number": 1,
    "token": "1" * 22,
    "code": "00000-00000-1",
    "language": "ur",
    "name": "opening",
}
"""What belongs to no place: the same for everybody."""
NOBODYS = {int: 987_654, str: "nowhere-at-all"}
WHOLE = frozenset({"/workspace/audit", "/workspace/audit.csv"})
"""Of the whole system: a role at one place is not enough."""
ASK_PLACE = frozenset(
    {
        "/dashboard/model",
        "/dashboard/model/live",
        "/dashboard/elements/<element_id>",
        "/dashboard/elements/<element_id>/live",
        "/dashboard/compare/<measure_id>",
        "/dashboard/compare/<measure_id>.<any(json, csv, svg):twin>",
    }
)
"""Their place stands behind the question mark."""


@dataclass(slots=True)
class Sweep:
    """What the matrix counts on its way."""

    app: object
    runtime: object
    ids: dict
    wrong: list[str] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    to_nobody: dict[str, tuple] = field(default_factory=dict)

    def ask(self, person, method, address, **form):
        """Open an address as somebody, from a home of its own, and look at the headers of the reply."""
        self.counts["requests"] += 1
        number = self.counts["requests"]
        client = self.app.test_client()
        if person.token:
            client.set_cookie("staff_session", person.token)
        home = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        reply = client.open(address, method=method, data=form or None, environ_overrides=home)
        if fault := header_fault(reply):
            self.wrong.append(f"{method} {address}: {fault}")
        return reply

    def of_nobody(self, person, address):
        """Return what an unknown id is answered; the page of errors is the same for everybody."""
        if address not in self.to_nobody:
            self.to_nobody[address] = plain(self.ask(person, "GET", address))
        return self.to_nobody[address]

    def expect(self, person, method, address, status, **form):
        reply = self.ask(person, method, address, **form)
        if reply.status_code != status:
            self.wrong.append(f"{person.name}: {method} {address}: {reply.status_code}, expected {status}")
        elif status == SIGN_IN and not reply.location.startswith("/sign-in"):
            self.wrong.append(f"{person.name}: {method} {address} leads to {reply.location}")
        return reply


def header_fault(reply) -> str:
    """Return what is wrong with the headers that every reply must have."""
    nonce = re.search(r"'nonce-([\w-]+)'", reply.headers.get("Content-Security-Policy", ""))
    if nonce is None or reply.headers["Content-Security-Policy"] != POLICY.format(nonce=nonce[1]):
        return "another content security policy"
    missing = [name for name, value in FIXED.items() if reply.headers.get(name) != value]
    if missing:
        return f"without {missing}"
    if "no-store" not in reply.headers.get("Cache-Control", "") and reply.status_code != 200:
        return "may be kept"
    for cookie in reply.headers.getlist("Set-Cookie"):
        if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")):
            return f"a cookie without its flags: {cookie.partition('=')[0]}"
    return ""


def plain(reply):
    """Return all of a reply that two people could tell apart, without what is made anew each time."""
    policy = reply.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([\w-]+)'", policy)
    body = reply.data.replace(nonce[1].encode(), b"") if nonce else reply.data
    headers = [(name, re.sub(r"'nonce-[\w-]+'", "", value)) for name, value in reply.headers]
    return reply.status_code, headers, body


def routes(app):
    """Yield each route and method with every choice its converters leave."""
    for rule in app.url_map.iter_rules():
        if Who.DEVELOPMENT in circles_of(app, rule.endpoint):
            continue
        choices = [{}]
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                choices = [one | {name: item} for one in choices for item in sorted(converter.items)]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            for choice in choices:
                yield rule, method, choice


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses of one route: with one's own ids, and pairs of a foreign and an unknown id."""

    own: str
    pairs: tuple[tuple[str, str], ...]


def address_of(app, rule, choice, sample, person) -> Address:
    """Build a route's addresses; an argument that no sample is known of fails, by name."""
    build = app.url_map.bind("localhost").build
    alike = {name: ALIKE[name] for name in rule.arguments if name in ALIKE} | choice
    scoped = sorted(rule.arguments - set(alike) - set(choice))
    if rule.rule in ASK_PLACE:
        scoped = [*scoped, "place"]
    unsaid = [name for name in scoped if name not in sample]
    assert not unsaid, f"say in two_places.py (or SAMPLES of a topic) what {unsaid} of {rule.rule} is"
    own = {name: person.own.get(name, sample[name][0]) for name in scoped}
    foreign = {name: sample[name][1] for name in scoped}
    unknown = {name: NOBODYS[type(sample[name][1])] for name in scoped}
    mixed = [own | {name: foreign[name]} for name in scoped[: len(scoped) if len(scoped) > 1 else 0]]
    pairs = [
        (one, one | {n: unknown[n] for n in scoped if one[n] == foreign[n]}) for one in [foreign, *mixed]
    ]
    built = [(build(rule.endpoint, alike | a), build(rule.endpoint, alike | b)) for a, b in pairs if scoped]
    return Address(build(rule.endpoint, alike | own), tuple(built))


@pytest.fixture
def sweep(app, runtime):
    return Sweep(app, runtime, fill(runtime))


@ON_SQLITE
def test_every_route_by_every_role_with_own_foreign_and_unknown_ids(sweep, app, runtime):
    sample = {name: (sweep.ids[EAST[1]][name], sweep.ids[WEST[1]][name]) for name in sweep.ids[EAST[1]]}
    for topic in TOPICS:
        sample |= getattr(topic, "SAMPLES", {})
    sample |= {name: (value, value) for name, value in FOREIGN.items() if name not in sample}
    everybody = people(runtime, sweep.ids)
    before = everything(runtime.database)
    for rule, method, choice in routes(app):
        sweep.counts["routes"] += 1
        circles = set(circles_of(app, rule.endpoint))
        allowed = frozenset().union(*(ROLES[one] for one in circles & set(ROLES)))
        first = all(value == min(rule._converters[name].items) for name, value in choice.items())
        if circles & PUBLIC:
            look_public(sweep, everybody, method, address_of(app, rule, choice, sample, everybody[0]).own)
            continue
        for person in everybody:
            may = person.signed_in and person.roles & allowed
            if not may and not first:
                continue  # the door is shut before anybody looks at which step was asked for
            address = address_of(app, rule, choice, sample, person)
            if not may:
                shut_out(sweep, person, method, address)
            elif method == "GET":
                held = person.everywhere if rule.rule in WHOLE else person.roles
                look(sweep, person, rule, address, allowed=bool(held & allowed))
            else:
                send(sweep, runtime, person, address)
    log.info("%d people: %s", len(everybody), dict(sweep.counts))  # pytest --log-cli-level=INFO shows it
    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert sweep.counts["routes"] > 150
    assert min(sweep.counts[name] for name in ("opened", "alike", "refused")) > 100
    after = everything(runtime.database)
    changing = {"staff_session": [], "staff_pass": []}
    assert after | changing == before | changing


def shut_out(sweep, person, method, address) -> None:
    """Whoever has none of the roles is refused whatever they ask for; who is not signed in may sign in."""
    status = FORBIDDEN if person.signed_in else SIGN_IN
    sweep.counts["shut out"] += 1
    sweep.expect(person, method, address.own, status)


def look_public(sweep, everybody, method, address) -> None:
    """Whoever asks, a page for everybody says the same."""
    asking = [one for one in everybody if one.name in {"administrator", "no_role", "stranger"}]
    got = {sweep.ask(one, method, address).status_code for one in asking}
    sweep.counts["public"] += 1
    if len(got) != 1:
        sweep.wrong.append(f"{method} {address} is not the same for everybody: {got}")


def look(sweep, person, rule, address, *, allowed: bool) -> None:
    """One's own opens; what is foreign is like what is nobody's."""
    sweep.counts["opened"] += 1
    sweep.expect(person, "GET", address.own, OPEN if allowed else FORBIDDEN)
    for foreign, unknown in address.pairs:
        sweep.counts["alike"] += 1
        said = sweep.expect(person, "GET", foreign, UNKNOWN)
        if plain(said) != sweep.of_nobody(person, unknown):
            sweep.wrong.append(f"{person.name}: GET {foreign} is not like {unknown}")


def send(sweep, runtime, person, address) -> None:
    """A form without its token is refused; with it, what is foreign is like what is nobody's."""
    csrf = csrf_of(runtime.keys, person.token)
    sweep.counts["refused"] += 1
    sweep.expect(person, "POST", address.own, FORBIDDEN)
    for foreign, unknown in address.pairs:
        sweep.counts["alike"] += 1
        said = [sweep.ask(person, "POST", one, csrf_token=csrf) for one in (foreign, unknown)]
        if plain(said[0]) != plain(said[1]) or said[0].status_code != UNKNOWN:
            sweep.wrong.append(f"{person.name}: POST {foreign}: {[one.status_code for one in said]}")


OWN = frozenset({"/account", "/account/code", "/account/code/first", "/account/password", "/sign-out"})
AUDITED = frozenset({"/workspace/audit", "/workspace/audit.csv"})
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
    assert not {rule for rule in opened_by(app, Role.ANALYST, "GET") if rule.startswith("/workspace")}
    assert {rule for rule in opened_by(app, Role.TEAM_LEADER, "POST") if rule.startswith("/dashboard")} == (
        FOR_READERS
    )
    marked = {rule.rule for rule in app.url_map.iter_rules() if Who.STAFF in circles_of(app, rule.endpoint)}
    assert marked == OWN  # a page for everybody with a role is a page nobody has decided on
