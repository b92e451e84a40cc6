"""The reference: the same survey as an honest first version would be written, and not tuned.

Flask-WTF, the SQLAlchemy ORM and Jinja; one statement a page, no script; an anonymous person is
known by the session cookie. Every answer is committed before the reply. `REFERENCE_URL` names the database.
"""

from __future__ import annotations

import datetime as dt
import os

import sqlalchemy as sa
from flask import Flask, redirect, render_template, session
from flask_wtf import FlaskForm
from jinja2 import DictLoader
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from wtforms import RadioField, SubmitField
from wtforms.validators import InputRequired

STATEMENTS = (
    "All in all, the help I get lets me live the way I want to.",
    "I get clear information, and help to use it, so I can choose what is right for me.",
    "I have as much say as I want in choices about my care.",
    "When I moved between services, I knew what would happen next.",
    "I get help to do things I enjoy and to feel part of my community.",
    "The people who help me work well together.",
)
CHOICES = [("1", "No"), ("2", "A little"), ("3", "Mostly"), ("4", "Yes fully"), ("0", "Not sure")]
LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}Survey{% endblock %}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><header><strong>Local Care Surveys</strong></header>
<main>{% block content %}{% endblock %}</main>
<footer><a href="/privacy">Privacy</a> <a href="/help">Help</a></footer></body></html>"""
START = """{% extends "layout.html" %}{% block content %}<h1>Your care in six questions</h1>
<p>There are no right or wrong answers, and you can skip any of them.</p>
<a href="/survey/1">Start</a>{% endblock %}"""
QUESTION = """{% extends "layout.html" %}{% block title %}Question {{ number }} of {{ total }}{% endblock %}
{% block content %}<p>Question {{ number }} of {{ total }}</p>
<form method="post" novalidate>{{ form.hidden_tag() }}
<fieldset><legend><h1>{{ statement }}</h1></legend>
{% for error in form.answer.errors %}<p class="error">{{ error }}</p>{% endfor %}
{% for option in form.answer %}<div>{{ option() }} {{ option.label() }}</div>{% endfor %}</fieldset>
{{ form.submit() }}</form>
{% if number > 1 %}<a href="/survey/{{ number - 1 }}">Back</a>{% endif %}{% endblock %}"""
DONE = """{% extends "layout.html" %}{% block content %}<h1>Thank you</h1>
<p>Your answers are stored.</p>{% endblock %}"""


class Base(DeclarativeBase):
    pass


class Respondent(Base):
    __tablename__ = "respondent"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    finished_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    replies: Mapped[list[Reply]] = relationship(back_populates="respondent")


class Reply(Base):
    __tablename__ = "reply"
    __table_args__ = (sa.UniqueConstraint("respondent_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    respondent_id: Mapped[int] = mapped_column(sa.ForeignKey("respondent.id"))
    number: Mapped[int]
    value: Mapped[int]
    answered_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    respondent: Mapped[Respondent] = relationship(back_populates="replies")


class AnswerForm(FlaskForm):
    answer = RadioField(choices=CHOICES, validators=[InputRequired("Choose an answer")])
    submit = SubmitField("Continue")


def make_engine(url: str) -> sa.Engine:
    """Return an engine that keeps what it acknowledged: every commit is on disk."""
    engine = sa.create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    if url.startswith("sqlite"):

        @sa.event.listens_for(engine, "connect")
        def _pragmas(connection, _record):
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return engine


def create_app() -> Flask:
    app = Flask("reference")
    app.secret_key = "reference-application-only-on-loopback"
    app.jinja_loader = DictLoader(
        {"layout.html": LAYOUT, "start.html": START, "question.html": QUESTION, "done.html": DONE}
    )
    engine = make_engine(os.environ["REFERENCE_URL"])
    Base.metadata.create_all(engine)
    app.add_url_rule("/survey", view_func=lambda: render_template("start.html"), endpoint="start")
    app.add_url_rule("/done", view_func=lambda: render_template("done.html"), endpoint="done")

    @app.route("/survey/<int:number>", methods=["GET", "POST"])
    def question(number: int):
        form = AnswerForm()
        with Session(engine) as database:
            if form.validate_on_submit():
                return redirect(_store(database, number, int(form.answer.data)), 303)
            reply = _reply(database, session.get("respondent"), number)
            if reply is not None:
                form.answer.data = str(reply.value)
        return render_template(
            "question.html", form=form, number=number, total=len(STATEMENTS), statement=STATEMENTS[number - 1]
        )

    return app


def _reply(database: Session, respondent_id: int | None, number: int) -> Reply | None:
    return database.scalar(sa.select(Reply).filter_by(respondent_id=respondent_id, number=number))


def _store(database: Session, number: int, value: int) -> str:
    now = dt.datetime.now(dt.UTC)
    respondent = database.get(Respondent, session["respondent"]) if "respondent" in session else None
    if respondent is None:
        respondent = Respondent(started_at=now)
        database.add(respondent)
        database.flush()
    reply = _reply(database, respondent.id, number)
    if reply is None:
        database.add(Reply(respondent=respondent, number=number, value=value, answered_at=now))
    else:
        reply.value, reply.answered_at = value, now
    if number == len(STATEMENTS):
        respondent.finished_at = now
    session["respondent"] = respondent.id
    database.commit()
    return f"/survey/{number + 1}" if number < len(STATEMENTS) else "/done"
