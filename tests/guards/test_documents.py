"""Documents are true: paths exist, decisions have their parts, and no file names a machine."""

from __future__ import annotations

import re

import pytest

from tests.guards.sources import ROOT, tracked_files, where

DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PATH = re.compile(r"`([\w.][\w./-]*/[\w./-]*|[\w.-]+\.(?:py|toml|md|txt|in))`")
MACHINE = re.compile(r"/(?:home|Users|work|root)/[a-z]|\.internal\b|artifactory|nexus|(?:extra-|--)index")
READABLE = {".py", ".md", ".toml", ".txt", ".in", ".html", ".scss", ".css", ".js", ".yaml", ".csv", ".json"}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "SECURITY.md"])
def test_every_path_a_document_names_exists(name):
    named = set(PATH.findall((ROOT / name).read_text(encoding="utf-8")))
    assert named
    here, names = (ROOT, ROOT / "survey_app"), {path.name for path in tracked_files()}
    known = {path for path in named if any((folder / path).exists() for folder in here) or path in names}
    assert sorted(named - known) == []


def test_decisions_are_numbered_without_gaps():
    assert DECISIONS
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=where)
def test_a_decision_says_its_state_its_day_and_what_follows(path):
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {int(path.name[:4])}\. \S", text)
    assert re.search(r"^Status: (Accepted|Proposed|Superseded by \d+)$", text, re.MULTILINE)
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for path in tracked_files():
        if path.suffix in READABLE and path.name != "test_documents.py" and "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{where(path)}: {hit.group()}" for hit in MACHINE.finditer(text)]
    assert found == []
