"""Pure rooms import the standard library and the product; statistics also numpy and scipy."""

from __future__ import annotations

import sys

import grimp
import pytest

from tests.guards.sources import calls, modules, parsed, where

PURE = {
    "survey_app.ask.instruments": set(),
    "survey_app.hear.reading": set(),
    "survey_app.know.measures": set(),
    "survey_app.know.disclosure.auditor": set(),
    "survey_app.know.disclosure.equations": set(),
    "survey_app.know.disclosure.lightest": set(),
    "survey_app.know.disclosure.witnesses": set(),
    "survey_app.stats": {"numpy", "scipy"},
}
FINDS_TABLES = "survey_app/cli/database.py"
LOADS_COMMANDS = "survey_app/cli/commands.py"
"""Stands above every room, and loads only its neighbours: no contract could be broken unseen."""


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("survey_app", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_imports_only_the_standard_library(graph, room):
    inside = {room, *graph.find_descendants(room)}
    imported = set().union(*(graph.find_modules_directly_imported_by(module) for module in inside))
    outside = {name for name in imported if name.split(".")[0] != "survey_app"}
    assert outside - set(sys.stdlib_module_names) - PURE[room] == set()


def test_nothing_is_imported_by_a_name_that_import_contracts_cannot_see():
    hidden = {"import_module", "__import__", "spec_from_file_location", "run_module"}
    found = {where(path) for path in modules() for name, _ in calls(parsed(path)) if name in hidden}
    assert found <= {FINDS_TABLES, LOADS_COMMANDS}
