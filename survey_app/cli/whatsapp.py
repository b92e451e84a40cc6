"""WhatsApp: the templates to hand in for approval."""

from __future__ import annotations

import click

from survey_app.ask.sending.gateways import catalogue
from survey_app.ask.sending.gateways.templates import Content, faults_of
from survey_app.cli.commands import runtime


@click.group()
def whatsapp() -> None:
    """See to what WhatsApp has to approve."""


@whatsapp.command()
def templates() -> None:
    """Print every template: its name for SURVEY_WHATSAPP_TEMPLATES, its words and its buttons."""
    used = runtime()
    every = [
        *catalogue.wordings(used.wording.written_by_language),
        *catalogue.answers(used.library.all()),
    ]
    for content in every:
        click.echo("\n".join(said(content)))


def said(content: Content) -> list[str]:
    """Return a template in lines."""
    lines = [content.entry, f"  {content.text}"]
    lines += [f"  button {title!r} sends {payload}" for title, payload in content.buttons]
    return [*lines, *(f"  FAULT {fault}" for fault in faults_of(content))]
