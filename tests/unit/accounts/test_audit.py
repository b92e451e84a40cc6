from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from survey_app.accounts.audit.proof import BadHead, anchor, faults_in, head_of, heads_in
from survey_app.accounts.audit.tables import AuditEntry
from survey_app.accounts.audit.trail import Deed, latest, write

TRIGGERS = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
LAX = ("ALTER TABLE audit_entry DISABLE TRIGGER ALL",)


@pytest.fixture
def trail(database, keys, clock):
    with database.writing() as session:
        for number in range(1, 6):
            write(
                session,
                Deed("ada@example.org", "workspace.seen", f"alert_id={number}"),
                keys=keys,
                now=clock(),
            )
            clock.advance(minutes=1)
    return database


def tamper(database, statement):
    """Change the trail as the owner of the database could."""
    with database.writing() as session:
        for each in TRIGGERS if database.is_sqlite else LAX:
            session.execute(sa.text(each))
        session.execute(sa.text(statement))


def faults(database, keys, heads=()):
    with database.reading() as session:
        return list(faults_in(session, keys, list(heads)))


def test_an_untouched_trail_has_no_fault_and_reads_newest_first(trail, keys):
    assert faults(trail, keys) == []
    with trail.reading() as session:
        assert [entry.number for entry in latest(session, before=4, limit=2)] == [3, 2]
        assert latest(session, by="bob@example.org") == []


def test_the_database_itself_refuses_to_change_or_delete_an_entry(trail):
    for change in (sa.update(AuditEntry).values(by="bob"), sa.delete(AuditEntry)):
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), trail.writing() as session:
            session.execute(change)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_entry SET by = 'bob@example.org' WHERE number = 3", "entry 3 was changed"),
        ("DELETE FROM audit_entry WHERE number IN (2, 3)", "entries 2 to 3 are missing"),
        (
            "UPDATE audit_entry SET seal = (SELECT seal FROM audit_entry WHERE number = 1) WHERE number = 4",
            "entry 4",
        ),
    ],
)
def test_an_edit_or_a_deletion_inside_the_trail_is_found(trail, keys, statement, said):
    tamper(trail, statement)

    assert any(said in fault for fault in faults(trail, keys))


def test_a_tail_cut_off_is_found_by_the_head_outside_the_database(trail, keys, clock, tmp_path):
    path = tmp_path / "audit" / "heads"
    with trail.reading() as session:
        head = head_of(session)
    assert anchor(head, path, now=clock())
    assert not anchor(head, path, now=clock())
    assert faults(trail, keys, heads_in(path)) == []

    tamper(trail, "DELETE FROM audit_entry WHERE number > 3")

    assert faults(trail, keys) == []
    assert faults(trail, keys, heads_in(path)) == [
        "the end of the trail was cut off: entry 5 stood there once"
    ]


def test_a_trail_written_anew_with_another_key_is_found(trail, keys):
    assert len(faults(trail, replace(keys, index=b"x" * 32))) == 5


def test_a_head_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "heads").write_text("yesterday 5\n", encoding="utf-8")
    with pytest.raises(BadHead, match="line 1"):
        heads_in(tmp_path / "heads")
