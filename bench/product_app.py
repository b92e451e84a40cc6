"""The product as it is served, on the database and data folder that SURVEY_* variables name."""

from __future__ import annotations

from flask import Flask

from survey_app.app import create_app as product
from survey_app.bootstrap import bootstrap
from survey_app.settings import load_settings


def create_app() -> Flask:
    return product(bootstrap(load_settings()))
