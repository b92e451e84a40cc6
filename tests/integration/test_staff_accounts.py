"""Staff are invited, given roles, closed and opened by others, and help themselves to another password."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.scope import Granted
from survey_app.accounts.tables import Grant, Role, Staff, StaffPass
from tests.attacks.ground import ON_SQLITE, all_of
from tests.attacks.sweeping import plain
from tests.integration.signed_in import PASSWORD, csrf_in, enter, mails, settle

NEW = "new@example.org"
JOIN = {"email": NEW, "name": "Nia New", "password": "three green lanterns"}
EAST_ANALYST = {"email": NEW, "role": "analyst", "place": "east"}


@pytest.fixture
def staff(runtime):
    settle(runtime, "admin@example.org", "east@example.org", "officer@example.org", "lead@example.org")
    with runtime.database.reading() as session:
        return dict(session.execute(sa.select(Staff.email, Staff.id)).all())


class Browser:
    """A signed-in person who posts forms."""

    def __init__(self, app, address, password=PASSWORD):
        self.client = enter(app, address, password)[0]
        self.csrf = csrf_in(self.client, "/account")

    def post(self, address, **form):
        return self.client.post(address, data=form | {"csrf_token": self.csrf})

    def get(self, address):
        return self.client.get(address)


@pytest.fixture
def admin(app, staff):
    return Browser(app, "admin@example.org")


@pytest.fixture
def lead(app, staff):
    return Browser(app, "east@example.org")


def link_in(text):
    return re.search(r"http://localhost(/\S+)", text)[1]


def trail(runtime, did):
    return [entry for entry in all_of(runtime.database, AuditEntry) if entry.did == did]


def grants_of(runtime, address):
    with runtime.database.reading() as session:
        held = sa.select(Grant.role, Grant.place_path).join(Staff, Staff.id == Grant.staff_id)
        return {Granted(*row) for row in session.execute(held.where(Staff.email == address))}


def test_somebody_is_invited_joins_and_signs_in_with_that_role_alone(app, runtime, lead, client):
    page = lead.post("/workspace/staff/invite", **EAST_ANALYST)
    ((to, text),) = mails(runtime)
    link = link_in(text)
    assert (to, link in page.text) == (NEW, True)
    assert NEW in lead.get("/workspace/staff").text
    assert "Join" in client.get(link).text
    assert client.post(link, data=JOIN).status_code == 200
    assert grants_of(runtime, NEW) == {Granted(Role.ANALYST, "/kmd/east/")}
    joined = Browser(app, NEW, JOIN["password"])
    assert joined.get("/dashboard").status_code == 200
    assert joined.get("/workspace").status_code == 403
    assert "Nia New" in lead.get("/workspace/staff").text
    assert [entry.about for entry in trail(runtime, "staff invite")] == [
        f"email={NEW} role=analyst at=/kmd/east/"
    ]
    assert len(trail(runtime, "staff join")) == 1


@ON_SQLITE
def test_a070_a_forwarded_used_old_or_invented_link_is_refused_alike(runtime, admin, client, clock):
    def invited(**changed):
        admin.post("/workspace/staff/invite", **EAST_ANALYST | changed)
        return link_in(mails(runtime)[-1][1])

    def tried(link, **changed):
        home = {"REMOTE_ADDR": f"10.1.0.{len(refused)}"}
        return plain(client.post(link, data=JOIN | changed, environ_overrides=home))

    refused = []
    forwarded = invited()
    refused.append(tried(forwarded, email="other@example.org"))
    refused.append(tried(forwarded, email="other@example.org", password="short"))
    older, newer = invited(email="two@example.org"), invited(email="two@example.org")
    refused.append(tried(older, email="two@example.org"))  # the newer one replaced it
    assert tried(newer, email="two@example.org")[0] == 200
    refused.append(tried(newer, email="two@example.org"))  # used
    taken_back = invited(email="three@example.org")
    number = all_of(runtime.database, StaffPass)[-1].id
    assert admin.post(f"/workspace/staff/invitations/{number}/take-back").status_code == 303
    refused.append(tried(taken_back, email="three@example.org"))
    guessed = invited(email="four@example.org")
    refused += [tried(guessed, email=f"g{number}@example.org") for number in range(5)]
    refused.append(tried(guessed, email="four@example.org"))  # tried too often
    refused.append(tried("/join/" + "x" * 32))
    known = invited(email="lead@example.org")  # has an account: only its password proves who it is
    refused.append(tried(known, email="lead@example.org", password="not my password"))
    assert tried(forwarded)[0] == 200
    late = invited(email="five@example.org")
    clock.advance(hours=48, seconds=1)
    refused.append(tried(late, email="five@example.org"))
    assert {one[0] for one in refused} == {404}
    assert all(one == refused[0] for one in refused)
    assert plain(client.get(late)) == plain(client.get("/join/none"))


@ON_SQLITE
def test_a067_inviting_a_known_address_looks_like_any_other_and_adds_a_role(app, runtime, admin, client):
    pages = []
    for address in ("lead@example.org", NEW):
        page = admin.post("/workspace/staff/invite", **EAST_ANALYST | {"email": address})
        shown = link_in(mails(runtime)[-1][1])
        pages.append(page.text.replace(address, "").replace(shown, ""))
    assert re.sub(r"nonce-\S+", "", pages[0]) == re.sub(r"nonce-\S+", "", pages[1])
    person = Browser(app, "lead@example.org")
    link = link_in(mails(runtime)[0][1])
    assert client.post(link, data={"email": "lead@example.org", "password": PASSWORD}).status_code == 200
    assert person.get("/dashboard").status_code == 303  # signed out: roles are another
    assert Granted(Role.ANALYST, "/kmd/east/") in grants_of(runtime, "lead@example.org")


@ON_SQLITE
@pytest.mark.parametrize(
    "asked",
    [
        {"role": "administrator", "place": "east"},
        {"role": "lead", "place": "east"},
        {"role": "auditor", "place": "east"},
        {"role": "analyst", "place": "west"},
        {"role": "analyst", "place": "kmd"},
        {"role": "analyst", "place": "atlantis"},
        {"role": "emperor", "place": "east"},
        {"role": "analyst", "place": "atlantis", "place_path": "/kmd/", "path": "/kmd/"},
    ],
)
def test_a064_nobody_gives_beyond_their_places_or_rank(runtime, lead, staff, asked):
    east = staff["east@example.org"]
    refused = lead.post("/workspace/staff/invite", email=NEW, **asked)
    assert (refused.status_code, all_of(runtime.database, StaffPass)) == (422, [])
    before = grants_of(runtime, "east@example.org")
    assert lead.post(f"/workspace/staff/{east}/roles", **asked).status_code == 422
    assert grants_of(runtime, "east@example.org") == before


@ON_SQLITE
def test_accounts_out_of_reach_are_unknown_and_those_of_higher_rank_only_seen(lead, admin, staff, app):
    officer = staff["officer@example.org"]
    for turn in ("", "/roles", "/roles/take", "/close", "/unlock", "/code"):
        reply = lead.post(f"/workspace/staff/{officer}{turn}") if turn else lead.get(
            f"/workspace/staff/{officer}"
        )  # fmt: skip
        assert reply.status_code == 404, turn
    assert "officer@example.org" not in lead.get("/workspace/staff").text
    admin.post(f"/workspace/staff/{officer}/roles", role="survey_officer", place="riverside")
    page = lead.get(f"/workspace/staff/{officer}").text  # has a role in the east now, beside the whole
    assert "Not yours to take" in page
    assert "They also have a role where you have none." in page
    assert lead.post(f"/workspace/staff/{officer}/close").status_code == 403
    assert lead.post(
        f"/workspace/staff/{officer}/roles/take", role="survey_officer", place="riverside"
    ).status_code == 422  # fmt: skip


def test_roles_and_accounts_change_at_once_and_the_last_administrator_stays(app, runtime, admin, staff):
    officer, own = staff["officer@example.org"], staff["admin@example.org"]
    person = Browser(app, "officer@example.org")
    taken = admin.post(f"/workspace/staff/{officer}/roles/take", role="survey_officer", place="kmd")
    assert (taken.status_code, person.get("/workspace").status_code) == (303, 303)
    admin.post(f"/workspace/staff/{officer}/roles", role="administrator", place="kmd")
    other = Browser(app, "officer@example.org")
    assert other.get("/workspace/audit").status_code == 200
    assert admin.post(f"/workspace/staff/{own}/close").status_code == 403  # nobody closes their own
    assert admin.post(f"/workspace/staff/{officer}/close").status_code == 303
    assert other.get("/workspace/audit").status_code == 303
    assert enter(app, "officer@example.org")[1].status_code == 401
    assert admin.post(f"/workspace/staff/{officer}/reopen").status_code == 303
    other = Browser(app, "officer@example.org")
    assert other.post(f"/workspace/staff/{own}/close").status_code == 303  # there are two
    last = other.post(f"/workspace/staff/{officer}/roles/take", role="administrator", place="kmd")
    assert last.status_code == 403  # nobody takes their own either
    assert grants_of(runtime, "officer@example.org") == {Granted(Role.ADMINISTRATOR, "/kmd/")}
    assert {entry.did for entry in all_of(runtime.database, AuditEntry)} >= {
        "staff role taken",
        "staff role given",
        "staff close",
        "staff reopen",
    }


@ON_SQLITE
def test_a_locked_account_and_a_lost_phone_are_helped(app, runtime, admin, staff):
    officer = staff["officer@example.org"]
    with runtime.database.writing() as session:
        locked = sa.update(Staff).where(Staff.id == officer)
        session.execute(locked.values(locked_until=runtime.clock().replace(year=2027)))
    assert "Locked" in admin.get("/workspace/staff").text
    assert enter(app, "officer@example.org")[1].status_code == 401
    admin.post(f"/workspace/staff/{officer}/unlock")
    person = Browser(app, "officer@example.org")
    assert admin.post(f"/workspace/staff/{officer}/code").status_code == 303
    assert person.get("/dashboard").status_code == 303


@ON_SQLITE
def test_a067_a_forgotten_password_is_answered_alike_and_the_link_sets_another_once(
    app, runtime, staff, clock
):
    stranger, post = app.test_client(), app.extensions["account-post"]
    said = [
        plain(stranger.post("/sign-in/reset", data={"email": address}))
        for address in ("lead@example.org", "unknown@example.org", "x", "")
    ]
    assert all(one == said[0] for one in said)
    post.wait()
    ((to, text),) = mails(runtime)
    person, link = Browser(app, "lead@example.org"), link_in(text)
    form = {"email": to, "password": "another river boat"}
    dead = plain(stranger.post(link, data=form | {"email": "east@example.org"}))
    assert dead[0] == 404
    assert stranger.post(link, data=form | {"password": "short"}).status_code == 422
    assert stranger.post(link, data=form).status_code == 200
    assert person.get("/dashboard").status_code == 303
    assert enter(app, "lead@example.org", form["password"])[1].status_code == 303
    assert plain(stranger.post(link, data=form)) == dead
    stranger.post("/sign-in/reset", data={"email": to})
    post.wait()
    clock.advance(hours=1, seconds=1)
    assert plain(stranger.post(link_in(mails(runtime)[-1][1]), data=form)) == dead


@ON_SQLITE
def test_taking_data_away_asks_why_and_writes_it_down_first(runtime, admin, lead):
    for browser, file in ((admin, "/workspace/audit/trail.csv"), (lead, "/dashboard/figures.csv")):
        assert "What is it for?" in browser.get(file).text
        for short in ("", "board", " b o a r "):
            reply = browser.post(file, reason=short)
            assert (reply.status_code, "attachment" in str(reply.headers)) == (422, False)
        assert trail(runtime, "export")[1:] == []
        reply = browser.post(file, reason="for the board on Monday")
        assert "attachment" in reply.headers["Content-Disposition"]
        assert trail(runtime, "export")[-1].reason == "for the board on Monday"
    assert [entry.by for entry in trail(runtime, "export")] == ["admin@example.org", "east@example.org"]
    assert "/kmd/east/" in trail(runtime, "export")[-1].about


@ON_SQLITE
def test_everybody_begins_on_a_page_that_is_theirs(app, runtime, staff):
    with runtime.database.writing() as session:
        for address, role in (("east@example.org", "auditor"), ("officer@example.org", "responder")):
            theirs = sa.update(Grant).where(Grant.staff_id == staff[address])
            session.execute(theirs.values(role=role, place_path="/kmd/"))
    homes = [enter(app, f"{name}@example.org")[1].location for name in ("lead", "east", "officer", "admin")]
    assert homes == ["/dashboard", "/workspace/audit", "/workspace/alerts", "/dashboard"]


def test_navigation_has_no_second_line_for_a_single_page_and_names_where_one_is(app, staff, runtime):
    with runtime.database.writing() as session:
        session.add_all([Grant(staff_id=staff["officer@example.org"], role=Role.AUDITOR, place_path="/kmd/")])
        session.execute(sa.delete(Grant).where(Grant.role == Role.SURVEY_OFFICER))
    page = enter(app, "officer@example.org")[0].get("/workspace/audit").text
    assert '<a href="/workspace/audit" aria-current="page">Audit</a>' in page
    assert 'aria-label="Workspace"' not in page
    assert "<summary>Menu</summary>" not in page  # one page needs no menu
    assert "signed in" in page
    assert "accounts.enter" not in page
    page = enter(app, "lead@example.org")[0].get("/dashboard/elements/outcomes.experience.3").text
    assert '<a href="/dashboard/model" aria-current="page">Logic model</a>' in page
    assert "<summary>Menu</summary>" in page
    astray = enter(app, "lead@example.org")[0].get("/dashboard/places/nowhere")
    assert astray.status_code == 404
    assert '<a href="/account">Your account</a> has the menu' in astray.text


def test_a_fault_of_ones_own_account_stands_beside_its_field(app, staff):
    lead = Browser(app, "lead@example.org")
    reply = lead.post("/account/password", password="wrong", new_password="three green lanterns")
    assert reply.status_code == 422
    assert 'href="#old"' in reply.text
    assert 'id="old-error"' in reply.text
    reply = lead.post("/account/password", password=PASSWORD, new_password="short")
    assert 'id="new_password-error"' in reply.text
