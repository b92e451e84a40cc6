"""Who may change whose account, and the last administrator of a place."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from survey_app.accounts import managing, staff
from survey_app.accounts.keeping import LastAdministrator
from survey_app.accounts.managing import NotAllowed, may_give, may_manage
from survey_app.accounts.scope import Granted, SignedIn, only
from survey_app.accounts.tables import Role, Staff
from tests.attacks.ground import ON_SQLITE
from tests.fakes import MONDAY_MORNING

TOP, EAST, WEST = "/kmd/", "/kmd/east/", "/kmd/west/"


def person(*grants, staff_id=1):
    return SignedIn(staff_id, "P", "p@example.org", tuple(Granted(*grant) for grant in grants))


@pytest.fixture
def admins(database):
    """Return the ids of an administrator of the whole system, one of the east, and one of nothing yet."""

    def add(session, email, *grants):
        row = Staff(email=email, name=email, password_hash="x", active=True, created_at=MONDAY_MORNING)
        session.add(row)
        session.flush()
        for path in grants:
            staff.grant(session, row.id, Granted(Role.ADMINISTRATOR, path))
        return row.id

    with database.writing() as session:
        return add(session, "top@x.org", TOP), add(session, "east@x.org", EAST), add(session, "new@x.org")


@pytest.mark.parametrize("role", [*Role])
def test_only_administrators_and_leads_give_roles_and_nobody_a_higher_one(role):
    given = {wanted for wanted in Role if may_give(person((role, EAST)), Granted(wanted, EAST))}
    lower = {Role.TEAM_LEADER, Role.RESPONDER, Role.ANALYST}
    assert given == {Role.ADMINISTRATOR: set(Role), Role.LEAD: lower}.get(role, set())
    assert not any(
        may_give(person((role, EAST)), Granted(wanted, path)) for wanted in Role for path in (TOP, WEST)
    )


def test_rank_and_reach_must_come_from_the_same_role():
    mixed = person((Role.ADMINISTRATOR, EAST), (Role.ANALYST, TOP), (Role.LEAD, WEST))
    assert not may_give(mixed, Granted(Role.AUDITOR, TOP))
    assert not may_give(mixed, Granted(Role.LEAD, WEST))
    assert may_give(mixed, Granted(Role.ANALYST, WEST))


def test_an_account_is_managed_by_who_could_give_all_of_its_roles():
    east = person((Role.ADMINISTRATOR, EAST))
    inside, partly = [Granted(Role.LEAD, EAST)], [Granted(Role.LEAD, EAST), Granted(Role.ANALYST, WEST)]
    assert [may_manage(east, 2, held, top=TOP) for held in (inside, partly, [])] == [True, False, False]
    assert not may_manage(east, 1, inside, top=TOP)
    assert may_manage(person((Role.ADMINISTRATOR, TOP)), 2, [], top=TOP)


def test_a_person_with_only_some_roles_sees_only_their_places():
    mixed = person((Role.AUDITOR, TOP), (Role.LEAD, EAST))
    assert only(mixed, {Role.LEAD}).paths == (EAST,)
    assert only(mixed, {Role.ANALYST}).paths == ()


def test_no_place_is_left_without_an_administrator(database, admins):
    top, east, new = admins
    giver = person((Role.ADMINISTRATOR, TOP), staff_id=99)
    with database.writing() as session, pytest.raises(LastAdministrator):
        managing.close(session, top)
    with database.writing() as session, pytest.raises(LastAdministrator):
        managing.drop_role(session, giver, top, Granted(Role.ADMINISTRATOR, TOP))
    with database.writing() as session:
        managing.drop_role(session, giver, east, Granted(Role.ADMINISTRATOR, EAST))  # the top reaches it
        managing.add_role(session, giver, new, Granted(Role.ADMINISTRATOR, TOP))
        managing.close(session, top)
    with database.writing() as session, pytest.raises(LastAdministrator):
        managing.close(session, new)  # who is closed keeps nothing


@ON_SQLITE
def test_nobody_changes_their_own_roles(database, admins):
    top, *_ = admins
    own = person((Role.ADMINISTRATOR, TOP), staff_id=top)
    for deed in (managing.add_role, managing.drop_role):
        with database.writing() as session, pytest.raises(NotAllowed):
            deed(session, own, top, Granted(Role.ADMINISTRATOR, EAST))


def test_of_two_administrators_who_close_each_other_at_once_one_stays(database, admins):
    top, _, new = admins
    with database.writing() as session:
        staff.grant(session, new, Granted(Role.ADMINISTRATOR, TOP))
    at_once = threading.Barrier(2)

    def close(whom):
        at_once.wait()
        try:
            with database.writing() as session:
                managing.close(session, whom)
        except LastAdministrator:
            pass

    threads = [threading.Thread(target=close, args=(whom,)) for whom in (top, new)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        left = session.scalars(sa.select(Staff.id).where(Staff.active, Staff.id.in_((top, new)))).all()
    assert len(left) == 1
