"""What the guards look at: the modules, templates and tracked files of a checkout."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "survey_app"


def modules(folder: Path = PACKAGE) -> list[Path]:
    """Return every Python file below a folder."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield the last name of what is called, with the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield last_name(node.func), node


def last_name(node: ast.expr) -> str:
    """Return `insert` for `insert`, `sa.insert` and `sqlite.insert`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def where(path: Path) -> str:
    """Return a path as people write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def tracked_files() -> list[Path]:
    """Return the files of the repository, also where it came as an archive without its history."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    hidden = {".venv", ".git", ".data", "build", "__pycache__", "node_modules"}
    caches = (".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache", ".import_linter_cache")
    skipped = hidden.union(caches)
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped.intersection(path.parts)]
