"""The web application for any WSGI server: `gunicorn wsgi:app`."""

from __future__ import annotations

from survey_app.app import create_app
from survey_app.bootstrap import bootstrap
from survey_app.settings import load_settings

app = create_app(bootstrap(load_settings()))
