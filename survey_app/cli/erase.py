"""The command that erases everybody who is asked on a phone number."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from survey_app.cli.noting import note
from survey_app.jobs.erasing import erase_phone

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime


@click.command()
@click.option("--phone", required=True, help="The number, as people write it.")
@click.pass_obj
def erase(runtime: Callable[[], Runtime], phone: str) -> None:
    """Delete contact, invitations, texts and answers of everybody on a number; closed counts stay."""
    n_people = erase_phone(runtime(), phone)
    note(runtime(), "erase", f"people={n_people}")
    said = "1 person erased" if n_people == 1 else f"{n_people} people erased"
    click.echo(said if n_people else "nobody is known under that number")
