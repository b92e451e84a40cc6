"""A stream: the answers of one audience to one version of an instrument, which are only counted together."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from survey_app.ask.instruments.model import Audience
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
