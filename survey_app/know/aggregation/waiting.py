"""Answers of closed blocks whose item had too few, or all alike: kept until the next block takes them up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.responses.tables import Answer, Response
from survey_app.know.aggregation.counts import Given
from survey_app.know.aggregation.streams import Stream
from survey_app.know.aggregation.tables import Waiting
from survey_app.know.measures.helped import HELPED, helped_code
from survey_app.know.measures.modes import CODES, MODE


class WaitingAnswers:
    """What waits in one stream, by item, during one run.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    stream : Stream
        Whose waiting answers are read afresh from the answers still held, like those of an open block.
    """

    def __init__(self, session: Session, stream: Stream) -> None:
        self._session = session
        self._stream = stream
        self._by_item: dict[str, dict[str, list[Given]]] = {}
        query = sa.select(
            Waiting.item_id, Waiting.response_id, Waiting.person, Answer.code, Waiting.place_id
        ).join(Answer, (Answer.response_id == Waiting.response_id) & (Answer.item_id == Waiting.item_id))
        for row in session.connection().execute(query.where(stream.rows_of(Waiting))):
            self._add(row.item_id, Given(row.response_id, row.person, row.code, row.place_id))
        for row in session.connection().execute(_beside(stream)):
            code = CODES.get(row.channel) if row.item_id == MODE else helped_code(row.helped)
            self._add(row.item_id, Given(row.response_id, row.person, code, row.place_id))

    def _add(self, item_id: str, given: Given) -> None:
        self._by_item.setdefault(item_id, {}).setdefault(given.place_id, []).append(given)

    def take(self, item_id: str, belongs: Callable[[str], bool]) -> list[Given]:
        """Take out the waiting answers to an item of the places that belong.

        Parameters
        ----------
        item_id : str
            The item.
        belongs : callable
            Tells of a place id whether it belongs; what waits at a regrouping goes with its person's place.

        Returns
        -------
        list of Given
            They wait no longer, unless they are put back.
        """
        by_place = self._by_item.get(item_id, {})
        taken = [place_id for place_id in by_place if belongs(place_id)]
        return [given for place_id in taken for given in by_place.pop(place_id)]

    def put(self, item_id: str, answers: tuple[Given, ...]) -> None:
        """Let answers to an item wait for the next block.

        Parameters
        ----------
        item_id : str
            The item.
        answers : tuple of Given
            Who gave them, and what.
        """
        for given in answers:
            self._add(item_id, given)

    def save(self) -> None:
        """Write what waits now in place of what waited before."""
        connection = self._session.connection()
        connection.execute(sa.delete(Waiting).where(self._stream.rows_of(Waiting)))
        rows = [
            {
                **self._stream._asdict(),
                "item_id": item_id,
                "response_id": given.response_id,
                "place_id": given.place_id,
                "person": given.person,
            }
            for item_id, by_place in self._by_item.items()
            for answers in by_place.values()
            for given in answers
        ]
        if rows:
            connection.execute(sa.insert(Waiting), rows)


def _beside(stream: Stream) -> sa.Select[*tuple[Any, ...]]:
    # How an answer came and who gave it stand with the response: no row of the answers says it.
    query = sa.select(
        Waiting.item_id,
        Waiting.response_id,
        Waiting.person,
        Waiting.place_id,
        Response.channel,
        Response.helped,
    ).join(Response, Response.id == Waiting.response_id)
    return query.where(stream.rows_of(Waiting), Waiting.item_id.in_((MODE, HELPED)))
