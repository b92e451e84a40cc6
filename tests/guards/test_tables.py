"""A room writes only its own tables; rooms above may read them."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.guards.sources import PACKAGE, calls, modules, parsed, where

WRITES = {"insert", "update", "delete", "upsert", "insert_or_ignore", "bulk_insert_mappings"}
Tables = dict[tuple[str, str], Path]


def tables_of(package: Path) -> Tables:
    """Return (module, class) -> the folder that may write it."""
    found = {}
    for path in sorted(package.rglob("tables.py")):
        module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        for node in parsed(path).body:
            bases = [getattr(parent, "id", "") for parent in getattr(node, "bases", [])]
            if isinstance(node, ast.ClassDef) and "Base" in bases:
                found[module, node.name] = path.parent
    return found


def foreign_writes(path: Path, tables: Tables) -> list[str]:
    """Return what a module writes that belongs to another room."""
    tree, here = parsed(path), where(path)
    named = _named(tree, tables)
    foreign = {local for local, folder in named.items() if not path.is_relative_to(folder)}
    found = []
    for name, call in calls(tree):
        made = {_table(call.func)} & foreign
        written = {_table(argument) for argument in call.args} & foreign if name in WRITES else set()
        found += [f"{here}:{call.lineno} makes a {table}" for table in made]
        found += [f"{here}:{call.lineno} {name}s {table}" for table in written]
    return found + [f"{here}:{line} changes {name}" for line, name in _changed(tree, foreign)]


def _named(tree: ast.Module, tables: Tables) -> dict[str, Path]:
    # `from room.tables import Row as Line` gives "Line"; `from room import tables as them` gives "them.Row".
    names = {}
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]:
        for alias in node.names:
            local = alias.asname or alias.name
            if (node.module, alias.name) in tables:
                names[local] = tables[node.module, alias.name]
            theirs = {r: f for (m, r), f in tables.items() if m == f"{node.module}.{alias.name}"}
            names |= {f"{local}.{row}": folder for row, folder in theirs.items()}
    return names


def _table(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _changed(tree: ast.Module, foreign: set[str]) -> list[tuple[int, str]]:
    found = []
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        arguments = [*function.args.args, *function.args.kwonlyargs]
        theirs = {a.arg for a in arguments if a.annotation and _table(a.annotation) in foreign}
        assignments = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        targets = [(node.lineno, _table(target)) for node in assignments for target in node.targets]
        found += [(line, name) for line, name in targets if "." in name and name.split(".")[0] in theirs]
    return found


def test_tables_are_written_only_by_their_room():
    tables = tables_of(PACKAGE)
    assert len(tables) > 20
    assert [fault for path in modules() for fault in foreign_writes(path, tables)] == []


def test_every_way_of_writing_a_foreign_table_is_noticed(tmp_path):
    stranger = tmp_path / "stranger.py"
    stranger.write_text(
        "import sqlalchemy as sa\n"
        "from survey_app.ask.outreach import tables as theirs\n"
        "from survey_app.ask.outreach.tables import Invitation as Line\n"
        "def f(session, line: Line):\n"
        "    session.execute(sa.update(Line).values(state='open'))\n"
        "    insert_or_ignore(session, theirs.Campaign, [])\n"
        "    session.add(Line(id=1))\n"
        "    line.state = 'open'\n"
        "    return sa.select(Line)\n",
        encoding="utf-8",
    )
    assert len(foreign_writes(stranger, tables_of(PACKAGE))) == 4
