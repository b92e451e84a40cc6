"""Modules keep to the house: sizes, names, one clock, and a docstring that says what each does."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.guards.sources import PACKAGE, ROOT, modules, parsed, where

MAX_LINES = 400
FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "constants", "manager"}
NOW = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}


def test_no_module_has_more_than_400_lines():
    every = [*modules(), *modules(ROOT / "tests"), ROOT / "wsgi.py"]
    sizes = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in every}
    assert {path: lines for path, lines in sizes.items() if lines > MAX_LINES} == {}


def test_no_module_is_a_drawer_for_everything():
    names = {name for path in modules() for name in path.relative_to(PACKAGE).with_suffix("").parts}
    assert names & FORBIDDEN == set()


def test_every_package_says_only_what_comes_in_and_what_goes_out():
    packages = {where(path): parsed(path).body for path in modules() if path.name == "__init__.py"}
    assert [path for path, body in packages.items() if len(body) != 1 or not _is_docstring(body[0])] == []


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for path in modules()}
    assert [where(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_module_opens_with_its_sentence_and_modern_annotations():
    assert [where(path) for path in modules() if not _opens_well(path)] == []


def test_only_the_clock_asks_what_time_it_is():
    assert [place for path in modules() if path.name != "clock.py" for place in _asks(path)] == []


def test_no_module_is_imported_relatively():
    assert [where(path) for path in modules() if any(map(_is_relative, ast.walk(parsed(path))))] == []


def test_each_question_type_has_one_web_field():
    from survey_app.ask.instruments.question_types.registry import QUESTION_TYPES
    from survey_app.hear.channels.web.fields import FIELDS

    assert set(FIELDS) == set(QUESTION_TYPES)


def _is_relative(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


def _opens_well(path: Path) -> bool:
    body = parsed(path).body
    futures = [node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    return bool(body) and _is_docstring(body[0]) and (bool(futures) or path.name == "__init__.py")


def _is_docstring(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _asks(path: Path) -> list[str]:
    attributes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)]
    return [f"{where(path)}:{node.lineno}" for node in attributes if f"{_owner(node)}.{node.attr}" in NOW]


def _owner(node: ast.Attribute) -> str:
    value = node.value
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
