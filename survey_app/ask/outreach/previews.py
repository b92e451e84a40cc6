"""Every text of a campaign as people will get it, measured while it can still be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.instruments.texts import Encoding, TextSize, measure_text, outside_gsm
from survey_app.ask.outreach.eligibility import meant_by
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.tables import ChannelChoice, Participant
from survey_app.ask.sending.policy import Prices, cost_of
from survey_app.ask.sending.tables import Medium

Say = Callable[[str], str]
"""A text of the wording file by name, in one language."""

MOST_BLAMED = 12
"""Letters named as dear: of another alphabet than ours nobody needs the whole list."""

LONGEST = 1600
"""Letters a text may have; the provider refuses longer ones (21617)."""

ALONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of a campaign with its size; `cost` in hundredths of a penny."""

    name: str
    body: str
    size: TextSize
    cost: int
    to_blame: tuple[str, ...]

    @property
    def note(self) -> str:
        """Say what makes a text dear or impossible; empty where nothing does."""
        if len(self.body) > LONGEST:
            return f"longer than {LONGEST:,} characters: it cannot be sent"
        if self.to_blame:
            letters = " ".join(self.to_blame[:MOST_BLAMED])
            more = len(self.to_blame) - MOST_BLAMED
            letters += f" and {more} more" if more > 0 else ""
            one = len(self.to_blame) == 1
            return f"{letters} {'makes' if one else 'make'} this a {ALONE[Encoding.UCS_2]}-character text"
        return ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A campaign in one language: what asking one person costs at most, and what their answering adds."""

    language: str
    asking: tuple[Shown, ...]
    answering: tuple[Shown, ...]
    n_questions: int = 0

    @property
    def asking_cost(self) -> int:
        """Return what one person costs who is invited and reminded, by the dearer of the two ways."""
        by_name = {shown.name: shown.cost for shown in self.asking}
        pairs = (("invitation", "reminder"), ("invitation_web", "reminder_web"))
        return max(sum(by_name.get(name, 0) for name in pair) for pair in pairs)

    @property
    def answering_cost(self) -> int:
        """Return what one person costs on top who answers everything by text."""
        return sum(shown.cost for shown in self.answering)

    @property
    def texts(self) -> tuple[Shown, ...]:
        """Return every text, in the order in which people get them."""
        return self.asking + self.answering


@dataclass(frozen=True, slots=True)
class Setting:
    """What texts are filled with and paid by in an installation; `link` is as long as a real one."""

    sender: str
    link: str
    prices: Prices


def preview(campaign: Campaign, instrument: Instrument, setting: Setting, language: str, say: Say) -> Preview:
    """Measure what a campaign says in one language."""
    items = _dearest(instrument.items, campaign.rota_items)
    count = str(len(items))
    asking = [_shown(name, say(name).replace("{count}", count), setting) for name in _asking_names(campaign)]
    answering = []
    if ChannelChoice.TEXT in campaign.channels:
        prefix = say("question_prefix").replace("{total}", count)
        numbered = [
            (item.title or item.id, prefix.replace("{n}", str(number)) + item.sms)
            for number, item in enumerate(items, start=1)
        ]
        answering = [_shown(name, body, setting) for name, body in (*numbered, ("thanks", say("thanks")))]
    return Preview(language, tuple(asking), tuple(answering), len(items))


def languages_of(session: Session, campaign: Campaign) -> list[str]:
    """Return the languages of the people a campaign asks, English first."""
    spoken = session.scalars(sa.select(Participant.language).where(meant_by(campaign)).distinct())
    return ["en", *sorted(set(spoken) - {"en"})]


def _asking_names(campaign: Campaign) -> Sequence[str]:
    by_text = ["invitation", "reminder"] if ChannelChoice.TEXT in campaign.channels else []
    by_web = ["invitation_web", "reminder_web"] if ChannelChoice.WEB in campaign.channels else []
    names = by_text + by_web
    if not by_text and Medium.TEXT.value in (campaign.fallback or ()):
        names = ["invitation", *names]  # whoever does not answer another way gets it
    return [name for name in names if campaign.reminder_days is not None or "reminder" not in name]


def _dearest(items: Sequence[Item], n: int | None) -> list[Item]:
    # A rota gives each person some of the items: counted are those that cost most.
    if n is None or n >= len(items):
        return list(items)
    dear = sorted(items, key=lambda item: -measure_text(item.sms).segments)[:n]
    return [item for item in items if item in dear]


def _shown(name: str, body: str, setting: Setting) -> Shown:
    filled = body.replace("{sender}", setting.sender).replace("{link}", setting.link)
    size = measure_text(filled)
    return Shown(name, filled, size, cost_of(setting.prices, Medium.TEXT, size.segments), outside_gsm(filled))
