"""From what is to be spoken to TwiML, with the official builder; keys and words interrupt what is said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from survey_app.hear.conversations.calls.speech import Pace, Speech

UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The builder lets through what XML forbids, and the provider then refuses the whole document."""
LONGEST_LINE, MOST_LINES = 1_000, 10
"""Together below the 64 kB the provider fetches, even where each letter takes five bytes ("&amp;")."""
WAIT_SECONDS = 8
RATES: Mapping[Pace, str] = MappingProxyType({Pace.SLOW: "85%", Pace.SLOWEST: "70%"})
ENGLISH = "en"
SOUND = ".mp3"


@dataclass(frozen=True, slots=True)
class Voice:
    """How one language sounds, and whether the provider understands it."""

    language: str
    name: str
    listens: bool


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices by language, and the recordings of languages that have none."""

    by_language: Mapping[str, Voice]
    recordings: Mapping[str, frozenset[str]]
    base_url: str

    def voice(self, language: str) -> Voice:
        """Return the voice of a language; English where it has none."""
        return self.by_language.get(language, self.by_language[ENGLISH])

    def recording(self, language: str, name: str) -> str | None:
        """Return the address of a recording, or None."""
        if language in self.by_language or name not in self.recordings.get(language, ()):
            return None
        return f"{self.base_url}/{language}/{name}{SOUND}"


def load_voices(path: Path, recordings: Path, *, base_url: str) -> Voices:
    """Read the voices, and which recordings lie beside them."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    voices = {code: Voice(row["language"], row["voice"], row["listens"]) for code, row in rows.items()}
    found: dict[str, set[str]] = {}
    for file in sorted(recordings.glob(f"*/*{SOUND}")):
        found.setdefault(file.parent.name, set()).add(file.stem)
    return Voices(voices, {code: frozenset(names) for code, names in found.items()}, base_url)


def twiml_of(speech: Speech, voices: Voices, *, action: str) -> str:
    """Return the document that says something and waits for a key or a word, or hangs up."""
    response = VoiceResponse()
    if not speech.waits:
        _say(response, speech, voices)
        response.hangup()
        return str(response.to_xml())
    voice = voices.voice(speech.language)
    gather = Gather(
        input="dtmf speech" if voice.listens else "dtmf",
        action=action,
        method="POST",
        timeout=WAIT_SECONDS,
        num_digits=1,
        finish_on_key="",
        action_on_empty_result=True,
        **_listening(voice, speech.hints),
    )
    _say(gather, speech, voices)
    response.append(gather)
    return str(response.to_xml())


def silence() -> str:
    """Return the document that says nothing and hangs up."""
    response = VoiceResponse()
    response.hangup()
    return str(response.to_xml())


def speakable(words: str) -> str:
    """Return words without what no XML document may hold, cut to what can be said at once."""
    return UNSPEAKABLE.sub(" ", words)[:LONGEST_LINE]


def _listening(voice: Voice, hints: tuple[str, ...]) -> dict[str, str]:
    if not voice.listens:
        return {}
    listed = ", ".join(hint for hint in map(speakable, hints) if "," not in hint)
    return {"speech_timeout": "auto", "language": voice.language, "hints": listed[:LONGEST_LINE]}


def _say(verb: VoiceResponse | Gather, speech: Speech, voices: Voices) -> None:
    for line in speech.lines[:MOST_LINES]:
        recording = voices.recording(line.language or speech.listener, line.name)
        if recording is not None:
            verb.play(recording)
        elif line.words.strip():
            voice = voices.voice(line.language or speech.language)
            verb.append(_said(speakable(line.words), speech.pace, voice))


def _said(words: str, pace: Pace, voice: Voice) -> Say:
    if pace not in RATES:
        return Say(words, language=voice.language, voice=voice.name)
    said = Say(language=voice.language, voice=voice.name)
    said.prosody(words, rate=RATES[pace])
    return said
