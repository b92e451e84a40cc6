from __future__ import annotations

import pytest

from survey_app.ask.population import places
from survey_app.ask.population.sheets import BadRows
from survey_app.ask.population.tables import PlaceKind
from tests.unit.ask.population.tree import TREE


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def tree(session):
    assert places.import_places(session, TREE) == 7
    return session


def refusal(session, text):
    before = [(found.id, found.name, found.code) for found in places.all_places(session)]
    with pytest.raises(BadRows) as refused:
        places.import_places(session, text)
    assert [(found.id, found.name, found.code) for found in places.all_places(session)] == before
    return str(refused.value)


def test_a_tree_is_stored_with_the_path_of_each_place_whatever_the_order_of_rows(tree):
    elm = places.place(tree, "elm")
    assert (elm.kind, elm.code, elm.path) == (PlaceKind.PRACTICE, "P1", "/county/town/north/elm/")
    assert places.top(tree).path == "/county/"
    assert places.place(tree, "nowhere") is None


def test_children_and_localities_under_follow_the_tree(tree):
    assert [found.id for found in places.children(tree, "town")] == ["north", "south"]
    assert [found.id for found in places.localities_under(tree, "county")] == ["coast", "north", "south"]
    assert [found.id for found in places.localities_under(tree, "north")] == ["north"]
    assert places.localities_under(tree, "nowhere") == []


def test_ancestors_are_the_ids_above_from_the_top():
    assert places.ancestors("/county/town/north/") == ("county", "town")
    assert places.ancestors("/county/") == ()


def test_importing_again_renames_and_adds(tree):
    again = TREE.replace("North,", "New North,") + "oak,Oak Surgery,practice,P2,south\n"
    places.import_places(tree, again)
    assert places.place(tree, "north").name == "New North"
    assert places.place(tree, "oak").path == "/county/town/south/oak/"


def test_rows_may_stand_on_places_that_are_there_already(tree):
    assert places.import_places(tree, "id,name,kind,code,parent\nash,Ash,practice,P3,coast\n") == 1
    assert places.place(tree, "ash").path == "/county/shore/coast/ash/"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("West,West,locality,L9,town", "id must be"),
        ("west,,locality,L9,town", "name must have"),
        ("west,=West,locality,L9,town", "formula"),
        ("west,West,borough,L9,town", "kind must be one of system, place, locality, practice, not 'borough'"),
        ("west,West,locality,L 9,town", "code must be"),
        ("west,West,locality,L1,town", "code 'L1' belongs to 'north'"),
        ("west,West,locality,L9,gone", "parent 'gone' is not known"),
        ("west,West,locality,L9,county", "parent 'county' is a system; a locality needs a place"),
        ("west,West,locality,L9,", "parent '' is not known"),
        ("other,Other,system,S9,", "'county' is the system"),
        ("other,Other,system,S9,county", "a system has no parent"),
        ("north,North,locality,L1,shore", "an import moves no place"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(tree, row, reason):
    message = refusal(tree, f"id,name,kind,code,parent\nwell,Well,locality,L8,town\n{row}\n")
    assert message.startswith("line 3: ")
    assert reason in message


def test_an_id_twice_in_one_file_is_named(tree):
    assert "line 3: id 'well' stands twice" in refusal(
        tree, "id,name,kind,code,parent\nwell,Well,locality,L8,town\nwell,Well,locality,L7,town\n"
    )


def test_a_first_file_needs_a_system(session):
    assert "no place of kind system" in refusal(session, "id,name,kind,code,parent\n")
