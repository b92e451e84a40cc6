"""The commands of the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_app.accounts.audit.proof import faults_in, head_of, heads_in
from survey_app.jobs.trail import heads_file

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime


@click.group()
def audit() -> None:
    """The trail of what staff and commands did."""


@audit.command("verify")
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A copy kept elsewhere."
)
@click.pass_obj
def verify(runtime: Callable[[], Runtime], heads: Path | None) -> None:
    """Work every seal out again; exit 1 and a line for each edit, deletion and cut tail."""
    needs = runtime()
    anchored = heads_in(heads or heads_file(needs.settings))
    with needs.database.reading() as session:
        faults = list(faults_in(session, needs.keys, anchored))
        head = head_of(session)
    if head is not None and not anchored:
        faults.append("no head stands outside the database: whether the end was cut off cannot be told")
    click.echo(
        "\n".join(f"FAULT {fault}" for fault in faults) or _all_well(0 if head is None else head.number)
    )
    raise SystemExit(1 if faults else 0)


def _all_well(n_entries: int) -> str:
    return f"all {n_entries} entries stand as they were written"
