"""The demonstration's API token: its name stands on the lead's page, its secret was thrown away at once."""

from __future__ import annotations

import sqlalchemy as sa

from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.tables import Grant, Staff
from survey_app.accounts.tokens import tokens
from survey_app.bootstrap import Runtime

NAME = "Board report (example)"


def make_token(runtime: Runtime, email: str) -> None:
    """Let somebody of the demonstration have a token, once; nobody ever holds what would open it."""
    now, keys = runtime.clock(), runtime.keys
    with runtime.database.writing() as session:
        person = session.scalars(sa.select(Staff).where(Staff.email == email)).one()
        held = session.scalars(sa.select(Grant).where(Grant.staff_id == person.id)).all()
        grants = tuple(Granted(grant.role, grant.place_path) for grant in held)
        if not tokens.of_person(session, person.id):
            signed_in = SignedIn(person.id, person.name, person.email, grants)
            wanted = tokens.Wanted(NAME, grants[0].place_path)
            tokens.make(session, signed_in, wanted, now=now, keys=keys)
