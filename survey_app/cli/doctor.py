"""The start-up self-check: one line a fault, exit 1 when there is any."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from importlib.util import find_spec

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.audit.proof import faults_in, heads_in
from survey_app.accounts.single_sign_on.provider import fault_of
from survey_app.ask.instruments.easy import load_easy_read
from survey_app.ask.outreach.waves.keyfile import path_of
from survey_app.ask.outreach.waves.states import in_state
from survey_app.ask.outreach.waves.tables import WaveState
from survey_app.ask.population.key_proofs import wrong_keys
from survey_app.ask.sending.gateways.catalogue import wordings
from survey_app.ask.sending.gateways.contract import NamingSenders, NotSent
from survey_app.ask.sending.gateways.registry import gateways_of
from survey_app.ask.sending.gateways.templates import NAMES, BadTemplates, read_book
from survey_app.ask.sending.gateways.templates import faults_of as template_faults
from survey_app.ask.sending.tables import Medium
from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import drift, lacking, pending
from survey_app.cli.set_up import set_up_line
from survey_app.hear.erasure.ledger import ledger_file
from survey_app.hear.erasure.ledger import read as read_ledger
from survey_app.hear.responses.ballots.closing import has_key
from survey_app.hear.safeguarding.telling import any_waiting
from survey_app.jobs.counting import changed_blocks
from survey_app.jobs.erasing import eraser_of
from survey_app.jobs.trail import heads_file
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR, Environment, GatewayKind, Settings, load_settings
from survey_app.show.pages.set_up.shipped import DANGER, nobody_there
from survey_app.web.phrases import load_phrases

LONG = dt.timedelta(hours=1)


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
        yield lacking(missing)
        return
    yield from drift(runtime.database)
    yield from _durability(runtime)
    yield from _wrong_keys(runtime)
    yield from _gateways(runtime)
    yield from filter(None, [fault_of(runtime.settings, runtime.clock)])
    yield from lost_wave_keys(runtime)
    yield from (line for name, line in _nobody_there(runtime.settings) if name == DANGER)
    with runtime.database.reading() as session:
        yield from faults_in(session, runtime.keys, heads_in(heads_file(runtime.settings)))
        yield from _erasures(session, runtime)
        for block_id in changed_blocks(session):
            yield f"block {block_id} has changed since it closed: restore it from a backup"


def warnings_of(runtime: Runtime) -> Iterator[str]:
    """Yield what somebody should see to, though all runs without it."""
    drafts = [f"{what} ({', '.join(languages)})" for what, languages in _drafts(runtime) if languages]
    if drafts:
        yield (
            f"machine-drafted, needs review: {'; '.join(drafts)}. In production these are said in English "
            "until somebody who knows the language has signed the file (CONTRIBUTING.md, a language)"
        )
    easy = _unsigned_easy(runtime)
    if easy:
        yield f"Easy Read that nobody has signed off, in production not offered: {', '.join(easy)}"
    if not pending(runtime.database):
        with runtime.database.reading() as session:
            if any_waiting(session, since=runtime.clock() - LONG):
                yield "an alert has waited over an hour for somebody to take it on: /workspace/alerts"
        if line := set_up_line(runtime):
            yield line
    yield from deaf_senders(runtime)
    yield from (line for name, line in _nobody_there(runtime.settings) if name != DANGER)
    from survey_app.show.charts.documents.printing import missing

    lack = missing()
    if lack:
        yield lack


def _nobody_there(settings: Settings) -> Iterator[tuple[str, str]]:
    return nobody_there(settings) if settings.env is Environment.PRODUCTION else iter(())


def _drafts(runtime: Runtime) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "config/wording", runtime.wording.unsigned
    yield "config/pages", load_phrases(CONFIG_DIR / "pages", unsigned_too=False).unsigned
    for one in runtime.library.all():
        yield f"instruments/{one.id}/v{one.version}", one.drafts


def _unsigned_easy(runtime: Runtime) -> list[str]:
    found = load_easy_read(INSTRUMENTS_DIR, runtime.library, unsigned_too=True)
    return [f"{key[0]}/v{key[1]} ({key[2]})" for key, easy in found.items() if not easy.is_reviewed]


def _gateways(runtime: Runtime) -> Iterator[str]:
    settings = runtime.settings
    try:
        book = read_book(settings.whatsapp_templates)
    except BadTemplates as bad:
        yield f"SURVEY_WHATSAPP_TEMPLATES: {bad}"
        return
    if settings.whatsapp_number:
        yield from (
            f"SURVEY_WHATSAPP_TEMPLATES lacks {name}: without it nobody is written to first by WhatsApp"
            for name in NAMES
            if book.sid(name) is None
        )
        for content in wordings(runtime.wording.written_by_language):
            yield from template_faults(content)
    if settings.gateway is GatewayKind.NOTIFY and find_spec("notifications_python_client") is None:
        yield "SURVEY_GATEWAY=notify needs the package notifications-python-client"


def lost_wave_keys(runtime: Runtime) -> Iterator[str]:
    """Yield every open team wave without its key: what its people answered cannot be opened any more."""
    folder = runtime.settings.data_dir
    with runtime.database.reading() as session:
        for wave in in_state(session, WaveState.OPEN):
            if not has_key(wave, folder):
                yield (
                    f"team wave {wave.id} ({wave.round}) is open and {path_of(folder, wave.id)} is not its "
                    "key: the clock voids it and tells everybody (docs/team-climate.md)"
                )


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


def _erasures(session: Session, runtime: Runtime) -> Iterator[str]:
    ledger = ledger_file(runtime.settings)
    for number in read_ledger(ledger).unreadable:
        yield f"erasures/ledger, line {number} cannot be read: compare it with your copy of that file"
    if lagging := eraser_of(runtime).lags(session):
        yield (
            f"the database lacks {len(lagging)} lines of the erasure ledger: "
            "run `python -m survey_app erase re-apply`"
        )


def _wrong_keys(runtime: Runtime) -> Iterator[str]:
    with runtime.database.reading() as session:
        yield from wrong_keys(session, runtime.keys)
