"""Templates stand on their own room and the foundation's layouts, and never switch escaping off."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.guards.sources import PACKAGE, where

FOUNDATION = PACKAGE / "web" / "templates"
LOADS = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']")
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:\ssrc=|nonce=))")
UNESCAPED = re.compile(r"autoescape\s+false|\|\s*safe\b|javascript:")
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def room_of(path: Path) -> Path:
    return next(parent for parent in path.parents if parent.name == "templates")


def offending(pattern: re.Pattern[str]) -> list[str]:
    return [where(path) for path in TEMPLATES if pattern.search(path.read_text(encoding="utf-8"))]


def test_a_template_loads_only_its_own_room_and_the_foundation():
    loads = [(path, name) for path in TEMPLATES for name in LOADS.findall(path.read_text(encoding="utf-8"))]
    assert loads
    known = {path: (room_of(path), FOUNDATION) for path in TEMPLATES}
    assert [
        (where(path), name) for path, name in loads if not any((f / name).exists() for f in known[path])
    ] == []


def test_no_two_rooms_have_a_template_of_the_same_name():
    names = Counter(str(path.relative_to(room_of(path))) for path in TEMPLATES)
    assert [name for name, n_rooms in names.items() if n_rooms > 1] == []


def test_escaping_is_never_switched_off_in_a_template():
    assert offending(UNESCAPED) == []


def test_templates_carry_no_inline_script_or_style():
    assert offending(INLINE) == []
