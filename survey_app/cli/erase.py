"""The command that erases people, and erases them again after a restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from survey_app.cli.noting import note
from survey_app.hear.erasure.finding import By
from survey_app.jobs.erasing import apply_ledger, erase_found

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime


@click.group(invoke_without_command=True)
@click.option("--phone", help="Everybody on a number, as people write it.")
@click.option("--email", help="Everybody with an e-mail address.")
@click.option("--reference", help="The person of a reference.")
@click.option("--token", help="The person a survey link was sent to: the link, or what stands after /s/.")
@click.pass_context
def erase(context: click.Context, /, **said: str | None) -> None:
    """Delete contact, invitations, texts and answers of a person at once; closed counts stay."""
    if context.invoked_subcommand:
        return
    chosen = [(By(name), value) for name, value in said.items() if value]
    if len(chosen) != 1:
        raise click.UsageError("name one of --phone, --email, --reference and --token")
    runtime: Runtime = context.obj()
    (by, value) = chosen[0]
    n_people = erase_found(runtime, by, value)
    note(runtime, "erase", f"people={n_people} by={by}")
    click.echo(_said(n_people) if n_people else _NOBODY[by])


@erase.command("re-apply")
@click.pass_obj
def re_apply(runtime: Callable[[], Runtime]) -> None:
    """Erase again whoever stands in the ledger and came back with a restored database."""
    n_people = apply_ledger(runtime())
    note(runtime(), "erase re-apply", f"people={n_people}")
    click.echo(_said(n_people) if n_people else "nobody came back: the database knows all of the ledger")


def _said(n_people: int) -> str:
    return "1 person erased" if n_people == 1 else f"{n_people} people erased"


_NOBODY = {
    By.PHONE: "nobody is known under that number",
    By.EMAIL: "nobody is known under that address",
    By.REFERENCE: "nobody is known under that reference",
    By.TOKEN: "that link leads to nobody",
}
