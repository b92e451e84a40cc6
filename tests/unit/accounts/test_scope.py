from survey_app.accounts.scope import Granted, SignedIn, has_role, may_see
from survey_app.accounts.tables import Role

EAST = SignedIn(1, "Eve", "eve@example.org", (Granted(Role.LEAD, "/kmd/east/"),))


def test_a_role_reaches_its_place_and_below_only():
    assert may_see(EAST, "/kmd/east/")
    assert may_see(EAST, "/kmd/east/riverside/")
    assert not may_see(EAST, "/kmd/")
    assert not may_see(EAST, "/kmd/west/")
    assert not may_see(EAST, "/kmd/eastern/")


def test_somebody_without_a_role_sees_nothing():
    assert not may_see(SignedIn(1, "No", "no@example.org", ()), "/")


def test_a_role_counts_only_where_it_is_held():
    assert has_role(EAST, {Role.LEAD})
    assert has_role(EAST, {Role.LEAD}, "/kmd/east/riverside/")
    assert not has_role(EAST, {Role.LEAD}, "/kmd/west/")
    assert not has_role(EAST, {Role.ADMINISTRATOR})


def test_paths_are_the_topmost_ones():
    both = SignedIn(
        1,
        "B",
        "b@example.org",
        (Granted(Role.LEAD, "/kmd/east/"), Granted(Role.SURVEY_OFFICER, "/kmd/east/riverside/")),
    )
    assert both.paths == ("/kmd/east/",)
