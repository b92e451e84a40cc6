"""The provider's doors for calls: somebody picked up or rang us, pressed or said something, or hung up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from survey_app.ask.instruments.loader import Library
from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending import receipts
from survey_app.clock import Clock
from survey_app.crypto import Keys
from survey_app.database import Database
from survey_app.hear.channels.voice import reports
from survey_app.hear.channels.voice.twiml import Voices, load_voices, silence, twiml_of
from survey_app.hear.conversations.calls.ending import end_call
from survey_app.hear.conversations.calls.opening import find_call, open_call
from survey_app.hear.conversations.calls.speech import Speech
from survey_app.hear.conversations.calls.steps import Step, keep_spoken, take_step
from survey_app.hear.conversations.calls.tables import PhoneCall
from survey_app.hear.conversations.turn import Conversing
from survey_app.hear.reading.wording import Wording
from survey_app.settings import CONFIG_DIR, Settings
from survey_app.web.access import Who, who_may

PREFIX = "/hooks/twilio/voice"
RECORDINGS = CONFIG_DIR / "recordings"


@dataclass(frozen=True, slots=True)
class Needs:
    """What the doors of the telephone use."""

    database: Database
    clock: Clock
    settings: Settings
    keys: Keys
    library: Library
    wording: Wording

    @property
    def base(self) -> str:
        """Return the address the provider knows these doors by."""
        return f"{self.settings.public_base_url}{PREFIX}"

    @property
    def conversing(self) -> Conversing:
        """Return what every turn uses."""
        return Conversing(self.library, self.keys, self.wording, self.settings)


def blueprint(needs: Needs, recordings: Path = RECORDINGS) -> Blueprint:
    """Build the doors."""
    door = Blueprint("voice", __name__, url_prefix=PREFIX)
    voices = load_voices(CONFIG_DIR / "voices.toml", recordings, base_url=f"{needs.base}/recordings")

    @door.before_request
    def only_the_provider() -> None:
        if request.method == "POST":
            reports.refuse_strangers(needs.settings)

    @door.post("")
    @who_may(Who.PROVIDER)
    def picked_up() -> Response:
        return _as_xml(_open(needs, voices))

    @door.post("/step")
    @who_may(Who.PROVIDER)
    def step() -> Response:
        return _as_xml(_step(needs, voices))

    @door.post("/status")
    @who_may(Who.PROVIDER)
    def status() -> Response:
        now = needs.clock()
        with needs.database.writing() as session:
            over = reports.is_over()
            result = end_call(session, reports.hangup(now), needs.keys) if over else None
            receipts.record(session, reports.said(result), now=now)
        return Response(status=204)

    @door.get("/recordings/<language>/<name>.mp3")
    @who_may(Who.ANYONE)
    def recording(language: str, name: str) -> Response:
        return send_from_directory(recordings, f"{language}/{name}.mp3", mimetype="audio/mpeg")

    return door


def _open(needs: Needs, voices: Voices) -> str:
    ringing = reports.ringing(needs.clock())
    with needs.database.writing() as session:
        call = find_call(session, ringing.provider_id)
        if call is not None:
            return call.spoken
        call, speech = open_call(session, ringing, needs.conversing)
        if call.by_machine:
            # Whoever else listens to this machine must not learn who is being asked about their care.
            keep_spoken(call, silence())
        # Told twice at once, both get what was said to the one that was first.
        return call.spoken or _say(needs, voices, call, speech)


def _step(needs: Needs, voices: Voices) -> str:
    ringing = reports.ringing(needs.clock())
    with needs.database.writing() as session:
        call = find_call(session, ringing.provider_id)
        if call is None or call.token != request.args.get("s"):
            abort(403)
        # A call belongs to one telephone: its keys must never reach the survey of another.
        if call.address_index != phone_index(needs.keys, ringing.phone):
            abort(403)
        # A repeat hears the same again, and a step that is over hears what is being asked now.
        if request.args.get("t") != str(call.step + 1):
            return call.spoken
        speech = take_step(Step(session, call, ringing, reports.heard(), needs.conversing))
        return _say(needs, voices, call, speech)


def _say(needs: Needs, voices: Voices, call: PhoneCall, speech: Speech) -> str:
    action = f"{needs.base}/step?s={call.token}&t={call.step + 1}"
    document = twiml_of(speech, voices, action=action)
    keep_spoken(call, document)
    return document


def _as_xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
