"""No form holds a NUL: no keyboard makes one, PostgreSQL takes none, and whoever sends one gets a 400.

What providers pass on is what people wrote: their doors clean it instead of refusing it.
"""

from __future__ import annotations

from typing import IO

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

OF_PROVIDERS = "/hooks/"
NUL = "\x00"

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class PlainForms(FormDataParser):
    """Reads forms, and refuses one in which a name, a value or the name of a file holds a NUL."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Parsed:
        """Return what was sent, or end the request."""
        parsed = super().parse(stream, mimetype, content_length, options)
        _, form, sent = parsed
        files = [one for several in sent.listvalues() for one in several]
        said = [*form.keys(), *sent.keys(), *(one.filename or "" for one in files)]
        said += [value for several in form.listvalues() for value in several]
        if any(NUL in one for one in said):
            for one in files:
                one.close()
            raise BadRequest
        return parsed


class PlainRequest(Request):
    """A request whose forms are plain."""

    def make_form_data_parser(self) -> FormDataParser:
        """Return what reads the form."""
        if not self.path.startswith(OF_PROVIDERS):
            self.form_data_parser_class = PlainForms
        return super().make_form_data_parser()
