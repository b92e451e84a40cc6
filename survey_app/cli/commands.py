"""The command line: one group, every command with help."""

from __future__ import annotations

import sys
from functools import cache

import click

from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.batch import replies, stats, texts
from survey_app.cli.counting import groups, nightly, series, top_up
from survey_app.cli.database import db
from survey_app.cli.demo.commands import demo
from survey_app.cli.doctor import doctor
from survey_app.cli.keys import keys
from survey_app.cli.people import people, places
from survey_app.cli.processes import jobs, serve, web, worker
from survey_app.cli.staff import staff
from survey_app.settings import load_settings


@cache
def runtime() -> Runtime:
    """Build the runtime once a process, and only for commands that need it."""
    return bootstrap(load_settings())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Near-real-time experience surveys for integrated health and social care."""
    context.obj = runtime


for command in (
    serve,
    web,
    jobs,
    worker,
    db,
    doctor,
    keys,
    demo,
    people,
    places,
    groups,
    staff,
    nightly,
    top_up,
    series,
    texts,
    replies,
    stats,
):
    cli.add_command(command)


def main() -> None:
    """Run a command; a fault is one plain line that says what to do, not a traceback."""
    try:
        cli(prog_name="python -m survey_app")
    except (ValueError, RuntimeError, OSError) as fault:
        click.echo(f"{type(fault).__name__}: {fault}", err=True)
        sys.exit(1)
