"""Migrations are numbered one after the other, each says what it follows, and the head is committed."""

from __future__ import annotations

import re

from tests.guards.sources import ROOT

FILES = sorted((ROOT / "migrations" / "versions").glob("*.py"))
TEXTS = [path.read_text(encoding="utf-8") for path in FILES]


def test_migrations_are_numbered_without_gaps():
    assert [path.name[:5] for path in FILES] == [f"{number:04}_" for number in range(1, len(FILES) + 1)]


def test_each_migration_follows_the_one_before():
    numbers = [None, *(path.name[:4] for path in FILES)]
    follows = [re.search(r"^down_revision = (?:None|\"(\d{4})\")$", text, re.MULTILINE) for text in TEXTS]
    assert [match and match.group(1) for match in follows] == numbers[:-1]


def test_the_newest_migration_is_the_committed_head():
    head = (ROOT / "migrations" / ".current-head").read_text(encoding="utf-8").strip()
    assert head == FILES[-1].name[:4]


def test_a_migration_knows_no_room_because_rooms_change_after_it():
    imported = {
        name for text in TEXTS for name in re.findall(r"^(?:from|import) (survey_app\S*)", text, re.MULTILINE)
    }
    assert imported <= {"survey_app.database"}
