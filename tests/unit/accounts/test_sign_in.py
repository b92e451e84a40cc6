import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.accounts import sign_in, staff
from survey_app.accounts.password import WeakPassword
from survey_app.accounts.tables import Role, Staff, StaffSession

PASSWORD = "river candle orbit"


@pytest.fixture
def lead(database, clock):
    with database.writing() as session:
        grants = [(Role.LEAD, "/kmd/east/"), (Role.LEAD, "/kmd/east/")]
        made = staff.create(
            session, email=" Lead@Example.org", name="Sam", password=PASSWORD, grants=grants, now=clock()
        )
        return made.id


@pytest.fixture
def enter(database, keys, clock):
    def try_it(email="lead@example.org", password=PASSWORD):
        with database.writing() as session:
            return sign_in.sign_in(session, email, password, now=clock(), keys=keys)

    return try_it


@pytest.fixture
def whoami(database, keys, clock):
    def ask(token):
        with database.reading() as session:
            return sign_in.who(session, token, now=clock(), keys=keys)

    return ask


def test_a_right_password_opens_a_session_with_todays_roles(lead, enter, whoami):
    person = whoami(enter())
    assert (person.staff_id, person.email) == (lead, "lead@example.org")
    assert person.grants == ((Role.LEAD, "/kmd/east/"),)


def test_the_token_is_not_kept(lead, enter, database):
    token = enter()
    with database.reading() as session:
        (kept,) = session.scalars(sa.select(StaffSession.token_hash))
    assert token.encode() not in kept
    assert len(kept) == 32


@pytest.mark.parametrize(
    ("email", "password"), [("lead@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")]
)
def test_every_wrong_try_is_answered_alike(lead, enter, email, password):
    assert enter(email, password) is None


def test_ten_failures_lock_and_the_lock_doubles(lead, enter, database, clock):
    with database.writing() as session:
        session.execute(sa.update(Staff).values(failures=9))
    assert enter(password="wrong") is None
    assert enter() is None
    clock.advance(seconds=61)
    assert enter(password="wrong") is None
    clock.advance(seconds=61)
    assert enter() is None
    clock.advance(seconds=60)
    assert enter() is not None


def test_a_right_password_forgets_failures(lead, enter, database):
    enter(password="wrong")
    assert enter() is not None
    with database.reading() as session:
        assert session.get(Staff, lead).failures == 0


def test_a_session_ends_after_half_an_hour_of_rest(lead, enter, whoami, clock):
    token = enter()
    clock.advance(minutes=29)
    assert whoami(token) is not None
    clock.advance(minutes=1)
    assert whoami(token) is None


def test_use_keeps_a_session_alive_but_not_beyond_twelve_hours(lead, enter, whoami, database, keys, clock):
    token = enter()
    for _ in range(24):
        clock.advance(minutes=29)
        with database.writing() as session:
            sign_in.touch(session, token, now=clock(), keys=keys)
    assert whoami(token) is not None
    clock.advance(minutes=25)
    assert whoami(token) is None


def test_signing_out_ends_one_session_only(lead, enter, whoami, database, keys):
    first, second = enter(), enter()
    with database.writing() as session:
        sign_in.sign_out(session, first, keys=keys)
    assert whoami(first) is None
    assert whoami(second) is not None


@pytest.mark.parametrize(
    "end", [staff.deactivate, lambda s, who: staff.change_password(s, who, "other words to hold")]
)
def test_deactivation_and_a_new_password_sign_out_everywhere(lead, enter, whoami, database, end):
    token = enter()
    with database.writing() as session:
        end(session, lead)
    assert whoami(token) is None
    assert enter() is None


def test_an_old_session_is_swept_when_somebody_signs_in(lead, enter, database, clock):
    enter()
    clock.advance(hours=13)
    enter()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(StaffSession)) == 1


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"email": "lead@example.org"}, staff.BadStaff),
        ({"email": "nowhere"}, staff.BadStaff),
        ({"name": " "}, staff.BadStaff),
        ({"grants": [(Role.LEAD, "kmd")]}, staff.BadStaff),
        ({"password": "short"}, WeakPassword),
    ],
)
def test_bad_staff_are_refused(lead, database, clock, changed, fault):
    row = {
        "email": "new@example.org",
        "name": "New",
        "password": PASSWORD,
        "grants": [],
        "now": clock(),
    } | changed
    with pytest.raises(fault), database.writing() as session:
        staff.create(session, **row)


def test_a_lock_ends_within_an_hour(lead, enter, database, clock):
    with database.writing() as session:
        session.execute(sa.update(Staff).values(failures=400))
    enter(password="wrong")
    with database.reading() as session:
        assert session.get(Staff, lead).locked_until - clock() == dt.timedelta(hours=1)
