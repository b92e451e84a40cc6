"""Commands that bring in places and people from files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_app.ask.outreach.excluding import exclude
from survey_app.ask.population.importing.taking import ImportReport, Taking, take_list
from survey_app.ask.population.places import import_places
from survey_app.ask.population.residents import import_population
from survey_app.ask.population.sheets import MAX_BYTES, BadRows
from survey_app.cli.noting import note
from survey_app.hear.erasure.marks import erased
from survey_app.know.aggregation.moves import move_place

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def people() -> None:
    """Participants: who may be asked."""


@click.group()
def places() -> None:
    """The tree of places: system, places, localities, practices."""


@people.command("import")
@click.argument("file", type=FILE)
@click.option("--once-erased-too", is_flag=True, help="Also take people who asked to be erased before.")
@click.pass_obj
def import_people_file(runtime: Callable[[], Runtime], file: Path, *, once_erased_too: bool) -> None:
    """Add or update the participants of FILE (CSV, UTF-8); all or nothing, every bad line named."""
    needs = runtime()
    try:
        with needs.database.writing() as session:
            marks = erased(session)
            taking = Taking(needs.keys, needs.clock(), erased=marks, once_erased_too=once_erased_too)
            report = take_list(session, _read(file), needs.breakdown, taking)
    except BadRows as error:
        raise _refused(error) from None
    note(needs, "people import", f"added={report.n_added} updated={report.n_updated}")
    for line in said(report):
        click.echo(line)


@people.command("exclude")
@click.argument("file", type=FILE)
@click.pass_obj
def exclude_people_file(runtime: Callable[[], Runtime], file: Path) -> None:
    """Leave the people of FILE alone (CSV: reference,reason,from,until[,source]); all or nothing."""
    needs = runtime()
    try:
        with needs.database.writing() as session:
            report, n_withdrawn = exclude(session, _read(file), now=needs.clock())
    except BadRows as error:
        raise _refused(error) from None
    click.echo(
        f"{report.n_now} people are left alone from now, {report.n_later} from a later day; {report.n_over} "
        f"entries are over already; {n_withdrawn} waiting texts were taken back"
    )
    if report.unknown:
        click.echo(f"{len(report.unknown)} are not on our list: {_lines(report.unknown)}")


@places.command("import")
@click.argument("file", type=FILE)
@click.pass_obj
def import_places_file(runtime: Callable[[], Runtime], file: Path) -> None:
    """Add or rename the places of FILE (CSV, UTF-8); all or nothing, every bad line named."""
    try:
        with runtime().database.writing() as session:
            n_places = import_places(session, _read(file))
    except BadRows as error:
        raise _refused(error) from None
    click.echo(f"{n_places} places imported")


@places.command("population")
@click.argument("file", type=FILE)
@click.pass_obj
def import_population_file(runtime: Callable[[], Runtime], file: Path) -> None:
    """Take in how many people of each category live at each locality (CSV: place,category,people)."""
    needs = runtime()
    try:
        with needs.database.writing() as session:
            n_rows = import_population(session, _read(file), needs.breakdown)
    except BadRows as error:
        raise _refused(error) from None
    click.echo(f"{n_rows} rows of the population taken in: quarterly figures can be weighted")


@places.command("move")
@click.argument("place_id")
@click.argument("parent_id")
@click.option("--from", "from_day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.pass_obj
def move_locality(
    runtime: Callable[[], Runtime], place_id: str, parent_id: str, from_day: dt.datetime
) -> None:
    """Let a locality stand under another place from the quarter of a day on; what is counted stays."""
    with runtime().database.writing() as session:
        move_place(session, place_id=place_id, parent_id=parent_id, from_day=from_day.date())
    click.echo(f"{place_id} stands under {parent_id} from the quarter of {from_day.date()} on")


def said(report: ImportReport) -> list[str]:
    """Return an import's outcome in sentences."""
    lines = [f"{report.n_added} people added, {report.n_updated} updated"]
    if report.suppressed:
        lines.append(
            f"{len(report.suppressed)} not asked, an address of theirs objected: {_lines(report.suppressed)}"
        )
    if report.withdrawn:
        lines.append(f"{len(report.withdrawn)} not asked, they withdrew: {_lines(report.withdrawn)}")
    if report.without_phone:
        lines.append(
            f"{len(report.without_phone)} cannot be asked, no address: {_lines(report.without_phone)}"
        )
    return lines


def _lines(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(number) for number in numbers[:20])
    return f"lines {shown} and {len(numbers) - 20} more" if len(numbers) > 20 else f"lines {shown}"


def _read(file: Path) -> bytes:
    # One byte more than allowed is enough for the size check; a larger file is never held in memory.
    with file.open("rb") as handle:
        return handle.read(MAX_BYTES + 1)


def _refused(error: BadRows) -> click.ClickException:
    n_faults = len(error.faults)
    return click.ClickException(f"nothing was imported, {n_faults} faults:\n{error}")
