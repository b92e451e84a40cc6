"""What would have been e-mailed or posted: files in two folders on a development machine."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, abort, render_template, send_from_directory
from werkzeug.wrappers import Response

from survey_app.show.pages.simulator.routes import with_links
from survey_app.web.access import Who, who_may

NEWEST = 20
PDF = re.compile(r"[0-9a-f]{24}\.pdf")


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail in plain text."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter: its address and words, and the name of its PDF, if there is one."""

    address: str
    body: str
    pdf: str


def blueprint(data_dir: Path) -> Blueprint:
    """Build the door to both folders."""
    door = Blueprint("simulator_post", __name__, template_folder="templates", url_prefix="/simulator/post")

    @door.get("")
    @who_may(Who.DEVELOPMENT)
    def post() -> str:
        mails = [(mail, with_links(mail.body)) for mail in mails_in(data_dir / "mail")]
        papers = [(paper, with_links(paper.body)) for paper in papers_in(data_dir / "letters")]
        return render_template("simulator/post.html", mails=mails, papers=papers)

    @door.get("/<name>")
    @who_may(Who.DEVELOPMENT)
    def paper(name: str) -> Response:
        if not PDF.fullmatch(name):
            abort(404)
        return send_from_directory(data_dir / "letters", name)

    return door


def mails_in(folder: Path) -> list[Mail]:
    """Return the newest e-mails of a folder."""
    return [_mail(path) for path in _newest(folder, "*.eml")]


def papers_in(folder: Path) -> list[Paper]:
    """Return the newest letters of a folder."""
    return [_paper(path) for path in _newest(folder, "*.txt")]


def _newest(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    return paths[:NEWEST]


def _mail(path: Path) -> Mail:
    read = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    body = read.get_body(preferencelist=("plain",))
    words = str(body.get_content()) if body is not None else ""
    return Mail(str(read["To"]), str(read["Subject"]), words)


def _paper(path: Path) -> Paper:
    address, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pdf = path.with_suffix(".pdf")
    return Paper(address, body, pdf.name if pdf.exists() else "")
