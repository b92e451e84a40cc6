"""Letters on paper into a folder, for development: nothing is posted."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from survey_app.ask.sending.gateways.cleaning import clean
from survey_app.ask.sending.gateways.contract import Letter


class LetterFolder:
    """Writes letters to files: a PDF where there is one, the words and the address beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter) -> str:
        """Write one letter and return its id."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:24]
        if letter.document:
            (self._folder / f"{name}.pdf").write_bytes(letter.document)
        words = f"{clean(letter.address)}\n\n{clean(letter.body)}\n"
        (self._folder / f"{name}.txt").write_text(words, encoding="utf-8")
        return f"letter-{name}"

    def find(self, letter: Letter, *, tried_at: dt.datetime) -> str | None:  # noqa: ARG002 - writing a file is never unsure
        """Return None: a file is either written or not."""
        return None
