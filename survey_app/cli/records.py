"""Commands that take in operational measures from files."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa

from survey_app.ask.population.sheets import MAX_BYTES, BadRows
from survey_app.ask.population.tables import Place
from survey_app.know.records.importing import Sheet, take

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def records() -> None:
    """Operational measures: counted elsewhere, shown beside what people say."""


@records.command("import")
@click.argument("file", type=FILE)
@click.option("--source", default="", help="Where the figures come from, for example the name of a return.")
@click.pass_obj
def import_records(runtime: Callable[[], Runtime], file: Path, source: str) -> None:
    """Take in the records of FILE (CSV, UTF-8); all or nothing, every bad line named."""
    needs = runtime()
    with file.open("rb") as handle:
        sheet = Sheet(handle.read(MAX_BYTES + 1), file.name, source)
    try:
        with needs.database.writing() as session:
            places = set(session.scalars(sa.select(Place.id)))
            by = f"{getpass.getuser()} (command line)"
            found = take(session, sheet, needs.records, places, by=by, now=needs.clock())
    except BadRows as error:
        message = f"nothing was imported, {len(error.faults)} faults:\n{error}"
        raise click.ClickException(message) from None
    click.echo(f"{len(found.new)} new, {len(found.changed)} corrected, {found.n_same} as before")


@records.command("measures")
@click.pass_obj
def list_measures(runtime: Callable[[], Runtime]) -> None:
    """List the measures that a file may name."""
    for one in runtime().records.all:
        click.echo(f"{one.id:16} {one.period:8} {one.title} ({one.numerator} / {one.denominator or '-'})")
