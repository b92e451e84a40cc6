"""The command that makes a sign-in."""

from __future__ import annotations

from collections.abc import Callable

import click

from survey_app.accounts import staff as accounts
from survey_app.accounts.password import refuse_weak
from survey_app.accounts.single_sign_on.admission import unbind
from survey_app.accounts.tables import Role
from survey_app.ask.population.places import place as find_place
from survey_app.bootstrap import Runtime
from survey_app.cli.noting import note


@click.group()
def staff() -> None:
    """People who sign in."""


@staff.command("reset-code")
@click.argument("email")
@click.pass_obj
def reset_code(runtime: Callable[[], Runtime], email: str) -> None:
    """Take EMAIL's codes and passkeys away: they sign in by password alone until they set one up again."""
    needs = runtime()
    with needs.database.writing() as session:
        staff_id = accounts.forget_factor(session, email)
    if staff_id is None:
        raise click.ClickException(f"nobody signs in as {email}")
    note(needs, "staff reset-code", f"staff_id={staff_id}")
    click.echo(f"{email} signs in by password alone; every session was ended")


@staff.command("reset-sso")
@click.argument("email")
@click.pass_obj
def reset_sso(runtime: Callable[[], Runtime], email: str) -> None:
    """Bind EMAIL anew at the next single sign-on; for an account that the provider made again."""
    needs = runtime()
    with needs.database.writing() as session:
        staff_id = unbind(session, email)
    if staff_id is None:
        raise click.ClickException(f"nobody signs in as {email}")
    note(needs, "staff reset-sso", f"staff_id={staff_id}")
    click.echo(f"{email} is bound to whoever the provider says it is next; every session was ended")


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Shown on pages.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--place", required=True, help="Place id; the role holds there and below.")
@click.password_option(help="At least 12 characters.")
@click.pass_obj
def add(runtime: Callable[[], Runtime], email: str, name: str, role: str, place: str, password: str) -> None:
    """Let EMAIL sign in with a role at a place."""
    needs = runtime()
    refuse_weak(password, email=email, product=needs.settings.service_name)
    with needs.database.writing() as session:
        found = find_place(session, place)
        if found is None:
            raise click.ClickException(f"there is no place {place!r}: import places first")
        person = accounts.create(
            session,
            email=email,
            name=name,
            password=password,
            grants=[(Role(role), found.path)],
            now=needs.clock(),
        )
    note(needs, "staff add", f"staff_id={person.id} role={role} place={place}")
    click.echo(f"{email} can sign in as {role} of {found.name}")
