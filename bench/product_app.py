"""The product as it is served, on the database and data folder that SURVEY_* variables name."""

from __future__ import annotations

from flask import Flask

from survey_app.bootstrap import bootstrap
from survey_app.cli.processes import application
from survey_app.settings import load_settings


def create_app() -> Flask:
    return application(bootstrap(load_settings()))
