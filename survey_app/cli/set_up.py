"""The command that prints the one-time address at which a new installation is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from survey_app.accounts.setting_up.first import address_of, is_open

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime


@click.command("set-up")
@click.pass_obj
def set_up(runtime: Callable[[], Runtime]) -> None:
    """Print the address at which the first administrator is made; it works once, while nobody can sign in."""
    needs = runtime()
    line = set_up_line(needs)
    if line is None:
        raise click.ClickException("somebody can sign in already: the address is closed")
    click.echo(line)


def set_up_line(runtime: Runtime) -> str | None:
    """Return what to tell whoever starts an empty installation, or None where it is set up."""
    with runtime.database.reading() as session:
        if not is_open(session):
            return None
    return f"nobody can sign in yet: set it up at {address_of(runtime.settings, runtime.keys)}"
