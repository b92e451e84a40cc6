"""Migrations: bring a database up to date, say what is missing, prove that tables and migrations agree."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError

from survey_app.database import Base, Database
from survey_app.settings import ROOT, load_settings

MIGRATIONS = ROOT / "migrations"
HEAD_FILE = MIGRATIONS / ".current-head"


def all_tables() -> sa.MetaData:
    """Return the tables of every room, found by the one file name that holds tables."""
    for path in sorted((ROOT / "survey_app").rglob("tables.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return Base.metadata


def upgrade(database: Database) -> None:
    """Apply every migration not yet applied, all or none."""
    with database.writing() as session:
        command.upgrade(_config(session.connection()), "head")


FEW = 3
"""So many migrations are told by name; an empty database lacks all of them."""


def lacking(missing: list[str]) -> str:
    """Say which migrations a database lacks, and what to do."""
    named = ", ".join(missing)
    if len(missing) > FEW:
        first, last = (name.split()[0] for name in (missing[0], missing[-1]))
        named = f"{first} to {last}, {len(missing)} migrations"
    return f"the database lacks {named}: run `python -m survey_app db upgrade`"


def pending(database: Database) -> list[str]:
    """Return the migrations a database still lacks, oldest first; one ahead of this code lacks none."""
    script = ScriptDirectory.from_config(_config())
    with database.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    try:
        applied = {step.revision for step in script.iterate_revisions(heads, "base")}
    except (
        RevisionError
    ):  # a newer release migrated first; it keeps what this one needs: expand, then contract
        return []
    steps = reversed(list(script.walk_revisions()))
    return [f"{step.revision} {step.doc}" for step in steps if step.revision not in applied]


def drift(database: Database) -> list[str]:
    """Return every difference between the rooms' tables, the migrations and the committed head."""
    script = ScriptDirectory.from_config(_config())
    faults = [f"migration {step} has not been applied" for step in pending(database)]
    committed = HEAD_FILE.read_text(encoding="utf-8").split()
    if committed != list(script.get_heads()):
        faults.append(f"migrations/.current-head says {committed}, the newest is {script.get_heads()}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        changes = compare_metadata(context, all_tables())
    faults += [f"tables and migrations differ: {_said(change)}" for change in changes]
    return faults


def _said(change: Any) -> str:  # noqa: ANN401 - Alembic's own shape: a tuple, or a list of them for one column
    first = change[0] if isinstance(change, list) else change
    return " ".join(
        str(getattr(part, "name", part)) for part in first if isinstance(part, str) or hasattr(part, "name")
    )


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@click.group("db")
def db() -> None:
    """Migrations."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database up to date."""
    database = Database(load_settings().database_url)
    steps = pending(database)
    upgrade(database)
    click.echo("\n".join(f"applied {step}" for step in steps) or "nothing to do: the database is up to date")


@db.command("check")
def check_command() -> None:
    """Exit 1, naming each difference, when tables, migrations and database do not agree."""
    faults = drift(Database(load_settings().database_url))
    click.echo("\n".join(faults) or "tables, migrations and database agree")
    raise SystemExit(1 if faults else 0)


@db.command("revision")
@click.argument("what")
def revision_command(what: str) -> None:
    """Write the next numbered migration from what tables and database differ in, for you to correct."""
    number = f"{len(list((MIGRATIONS / 'versions').glob('0*.py'))) + 1:04}"
    with Database(load_settings().database_url).writing() as session:
        command.revision(_config(session.connection()), what, autogenerate=True, rev_id=number)
    HEAD_FILE.write_text(f"{number}\n", encoding="utf-8")
    click.echo(
        f"wrote migrations/versions/{number}_*.py: read it, correct it, then run `db upgrade` and `db check`"
    )
