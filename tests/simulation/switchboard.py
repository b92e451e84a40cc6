"""Calls in a simulated world: who picks up, what is pressed or said, and what our doors hear of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import sqlalchemy as sa

from survey_app.hear.responses.tables import AnswerHistory, Response, SubmissionRow
from tests.simulation.provider import Accepted, Request
from tests.simulation.story import Rang, Stepped, Stopped
from tests.simulation.words import STOPS, Meaning

if TYPE_CHECKING:
    from tests.simulation.world import World

HUMAN, MACHINE = "human", "machine_start"
MACHINES = frozenset({MACHINE, "fax"})
PICKED_UP = frozenset({HUMAN, "unknown"}) | MACHINES
UNREACHED = frozenset({"busy", "no-answer", "failed"})
RING_SECONDS = 8
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Uttered:
    """A key, some words, or nothing, as the provider brings it, and what is meant by it."""

    meaning: Meaning
    value: int | None = None
    keys: str = ""
    words: str = ""
    confidence: float = 0.9

    @property
    def form(self) -> dict[str, str]:
        if self.words:
            return {"SpeechResult": self.words, "Confidence": f"{self.confidence:.2f}"}
        return {"Digits": self.keys}


@dataclass
class Call:
    """One call, as the person at the telephone knows it."""

    sid: str
    phone: str
    inbound: bool
    token: str = ""
    by: str = ""
    heard: str = ""
    action: str = ""  # where the next key goes; none: the call is over
    past: list[str] = field(default_factory=list)  # where earlier keys went


class Switchboard:
    """Joins telephones to our doors."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answered: Callable[[Call], None] = lambda _call: None
        self.rang: Callable[[str], None] = lambda _phone: None
        self.tells: Callable[[str], tuple[float, ...]] = lambda _status: (1,)
        self._numbers = count(1)

    # ---- we ring somebody, or somebody rings us

    def ring(self, accepted: Accepted, request: Request) -> None:
        """Let a telephone ring; its owner picks up or not."""
        outcome = self.world.provider.weather.pick_up()
        call = Call(accepted.provider_id, request.letter.address, False, request.letter.callback_token)
        self._tell(call, "initiated", request.status_url)
        self.world.agenda.after(RING_SECONDS, lambda: self._picked_up(call, outcome, request))

    def dial(self, phone: str) -> Call:
        """Let somebody ring us."""
        call = Call(f"CA{'i':0>8}{next(self._numbers):024}", phone, True)
        url = f"{self.world.base}/hooks/twilio/voice"
        self._open(call, url, HUMAN)
        return call

    def _picked_up(self, call: Call, outcome: str, request: Request) -> None:
        if outcome not in PICKED_UP:
            self._note(call, outcome, "")
            self._tell(call, outcome, request.status_url)
            return self.rang(call.phone)
        call.by = outcome
        self._tell(call, "in-progress", request.status_url)
        return self._open(call, request.url, outcome)

    def _open(self, call: Call, url: str, outcome: str) -> None:
        document = self._ask(call, url, {})
        self._note(call, outcome, call.heard)
        if document and not call.action:
            return self.hang_up(call)
        return self.answered(call)

    def _note(self, call: Call, outcome: str, words: str) -> None:
        self.world.story.add(
            Rang, at=self.world.clock(), phone=call.phone, call=call.sid,
            inbound=call.inbound, outcome=outcome, words=words,
        )  # fmt: skip

    # ---- what is pressed or said

    def step(self, call: Call, uttered: Uttered) -> None:
        """Let a key or words reach our door, once and as they should."""
        if not call.action:
            return
        url, before = call.action, call.heard
        call.past.append(url)
        self._step(call, uttered, url, before, due=True)
        if not call.action:
            self.hang_up(call)
        else:
            self.answered(call)

    def again(self, call: Call, uttered: Uttered, back: int = 1) -> None:
        """Bring a key to a step that is over: a second delivery, or a late one."""
        if len(call.past) >= back:
            self._step(call, uttered, call.past[-back], call.heard, due=False)

    def _step(self, call: Call, uttered: Uttered, url: str, before: str, *, due: bool) -> None:
        now = call.heard
        key = f"{call.sid}:{url.rpartition('t=')[2]}"
        heard = self._ask(call, url, uttered.form, keep=due)
        self.world.story.add(
            Stepped, at=self.world.clock(), phone=call.phone, call=call.sid, key=key,
            meaning=uttered.meaning, value=uttered.value, body=uttered.words or uttered.keys,
            sure=not uttered.words or uttered.confidence >= SURE, due=due,
            before=before, heard=heard, now=now, stored=self._stored(key),
        )  # fmt: skip
        if due and uttered.meaning in STOPS | {Meaning.WRONG}:
            self.world.story.add(
                Stopped, at=self.world.clock(), phone=call.phone, by_person=True, why="on the phone"
            )
        self.world.wake(self.world.clock())

    def hang_up(self, call: Call) -> None:
        """End a call; the provider tells us, as its weather has it."""
        call.action = ""
        self._tell(call, "completed", f"{self.world.base}/hooks/twilio/voice/status?o={call.token}")

    # ---- our doors

    def _ask(self, call: Call, url: str, more: dict[str, str], *, keep: bool = True) -> str:
        document = ""
        with self.world.no_fault(f"call {call.phone}"):
            document = self.world.doors.call(url, self._form(call, "in-progress") | more)
        words, action = read(document)
        if keep:
            call.heard, call.action = words, action
        return words

    def _tell(self, call: Call, status: str, url: str) -> None:
        for seconds in self.tells(status):
            self.world.agenda.after(seconds, lambda: self._report(call, status, url))

    def _report(self, call: Call, status: str, url: str) -> None:
        if status in UNREACHED or (status == "completed" and call.by in MACHINES):
            self.world.said_at.setdefault((call.sid, "undelivered"), self.world.clock())
        with self.world.no_fault(f"status {call.phone}"):
            self.world.doors.call(url, self._form(call, status))
        self.world.wake(self.world.clock())

    def _form(self, call: Call, status: str) -> dict[str, str]:
        ours, theirs = self.world.runtime.settings.twilio_number, call.phone
        by = {"AnsweredBy": call.by} if call.by else {}
        return by | {
            "CallSid": call.sid,
            "From": theirs if call.inbound else ours,
            "To": ours if call.inbound else theirs,
            "CallStatus": status,
            "Direction": "inbound" if call.inbound else "outbound-api",
        }

    def _stored(self, key: str) -> tuple[tuple[int, str, int | None], ...]:
        """Read what one step has put on disk by now."""
        kept = (
            sa.select(Response.origin, AnswerHistory.item_id, AnswerHistory.code)
            .join(Response, Response.id == AnswerHistory.response_id)
            .join(SubmissionRow, SubmissionRow.id == AnswerHistory.submission_id)
            .where(SubmissionRow.key == key)
        )
        with self.world.runtime.database.reading() as session:
            rows = session.execute(kept).all()
        return tuple((int(origin.split(":")[1]), item, code) for origin, item, code in rows)


def read(document: str) -> tuple[str, str]:
    """Return what a document says, and where the next key goes."""
    if not document:
        return "", ""
    root = ET.fromstring(document)  # noqa: S314 - from our own door
    words = " ".join("".join(said.itertext()) for said in root.iter() if said.tag in {"Say", "Play"})
    gather = root.find("Gather")
    return words, "" if gather is None else gather.get("action", "")
