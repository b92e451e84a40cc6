"""The command that makes the keys of a new production installation."""

from __future__ import annotations

import click

from survey_app.crypto import load_keys
from survey_app.settings import load_settings


@click.group()
def keys() -> None:
    """The keys outside the database."""


@keys.command("create")
def create() -> None:
    """Make the keys that are missing; existing ones are left alone."""
    folder = load_settings().data_dir / "keys"
    load_keys(folder, create=True)
    click.echo(
        f"keys stand in {folder}: back them up apart from the database, lost keys cannot be made again"
    )
