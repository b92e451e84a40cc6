"""The command line: one group, every command with help, each loaded only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

import click
import sqlalchemy as sa

from survey_app.bootstrap import Runtime, bootstrap
from survey_app.settings import load_settings

# Loading all of them takes seconds and fifty megabytes: `web` must not load what only draws or counts.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "processes",
        "web": "processes",
        "jobs": "processes",
        "worker": "processes",
        "db": "database",
        "doctor": "doctor",
        "keys": "keys",
        "demo": "demo.commands",
        "people": "people",
        "places": "people",
        "records": "records",
        "groups": "counting",
        "erase": "erase",
        "staff": "staff",
        "set-up": "set_up",
        "audit": "audit",
        "nightly": "counting",
        "top-up": "counting",
        "series": "counting",
        "texts": "batch",
        "replies": "batch",
        "stats": "statistics",
        "whatsapp": "whatsapp",
    }
)


class Commands(click.Group):
    """A group whose commands stand in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return every command's name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Load one command, or return None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"survey_app.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@cache
def runtime() -> Runtime:
    """Build the runtime once a process, and only for commands that need it."""
    return bootstrap(load_settings())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Near-real-time experience surveys for integrated health and social care."""
    context.obj = runtime


def main() -> None:
    """Run a command; a fault is one plain line that says what to do, not a traceback."""
    try:
        cli(prog_name="python -m survey_app")
    except (ValueError, RuntimeError, OSError, sa.exc.SQLAlchemyError) as fault:
        click.echo(f"{type(fault).__name__}: {fault}", err=True)
        sys.exit(1)
