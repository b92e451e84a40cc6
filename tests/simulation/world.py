"""The product in a simulated world: whatever happens inside is real, what crosses the border is played."""

from __future__ import annotations

import datetime as dt
import traceback
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import sqlalchemy as sa

from survey_app.ask.outreach import invitations
from survey_app.ask.population import consent
from survey_app.ask.sending import receipts
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.ask.sending.gateways.refusals import load_refusals
from survey_app.ask.sending.policy import policy_of
from survey_app.ask.sending.receipts import Said
from survey_app.ask.sending.tables import Medium, Message, MessageState
from survey_app.bootstrap import Runtime
from survey_app.hear.channels.web.visits import Standing, visit
from survey_app.hear.conversations.tables import Conversation
from survey_app.hear.conversations.turns import Conversing, Inbound, take_turn
from survey_app.hear.reading.model import Intent
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Channel
from survey_app.jobs.conversing import wake_conversations
from survey_app.jobs.outgoing import hooks_of, round_of_invitations
from survey_app.settings import CONFIG_DIR
from tests.fakes import FakeClock
from tests.simulation.agenda import Agenda
from tests.simulation.provider import Killed, Post, Provider, Weather
from tests.simulation.story import Came, Handed, Stopped, Story, Webbed
from tests.simulation.words import STOPS, Meaning

SECOND = dt.timedelta(seconds=1)
PROVIDERS_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})

SPOKEN = ("en",)


class World:
    """One installation and its border; time is moved by the agenda."""

    def __init__(self, runtime: Runtime, weather: Weather) -> None:
        self.clock: FakeClock = runtime.clock
        self.runtime = replace(runtime, clock=self.clock)
        self.story, self.agenda = Story(), Agenda(self.clock)
        self.refusals = load_refusals(CONFIG_DIR / "twilio_errors.toml")
        self.provider = Provider(weather, self.refusals, self.agenda, self.clock, self.story)
        self.provider.say = self.receipt
        self.post = Post()
        self.needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
        self.faults: list[str] = []
        self.said: dict[str, set[str]] = defaultdict(set)
        self.said_at: dict[tuple[str, str], dt.datetime] = {}
        self._seen: set[str] = set()
        self._wakes: set[dt.datetime] = set()
        self._turns: dict[int, int] = {}
        self._restart()

    def _restart(self) -> None:
        gateways = {Medium.TEXT: self.provider, Medium.EMAIL: self.post}
        carrier = Carrier(
            gateways, self.runtime.keys, hooks_of(self.runtime), policy_of(self.runtime.settings)
        )
        chance = Random(self.provider.story.length)  # a story must be told twice the same
        self._dispatcher = Dispatcher(self.runtime.database, carrier, self.clock, chance=chance)

    # ---- the clock process

    def tick(self) -> None:
        with self._no_fault("round"):
            round_of_invitations(self.runtime)
        with self._no_fault("timers"):
            wake_conversations(self.runtime)
        self.dispatch()
        self.watch()

    def watch(self) -> None:
        """See to it that no conversation ever goes back a turn."""
        with self.runtime.database.reading() as session:
            turns = dict(session.execute(sa.select(Conversation.id, Conversation.turn)).all())
        back = [number for number, turn in turns.items() if turn < self._turns.get(number, 0)]
        self.faults += [f"conversation {number} went back a turn" for number in back]
        self._turns |= turns

    def dispatch(self) -> None:
        """Send one batch, and come back when the next message is due."""
        n_looked_at = 0
        with self._no_fault("dispatch"):
            try:
                n_looked_at = self._dispatcher.run_once()
            except Killed:
                self._restart()
        self._note_refusals()
        due = self._next_due()
        if due is not None:
            pause = 1 if n_looked_at else 60
            self.wake(max(due + SECOND, self.clock() + pause * SECOND))

    def wake(self, instant: dt.datetime) -> None:
        instant = instant.replace(microsecond=0) + SECOND
        if instant not in self._wakes:
            self._wakes.add(instant)
            self.agenda.at(instant, lambda: (self._wakes.discard(instant), self.dispatch()))

    def _next_due(self) -> dt.datetime | None:
        waiting = Message.state == MessageState.PENDING
        held = Message.state.in_([MessageState.CLAIMED, MessageState.UNKNOWN])
        due = sa.case((waiting, Message.not_before), else_=Message.lease_until)
        with self.runtime.database.reading() as session:
            return session.scalar(sa.select(sa.func.min(due)).where(waiting | held))

    def _note_refusals(self) -> None:
        for phone, code in self.provider.refused:
            if self.refusals.get(code) is Verdict.STOP_ADDRESS:
                self.story.add(Stopped, at=self.clock(), phone=phone, by_person=False, why=f"refused {code}")
        self.provider.refused.clear()

    # ---- the provider's two doors

    def receipt(self, said: Said, phone: str) -> None:
        self.said[said.provider_id].add(said.status)
        self.said_at.setdefault((said.provider_id, said.status), self.clock())
        with self._no_fault("receipt"), self.runtime.database.writing() as session:
            receipts.record(session, said, now=self.clock(), refusals=self.refusals)
        if self.refusals.get(said.error_code) is Verdict.STOP_ADDRESS:
            why = f"receipt {said.error_code}"
            self.story.add(Stopped, at=self.clock(), phone=phone, by_person=False, why=why)

    def text(self, phone: str, provider_id: str, meaning: Meaning, value: int | None, body: str) -> None:
        """Let a text arrive at our door."""
        again = provider_id in self._seen
        self._seen.add(provider_id)
        self.story.add(
            Came, at=self.clock(), phone=phone, provider_id=provider_id,
            meaning=meaning, value=value, body=body, again=again,
        )  # fmt: skip
        inbound = Inbound(
            provider_id, phone, self.runtime.settings.twilio_number, body, self.clock(),
            n_media=int(meaning is Meaning.PHOTO),
        )  # fmt: skip
        read_as = None
        with self._no_fault(f"turn {phone}"), self.runtime.database.writing() as session:
            read_as = take_turn(session, inbound, self.needs)
        # "Enough", said of an amount that was not asked for just now, may be a wish to stop.
        enough = meaning is Meaning.LABEL and read_as is Intent.OPTOUT
        if meaning in STOPS or meaning is Meaning.WRONG or enough:
            self.story.add(Stopped, at=self.clock(), phone=phone, by_person=True, why=meaning.value)
        self.wake(self.clock())

    def written(self, phone: str, body: str) -> None:
        """Let the provider see a text on its way to us: some words it acts on by itself."""
        word = body.strip().upper()
        if word in PROVIDERS_WORDS:
            self.provider.blocked.add(phone)
        elif word in {"START", "UNSTOP"}:
            self.provider.blocked.discard(phone)

    # ---- the web

    def web_answer(self, phone: str, token: str, raw: int | None) -> bool:
        """Answer the next item by the link, as the page does; tell whether it was taken."""
        with self.runtime.database.reading() as session:
            found = visit(
                session,
                token,
                keys=self.runtime.keys,
                library=self.runtime.library,
                now=self.clock(),
                spoken=SPOKEN,
            )
        if found is None or found.standing is not Standing.OPEN or found.open_item is None:
            return False
        item, key = found.open_item, f"web{len(self.story.entries)}"
        code = raw if raw is None or raw in {option.code for option in item.options} else 1
        submission = Submission(Channel.WEB, key, found.origin, {item.id: code}, self.clock())
        with self._no_fault("web"), self.runtime.database.writing() as session:
            outcome = accept(session, submission, self.runtime.library).outcome
            self.story.add(
                Webbed, at=self.clock(), phone=phone, key=key, item=item.id, code=code, outcome=str(outcome)
            )
        return True

    def web_stop(self, phone: str, token: str) -> None:
        """Press the button of the opt-out page."""
        with self._no_fault("stop page"), self.runtime.database.writing() as session:
            invitation = invitations.find(session, self.runtime.keys, token)
            consent.withdraw(session, participant_id=invitation.participant_id, at=self.clock())
            invitations.cancel(session, invitation.participant_id)
        self.story.add(Stopped, at=self.clock(), phone=phone, by_person=True, why="stop page")

    @contextmanager
    def _no_fault(self, where: str):
        try:
            yield
        except Exception:  # noqa: BLE001 - every fault of the product is a finding
            self.faults.append(f"{where}: {traceback.format_exc(limit=-4)}")

    def handed(self) -> list[Handed]:
        return self.story.of(Handed)
