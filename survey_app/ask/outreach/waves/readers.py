"""How many ballots a report needs: one more where somebody who may read it is asked themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Grant, Staff
from survey_app.ask.outreach.waves.planning import NEEDED, NEEDED_AMONG_EQUALS
from survey_app.ask.population.teams.addresses import Contact


def needed(session: Session, contacts: Iterable[Contact], place_paths: Collection[str]) -> int:
    """Return how many ballots a report needs.

    A reader who answered subtracts themselves, so five others must stand behind the figures. Five are
    enough only where it is known that no reader is among those asked: everybody has an e-mail address, and
    neither that nor a name belongs to somebody with a role there, even one whose account is closed: it can
    be opened again.
    """
    people = list(contacts)
    known_by = {one.email.casefold() for one in people if one.email}
    names = {one.name.casefold() for one in people}
    if len([one for one in people if one.email]) < len(people):
        return NEEDED
    staff = sa.select(Staff.email, Staff.name, Grant.place_path).join(Grant, Grant.staff_id == Staff.id)
    for email, name, path in session.execute(staff):
        reaches = any(place.startswith(path) for place in place_paths)
        if reaches and (email.casefold() in known_by or name.casefold() in names):
            return NEEDED
    return NEEDED_AMONG_EQUALS
