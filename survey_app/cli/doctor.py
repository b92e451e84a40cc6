"""The start-up self-check: one line a fault, exit 1 when there is any."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import sqlalchemy as sa

from survey_app.ask.population.key_proofs import wrong_keys
from survey_app.ask.sending.gateways.contract import NamingSenders, NotSent
from survey_app.ask.sending.gateways.registry import gateways_of
from survey_app.ask.sending.tables import Medium
from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import drift, pending
from survey_app.jobs.counting import changed_blocks
from survey_app.settings import load_settings


@click.command()
def doctor() -> None:
    """Check settings, keys, instruments, database and counts."""
    try:
        runtime = bootstrap(load_settings())
        faults, warnings = list(faults_of(runtime)), list(warnings_of(runtime))
    except (ValueError, OSError, ExceptionGroup) as fault:
        faults, warnings = str(fault).splitlines(), []
    click.echo("\n".join(f"FAULT {line}" for line in faults) or "all well")
    click.echo("".join(f"WARNING {line}\n" for line in warnings), nl=False)
    raise SystemExit(1 if faults else 0)


def faults_of(runtime: Runtime) -> Iterator[str]:
    """Yield every fault of a running installation."""
    missing = pending(runtime.database)
    if missing:
        yield f"the database lacks {', '.join(missing)}: run `python -m survey_app db upgrade`"
        return
    yield from drift(runtime.database)
    yield from _durability(runtime)
    yield from _wrong_keys(runtime)
    with runtime.database.reading() as session:
        for block_id in changed_blocks(session):
            yield f"block {block_id} has changed since it closed: restore it from a backup"


def warnings_of(runtime: Runtime) -> Iterator[str]:
    """Yield what somebody should see to, though all runs without it."""
    if runtime.wording.unsigned:
        yield (
            f"config/wording: {', '.join(runtime.wording.unsigned)} are drafts nobody has signed off; "
            "in production their texts are said in English. Have a native speaker read each file and put a "
            "name into its reviewed_by"
        )
    yield from deaf_senders(runtime)
    from survey_app.show.charts.documents.printing import missing

    lack = missing()
    if lack:
        yield lack


def deaf_senders(runtime: Runtime) -> Iterator[str]:
    """Yield every sender that cannot receive what people reply, by name."""
    number = runtime.settings.twilio_number
    if not re.fullmatch(r"\+[0-9]{7,15}", number):
        yield (
            f"SURVEY_TWILIO_NUMBER {number!r} is no telephone number: people cannot reply to an alphanumeric "
            "sender, so nobody could answer or stop. Use a two-way mobile number, +447..."
        )
    text = gateways_of(runtime.settings, runtime.clock)[Medium.TEXT]
    if not runtime.settings.twilio_messaging_service or not isinstance(text, NamingSenders):
        return
    try:
        deaf = text.alphanumeric_senders()
    except NotSent as fault:
        yield f"whether the Messaging Service can receive replies is not known: {fault}"
        return
    for sender in deaf:
        yield (
            f"the Messaging Service holds the alphanumeric sender {sender!r}, which is used in the UK and "
            "cannot receive replies: take it out of the service"
        )


def _durability(runtime: Runtime) -> Iterator[str]:
    with runtime.database.reading() as session:
        if runtime.database.is_sqlite:
            if session.scalar(sa.text("PRAGMA synchronous")) != 2:
                yield "SQLite must run with synchronous=FULL: a power cut could lose acknowledged answers"
            return
        for name in ("synchronous_commit", "fsync", "full_page_writes"):
            if session.scalar(sa.text(f"SHOW {name}")) != "on":
                yield f"PostgreSQL must run with {name}=on: acknowledged answers could be lost in a power cut"


def _wrong_keys(runtime: Runtime) -> Iterator[str]:
    with runtime.database.reading() as session:
        yield from wrong_keys(session, runtime.keys)
