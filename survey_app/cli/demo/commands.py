"""`demo load` fills a database with synthetic answers; `demo run` does that once and starts everything."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import sqlalchemy as sa

from survey_app.accounts import staff
from survey_app.accounts.tables import Staff
from survey_app.ask.outreach.invitations import link_of
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.bootstrap import Runtime
from survey_app.cli.database import upgrade
from survey_app.cli.demo import world
from survey_app.cli.demo.actions import act
from survey_app.cli.demo.digest import ask_for_it
from survey_app.cli.demo.handouts import hand_out, to_open
from survey_app.cli.demo.improvement import decide
from survey_app.cli.demo.load import LIVE, Size, is_loaded, load
from survey_app.cli.demo.roles import SIGN_INS, who_may_what
from survey_app.cli.demo.teams import open_link
from survey_app.cli.demo.tokens import make_token
from survey_app.cli.demo.ways import FIRST_PHONE
from survey_app.cli.processes import run_together
from survey_app.clock import london_day
from survey_app.jobs.counting import nightly
from survey_app.jobs.worker import draw_some

DRAWN_AT_ONCE = 40
"""Pictures made before the first page opens; the worker draws the rest."""


class NotInProduction(RuntimeError):
    """Synthetic answers must never stand among real ones."""


@click.group()
def demo() -> None:
    """A demonstration with synthetic people."""


@demo.command("load")
@click.option("--weeks", type=click.IntRange(1, 260), default=52, show_default=True)
@click.option(
    "--localities",
    type=click.IntRange(1, len(world.LOCALITIES)),
    default=len(world.LOCALITIES),
    show_default=True,
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.pass_obj
def load_command(runtime: Callable[[], Runtime], weeks: int, localities: int, seed: int) -> None:
    """Send synthetic answers through the real intake and count them."""
    _fill(runtime(), Size(weeks, localities, seed))


@demo.command("run")
@click.pass_obj
def run_command(runtime: Callable[[], Runtime]) -> None:
    """Make the demonstration if it is not there yet, start everything, say what to open."""
    needs = runtime()
    upgrade(needs.database)
    _fill(needs, Size())
    password = _sign_ins(needs)
    make_token(needs, SIGN_INS[0][0])
    act(needs, Size().weeks)
    hand_out(needs)
    for line in _what_to_open(needs, password):
        click.echo(line)
    needs.database.dispose()
    sys.exit(run_together(["web", "jobs", "worker"]))


def _fill(runtime: Runtime, size: Size) -> None:
    if runtime.settings.is_production:
        raise NotInProduction("demo data is synthetic and must not be loaded in production")
    if is_loaded(runtime):
        click.echo("the synthetic people are there already: nothing was loaded")
        return
    started = time.monotonic()
    click.echo(
        f"sending {size.weeks} weeks of synthetic answers from {size.localities} places through the intake"
    )
    n_answered = load(runtime, size, click.echo)
    click.echo("counting, releasing and computing series")
    nightly(runtime, london_day(runtime.clock()))
    decide(runtime, size.weeks)
    click.echo(f"drawing the first {DRAWN_AT_ONCE} charts")
    draw_some(runtime, DRAWN_AT_ONCE)
    click.echo(f"{n_answered:,} synthetic people answered; ready after {time.monotonic() - started:.0f} s")


def _sign_ins(runtime: Runtime) -> str:
    """Make the demo's sign-ins; their password is made up on this machine and kept beside the data."""
    path = Path(runtime.settings.data_dir) / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12), encoding="utf-8")
    password = path.read_text(encoding="utf-8")
    with runtime.database.writing() as session:
        for email, name, role, place in SIGN_INS:
            if session.scalar(sa.select(Staff.id).where(Staff.email == email)) is None:
                person = staff.create(
                    session,
                    email=email,
                    name=name,
                    password=password,
                    grants=[(role, place)],
                    now=runtime.clock(),
                )
                ask_for_it(session, runtime, person)
    return password


def _what_to_open(runtime: Runtime, password: str) -> list[str]:
    base = runtime.settings.public_base_url
    return [
        "",
        "Everything below is SYNTHETIC: invented places, invented people.",
        f"  a survey on the web     {_open_link(runtime) or 'all demo surveys have been answered'}",
        f"  a phone for texts       {base}/simulator?phone=%2B{world.phones(1)[0][1:]}   (text 1 to start)",
        f"  in other languages      {_phones_by_language()}",
        f"  WhatsApp                {base}/simulator?by=whatsapp&phone=%2B447700900{FIRST_PHONE}",
        f"  e-mail and letters      {base}/simulator/post",
        f"  a telephone that rings  {base}/simulator/calls",
        *to_open(runtime),
        f"  a team's survey         {open_link(runtime) or 'everybody on the demo team has answered'}",
        f"  the dashboard           {base}/dashboard",
        f"  the logic model         {base}/dashboard/model",
        f"  figures for programs    {base}/api/v1/series, with a token made at /account/tokens",
        f"  sign in as              {SIGN_INS[0][0]} or {SIGN_INS[1][0]}, password {password}",
        *who_may_what(),
        "Ctrl-C stops everything; your data stays.",
        "",
    ]


def _phones_by_language() -> str:
    return ", ".join(f"{code} ...{world.FIRST_PHONE + number}" for number, code in world.SPOKEN.items())


def _open_link(runtime: Runtime) -> str | None:
    """Return the link of a demo survey nobody has answered, not one of the first phone's."""
    query = (
        sa.select(Invitation)
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .where(Campaign.name == LIVE, Invitation.state == InvitationState.OPEN)
    )
    with runtime.database.reading() as session:
        invitation = session.scalars(query.order_by(Invitation.id.desc()).limit(1)).first()
        return link_of(runtime.settings, runtime.keys, invitation) if invitation else None
