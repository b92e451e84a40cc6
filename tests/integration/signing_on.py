"""To the provider and back."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa

from survey_app.accounts.tables import Grant

LEAD, EAST, ADMIN = "lead@example.org", "east@example.org", "admin@example.org"


def come_back(provider, client, login=LEAD, after="/dashboard/model"):
    """Go to the provider, sign in there, and return our reply to the browser that comes back."""
    gone = client.get("/sign-in/sso", query_string={"next": after})
    assert gone.status_code == 303, gone.text
    return client.get(back_to(provider.log_in(gone.location, login)))


def back_to(address):
    return f"{urlsplit(address).path}?{urlsplit(address).query}"


def roles_of(runtime, staff_id=1):
    with runtime.database.reading() as session:
        rows = session.execute(sa.select(Grant.role, Grant.place_path).where(Grant.staff_id == staff_id))
        return {tuple(row) for row in rows}
