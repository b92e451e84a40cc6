"""Staff of a small system of places, signed in through the real page."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from functools import cache

from argon2 import PasswordHasher

from survey_app.accounts import staff
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Role, Staff
from survey_app.ask.population.places import import_places

PASSWORD = "river candle orbit"
PLACES = """id,name,kind,code,parent
kmd,Kentmere,system,K1,
east,East Kentmere,place,K2,kmd
west,West Kentmere,place,K3,kmd
riverside,Riverside,locality,K4,east
hilltop,Hilltop,locality,K5,west
"""
STAFF = {
    "lead@example.org": [(Role.LEAD, "/kmd/")],
    "east@example.org": [(Role.LEAD, "/kmd/east/")],
    "officer@example.org": [(Role.SURVEY_OFFICER, "/kmd/")],
    "east-officer@example.org": [(Role.SURVEY_OFFICER, "/kmd/east/")],
    "admin@example.org": [(Role.ADMINISTRATOR, "/kmd/")],
    "nobody@example.org": [],
}


def settle(runtime, *emails):
    """Put in the places and the staff named."""
    with runtime.database.writing() as session:
        import_places(session, PLACES)
        for email in emails:
            name = email.partition("@")[0]
            person = Staff(email=email, name=name, password_hash=one_hash(), created_at=runtime.clock())
            session.add(person)
            session.flush()
            for role, place_path in STAFF[email]:
                staff.grant(session, person.id, Granted(role, place_path))


@cache
def one_hash():
    # Real ones are slow on purpose; a hash says itself how much work it takes.
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def enter(app, email, password=PASSWORD, **more):
    """Return a browser after signing in, and the reply it got."""
    client = app.test_client()
    reply = client.post("/sign-in", data={"email": email, "password": password} | more)
    return client, reply


def csrf_in(client, address="/dashboard"):
    """Return the form token of a signed-in browser."""
    return re.search(r'name="csrf_token" value="([0-9a-f]+)"', client.get(address).text)[1]


def mails(runtime):
    """Return recipient and text of every e-mail that left."""
    folder = runtime.settings.data_dir / "mail"
    parsed = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    ]
    return [(str(one["To"]), one.get_content()) for one in parsed]
