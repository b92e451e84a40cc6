"""The least a request can be: a word, or one Core insert and a commit. `BARE_URL` names the database."""

from __future__ import annotations

import contextlib
import os
import threading

import sqlalchemy as sa
from flask import Flask, request

from bench.reference_app import make_engine

ROWS = sa.Table(
    "bench_bare",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item", sa.String(40)),
    sa.Column("code", sa.Integer),
)


def create_app() -> Flask:
    app = Flask("bare")
    url = os.environ["BARE_URL"]
    engine = make_engine(url)
    ROWS.metadata.create_all(engine)
    # SQLite has one writer; threads that queue for it are faster than threads that poll for it.
    one_writer = threading.Lock() if url.startswith("sqlite") else contextlib.nullcontext()

    @app.get("/hello")
    def hello():
        return "hello"

    @app.post("/answer")
    def answer():
        row = {"item": "ex.life", "code": int(request.form["answer"])}
        with one_writer, engine.begin() as connection:
            connection.execute(sa.insert(ROWS), row)
        return "", 204

    return app
