"""The batch command of statistics: a document of cases in, a document of results out."""

from __future__ import annotations

import json
import sys

import click

from survey_app.stats.batch import METHODS, run_batch


@click.command()
@click.argument("method", type=click.Choice(sorted(METHODS)))
def stats(method: str) -> None:
    """Read {"cases": [...]}; write each case's result or why it cannot be computed."""
    click.echo(json.dumps(run_batch(method, json.load(sys.stdin))))
