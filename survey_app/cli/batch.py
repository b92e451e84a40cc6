"""Batch commands for analysts and checks: standard input to standard output, no database, no network."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from survey_app.ask.instruments.texts import measure_text
from survey_app.hear.reading.batch import read_lines


@click.group()
def texts() -> None:
    """Text messages."""


@texts.command("measure")
def measure() -> None:
    """Read JSON lines {"id","text"}; write each text's encoding, units and segments."""
    for line in sys.stdin:
        if line.strip():
            row = json.loads(line)
            size = measure_text(row["text"])
            click.echo(
                json.dumps(
                    {
                        "id": row["id"],
                        "encoding": size.encoding,
                        "units": size.units,
                        "segments": size.segments,
                    }
                )
            )


@click.group()
def replies() -> None:
    """Replies to text messages."""


@replies.command("read")
@click.option(
    "--questions",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file of the questions asked.",
)
def read(questions: Path) -> None:
    """Read JSON lines of replies; write what each one means."""
    asked = json.loads(questions.read_text(encoding="utf-8"))
    for line in read_lines(sys.stdin, asked):
        click.echo(line)
