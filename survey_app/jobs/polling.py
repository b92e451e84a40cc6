"""Fetching the texts we missed: while a web process was down the provider's calls went nowhere."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

import sqlalchemy as sa

from survey_app.ask.sending.gateways.contract import Gateway, NotSent, Received, Receiving
from survey_app.ask.sending.gateways.registry import gateways_of
from survey_app.ask.sending.tables import Medium
from survey_app.bootstrap import Runtime
from survey_app.hear.channels.sms.receiving import is_from_a_phone, storable
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.jobs.lease import Fence

log = logging.getLogger(__name__)

LATELY = dt.timedelta(hours=2)
AFTER_A_STOP = dt.timedelta(days=4)
"""What the first look after a start goes back: a long weekend."""


class InboundPoll:
    """Asks the gateways what came in; the first time further back than later."""

    def __init__(self, runtime: Runtime, gateways: dict[Medium, Gateway] | None = None) -> None:
        self._runtime = runtime
        self._gateways = gateways
        self._looked = False

    def run(self, fence: Fence | None = None) -> int:
        """Give every text nobody has seen its effect, the oldest first; return how many those were."""
        since = self._runtime.clock() - (LATELY if self._looked else AFTER_A_STOP)
        if self._gateways is None:
            self._gateways = dict(gateways_of(self._runtime.settings, self._runtime.clock))
        found = [
            self._fetch(gateway, since, fence)
            for gateway in self._gateways.values()
            if isinstance(gateway, Receiving)
        ]
        # As long as a provider cannot be asked, the next look goes as far back as the first.
        self._looked = None not in found
        return sum(n or 0 for n in found)

    def _fetch(self, gateway: Receiving, since: dt.datetime, fence: Fence | None) -> int | None:
        try:
            texts = gateway.received(since=since)
        except NotSent:
            log.warning("the provider's list of texts cannot be had: looking again at the next time")
            return None
        unseen = self._unseen([text for text in texts if is_from_a_phone(text.provider_id, text.sender)])
        for text in unseen:
            self._take(text, fence)
        if unseen:
            log.warning("%d texts were missed by our webhook and fetched from the provider", len(unseen))
        return len(unseen)

    def _unseen(self, texts: Sequence[Received]) -> list[Received]:
        ids = [text.provider_id for text in texts]
        with self._runtime.database.reading() as session:
            known = sa.select(InboundMessage.provider_id).where(InboundMessage.provider_id.in_(ids))
            seen = set(session.scalars(known))
        return [text for text in texts if text.provider_id not in seen]

    def _take(self, text: Received, fence: Fence | None) -> None:
        runtime = self._runtime
        conversing = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
        inbound = Inbound(
            provider_id=text.provider_id,
            sender=text.sender,
            our_address=text.our_address,
            body=storable(text.body),
            received_at=min(text.sent_at, runtime.clock()),
            n_media=text.n_media,
        )
        with runtime.database.writing() as session:
            if fence is not None:
                fence.check(session)
            take_turn(session, inbound, conversing)
