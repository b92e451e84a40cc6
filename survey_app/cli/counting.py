"""Commands that count by hand, set neighbour groups, and print a series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import click

from survey_app.bootstrap import Runtime
from survey_app.clock import london_day
from survey_app.jobs import counting
from survey_app.know.aggregation.grouping import set_bin, set_group
from survey_app.know.disclosure.proposing import confirm, propose
from survey_app.know.evidence.store import stored

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--day", type=DAY, default=None, help="Business date (Europe/London); without it, every date not yet run."
)
@click.pass_obj
def nightly(runtime: Callable[[], Runtime], day: dt.datetime | None) -> None:
    """Settle, count and release; may be run at any time and twice."""
    if day is None:
        days = counting.catch_up(runtime())
        click.echo(f"{len(days)} dates run" if days else "nothing to do: every date has been run")
        return
    click.echo(f"{counting.nightly(runtime(), day.date())} blocks closed on {day.date()}")


@click.command("top-up")
@click.pass_obj
def top_up(runtime: Callable[[], Runtime]) -> None:
    """Count what has just finished; may be run at any time and twice."""
    click.echo(f"{counting.top_up(runtime())} blocks closed")


@click.command()
@click.option("--measure", required=True, help="Measure id, for example ex.say.mean.")
@click.option("--place", required=True, help="Place or neighbour group id.")
@click.option("--element", default=None, help="Show the series under this logic-model element.")
@click.pass_obj
def series(runtime: Callable[[], Runtime], measure: str, place: str, element: str | None) -> None:
    """Print one series as JSON, exactly as its page shows it."""
    with runtime().database.reading() as session:
        found = stored(session, measure, place)
    if found is None:
        raise click.ClickException(f"nothing has been released of {measure} at {place}")
    click.echo((found if element is None else replace(found, element=element)).to_json())


@click.group()
def groups() -> None:
    """Neighbour groups: small places that are counted together."""


@groups.command("propose")
@click.option("--confirm", "by", default=None, help="Your name: the proposal holds from the next quarter on.")
@click.pass_obj
def propose_groups(runtime: Callable[[], Runtime], by: str | None) -> None:
    """Propose groups and bins for the next quarter from the volume of the last one."""
    needs = runtime()
    with needs.database.writing() as session:
        plan = propose(session, london_day(needs.clock()))
        if by is not None:
            confirm(session, plan, by=by, now=needs.clock())
    click.echo(f"from {plan.quarter}{' on, confirmed by ' + by if by else ', proposed'}:")
    for unit in plan.units:
        together = f" ({', '.join(unit.places)} together)" if unit.is_group else ""
        click.echo(f"  {unit.name}{together}: {unit.weeks} week{'s' if unit.weeks > 1 else ''} a bin")


@groups.command("set")
@click.argument("group_id")
@click.argument("places", nargs=-1, required=True)
@click.option("--name", required=True, help="The name people know.")
@click.option(
    "--from", "from_day", type=DAY, default=None, help="A day of the first quarter; default: this quarter."
)
@click.option("--weeks", type=int, default=1, help="Weeks in a bin: 1, 2, 4 or 13.")
@click.pass_obj
def set_places(
    runtime: Callable[[], Runtime],
    group_id: str,
    places: tuple[str, ...],
    name: str,
    from_day: dt.datetime | None,
    weeks: int,
) -> None:
    """Count PLACES of one parent together as GROUP_ID from a quarter on."""
    needs = runtime()
    day = from_day.date() if from_day else london_day(needs.clock())
    with needs.database.writing() as session:
        set_group(session, group_id=group_id, name=name, places=places, from_day=day)
        set_bin(session, unit_id=group_id, weeks=weeks, from_day=day)
    click.echo(f"{name} counts {', '.join(places)} together")
