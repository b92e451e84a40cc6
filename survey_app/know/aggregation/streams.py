"""A stream: the answers of one audience to one version of an instrument, which are only counted together."""

from __future__ import annotations

import logging
from typing import NamedTuple

import sqlalchemy as sa

from survey_app.ask.instruments.loader import Library, UnknownInstrument
from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.database import Base


class Stream(NamedTuple):
    """What may be counted together; the fields are named like the columns of the tables."""

    instrument_id: str
    instrument_version: int
    audience: Audience

    def rows_of(self, table: type[Base]) -> sa.ColumnElement[bool]:
        """Return the condition under which rows of a table belong to this stream.

        Parameters
        ----------
        table : type
            A mapped class with the three columns.

        Returns
        -------
        sqlalchemy.ColumnElement
            For a `where`.
        """
        columns = sa.inspect(table).columns
        return sa.and_(*(columns[name] == value for name, value in self._asdict().items()))


log = logging.getLogger(__name__)


def instrument_of(library: Library, stream: Stream) -> Instrument | None:
    """Return the instrument of a stream, or None where it is not there.

    Parameters
    ----------
    library : Library
        Instruments by id and version.
    stream : Stream
        Whose.

    Returns
    -------
    Instrument or None
        A folder of licensed wording may be missing for a while: then its answers wait, and the others go on.
    """
    try:
        return library.get(stream.instrument_id, stream.instrument_version)
    except UnknownInstrument:
        log.error(  # noqa: TRY400 - nothing is broken here
            "%s version %s is not there: its answers wait", stream.instrument_id, stream.instrument_version
        )
        return None
