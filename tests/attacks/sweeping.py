"""Asking for every route by everybody: addresses, replies without what changes each time, what was wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.routing import AnyConverter

from survey_app.show.pages.accounts.cookies import csrf_of
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who, circles_of
from survey_app.web.headers import FIXED, POLICY
from tests.attacks.matrix import FOREIGN, TOPICS
from tests.attacks.two_places import EAST, MEASURE, WEST

OPEN, SIGN_IN, FORBIDDEN, UNKNOWN = 200, 303, 403, 404
PUBLIC = frozenset({Who.ANYONE, Who.RESPONDENT, Who.PROVIDER, Who.TOKEN})
"""Their doors look at no session: everybody of the sweep is the same to them."""
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
WHOLE = frozenset({"/workspace/audit", "/workspace/audit/trail.csv"})
"""Of the whole system: a role at one place is not enough."""
OVER = frozenset({"/set-up", "/set-up/messages", "/set-up/finish"})
"""Gone for good once an installation is set up."""
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


def header_fault(reply) -> str:
    """Return what is wrong with the headers that every reply must have."""
    nonce = re.search(r"'nonce-([\w-]+)'", reply.headers.get("Content-Security-Policy", ""))
    if nonce is None or reply.headers["Content-Security-Policy"] != POLICY.format(nonce=nonce[1]):
        return "another content security policy"
    missing = [name for name, value in FIXED.items() if reply.headers.get(name) != value]
    if missing:
        return f"without {missing}"
    if "no-store" not in reply.headers.get("Cache-Control", "") and reply.status_code != OPEN:
        return "may be kept"
    for cookie in reply.headers.getlist("Set-Cookie"):
        if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")):
            return f"a cookie without its flags: {cookie.partition('=')[0]}"
    return ""


def plain(reply):
    """Return all of a reply that two people could tell apart, without what is made anew each time."""
    nonce = re.search(r"'nonce-([\w-]+)'", reply.headers.get("Content-Security-Policy", ""))
    body = reply.data.replace(nonce[1].encode(), b"") if nonce else reply.data
    headers = [(name, re.sub(r"'nonce-[\w-]+'", "", value)) for name, value in reply.headers]
    return reply.status_code, headers, body


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the app by one method, with one choice of what its converters leave."""

    rule: object
    method: str
    choice: Mapping[str, str]
    circles: frozenset[Who]

    @property
    def allowed(self):
        """Return the roles that open it."""
        return frozenset().union(*(ROLES[one] for one in self.circles & set(ROLES)))

    @property
    def is_first(self) -> bool:
        """Tell whether it is the first of its choices."""
        converters = self.rule._converters
        return all(value == min(converters[name].items) for name, value in self.choice.items())


def routes_of(app):
    """Yield each route and method with every choice its converters leave."""
    for rule in app.url_map.iter_rules():
        circles = frozenset(circles_of(app, rule.endpoint))
        if Who.DEVELOPMENT in circles:
            continue
        choices = [{}]
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                choices = [one | {name: item} for one in choices for item in sorted(converter.items)]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield from (Route(rule, method, choice, circles) for choice in choices)


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses of one route: with one's own ids, and pairs of a foreign and an unknown id."""

    own: str
    pairs: tuple[tuple[str, str], ...]
    half_known: bool


class Samples:
    """Which ids stand for one's own, a foreign and an unknown thing, by the argument of the address."""

    def __init__(self, app, ids) -> None:
        self._build = app.url_map.bind("localhost").build
        self._ids = {name: (ids[EAST[1]][name], ids[WEST[1]][name]) for name in ids[EAST[1]]}
        self._alike = dict(ALIKE)
        for topic in TOPICS:
            self._alike |= getattr(topic, "ALIKE", {})

    def address(self, route, person) -> Address:
        """Build a route's addresses; an argument that no sample is known of fails, by name."""
        names = set(route.rule.arguments)
        alike = {name: self._alike[name] for name in names & set(self._alike)} | dict(route.choice)
        scoped = sorted(names - set(alike)) + ["place"] * (route.rule.rule in ASK_PLACE)
        half = [name for name in scoped if name not in self._ids]
        unsaid = [name for name in half if name not in FOREIGN]
        assert not unsaid, f"say in tests/attacks/two_places.py what {unsaid} of {route.rule.rule} may be"
        if half:
            return Address(
                self._of(route, alike | {n: self._foreign(n) for n in scoped}), (), half_known=True
            )
        own = {name: person.own.get(name, self._ids[name][0]) for name in scoped}
        foreign = {name: self._foreign(name) for name in scoped}
        mixed = [own | {name: foreign[name]} for name in scoped] if len(scoped) > 1 else []
        pairs = [(one, self._unknown(one, foreign)) for one in [foreign, *mixed] if scoped]
        built = tuple((self._of(route, alike | a), self._of(route, alike | b)) for a, b in pairs)
        return Address(self._of(route, alike | own), built, half_known=False)

    def _of(self, route, arguments) -> str:
        return self._build(route.rule.endpoint, arguments)

    def _foreign(self, name):
        return self._ids[name][1] if name in self._ids else FOREIGN[name]

    def _unknown(self, arguments, foreign):
        changed = {name for name, value in arguments.items() if value == foreign[name]}
        return arguments | {name: NOBODYS[type(foreign[name])] for name in changed}


@dataclass(slots=True)
class Sweep:
    """Everybody asks for everything; what is wrong is gathered and told at the end."""

    app: object
    runtime: object
    samples: Samples
    wrong: list[str] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    to_nobody: dict[tuple[str, str], tuple] = field(default_factory=dict)
    seen: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def visit(self, route, everybody) -> None:
        """Ask for one route by everybody."""
        self.counts["routes"] += 1
        if route.circles & PUBLIC:
            return self._look_public(route, everybody)
        for person in everybody:
            may = person.signed_in and person.roles & route.allowed
            if not may and not route.is_first:
                continue  # the door is shut before anybody looks at which step was asked for
            address = self.samples.address(route, person)
            if not may:
                self._shut_out(route, person, address)
            elif route.method == "GET":
                self._look(route, person, address)
            else:
                self._send(route, person, address)
        return None

    def _look_public(self, route, everybody) -> None:
        """Whoever asks, a page for everybody says the same."""
        asking = [one for one in everybody if one.name in {"administrator", "no_role", "stranger"}]
        address = self.samples.address(route, asking[0]).own
        replies = [self._ask(one, route.method, address) for one in asking]
        self.counts["public"] += 1
        for person, reply in zip(asking, replies, strict=True):
            self._note(route, person, reply)
        if len({reply.status_code for reply in replies}) != 1:
            self.wrong.append(f"{route.method} {address} is not the same for everybody")

    def _shut_out(self, route, person, address) -> None:
        """Whoever has none of the roles is refused whatever they ask; a stranger may sign in."""
        self.counts["shut out"] += 1
        status = FORBIDDEN if person.signed_in else SIGN_IN
        self._note(route, person, self._expect(person, route.method, address.own, status))

    def _look(self, route, person, address) -> None:
        """One's own opens and names nothing of the neighbour; what is foreign is like what is nobody's."""
        self.counts["opened"] += 1
        if address.half_known:
            return self._note(route, person, self._ask(person, "GET", address.own))
        held = person.everywhere if route.rule.rule in WHOLE else person.roles
        status = UNKNOWN if route.rule.rule in OVER else OPEN if held & route.allowed else FORBIDDEN
        page = self._expect(person, "GET", address.own, status)
        if b"illtop" in page.data and route.rule.rule not in WHOLE:
            self.wrong.append(f"{person.name}: GET {address.own} names the neighbour")
        for foreign, unknown in address.pairs:
            said = self._alike(person, "GET", foreign, unknown)
            if route.rule.rule not in ASK_PLACE:
                self._note(route, person, said)
        return self._note(route, person, page)

    def _send(self, route, person, address) -> None:
        """A form without its token is refused; with it, what is foreign is like what is nobody's."""
        self.counts["refused"] += 1
        self._note(route, person, self._expect(person, "POST", address.own, FORBIDDEN))
        csrf = csrf_of(self.runtime.keys, person.token)
        for foreign, unknown in address.pairs:
            self._alike(person, "POST", foreign, unknown, csrf_token=csrf)

    def _alike(self, person, method, foreign, unknown, **form):
        self.counts["alike"] += 1
        said = self._expect(person, method, foreign, UNKNOWN, **form)
        key = method, unknown
        if key not in self.to_nobody:  # the page of errors is the same for everybody
            self.to_nobody[key] = plain(self._ask(person, method, unknown, **form))
        if plain(said) != self.to_nobody[key]:
            self.wrong.append(f"{person.name}: {method} {foreign} is not like {unknown}")
        return said

    def _ask(self, person, method, address, **form):
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

    def _expect(self, person, method, address, status, **form):
        reply = self._ask(person, method, address, **form)
        if reply.status_code != status:
            self.wrong.append(f"{person.name}: {method} {address}: {reply.status_code}, expected {status}")
        elif status == SIGN_IN and not reply.location.startswith("/sign-in"):
            self.wrong.append(f"{person.name}: {method} {address} leads to {reply.location}")
        return reply

    def _note(self, route, person, reply) -> None:
        """Keep what somebody was answered first, for the rows written by hand."""
        self.seen.setdefault((route.rule.rule, route.method), {}).setdefault(person.name, reply.status_code)
