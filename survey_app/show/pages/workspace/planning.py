"""A new survey in plain steps: each page asks one thing and carries what was said before in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from survey_app.ask.outreach.tables import Campaign
from survey_app.show.pages.workspace.forms import FALLBACKS, CampaignForm


class Step(StrEnum):
    """The pages of a new survey, in their order."""

    WHAT = "what"
    WHERE = "where"
    HOW = "how"
    WHEN = "when"
    CHECK = "check"


TITLES: Mapping[Step, str] = MappingProxyType(
    {
        Step.WHAT: "What will you ask?",
        Step.WHERE: "Where?",
        Step.HOW: "How are people asked, and how many?",
        Step.WHEN: "When, and for how much?",
        Step.CHECK: "Check before you make the survey",
    }
)
ASKED: Mapping[Step, tuple[str, ...]] = MappingProxyType(
    {
        Step.WHAT: ("name", "instrument", "rota_items"),
        Step.WHERE: ("localities",),
        Step.HOW: (
            "channels",
            "rhythm",
            "weekly_sample",
            "window_days",
            "reminder_days",
            "fallback",
            "fallback_days",
        ),
        Step.WHEN: ("starts_on", "ends_on", "budget"),
        Step.CHECK: (),
    }
)
ORDER = tuple(Step)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the way: its step, and everything said so far."""

    step: Step
    said: Mapping[str, list[str]]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Return what the page's form carries on: what other pages ask."""
        return [(name, one) for name, values in self.said.items() if name not in self.asks for one in values]

    @property
    def number(self) -> int:
        """Return which page this is, from 1."""
        return ORDER.index(self.step) + 1

    @property
    def n_pages(self) -> int:
        """Return how many pages there are."""
        return len(ORDER)

    @property
    def title(self) -> str:
        """Return what the page asks."""
        return TITLES[self.step]

    @property
    def asks(self) -> tuple[str, ...]:
        """Return the fields of the page."""
        return ASKED[self.step]

    @property
    def after(self) -> Step | None:
        """Return the next step; None on the last page."""
        return ORDER[self.number] if self.number < len(ORDER) else None

    @property
    def before(self) -> Step | None:
        """Return the step before; None on the first page."""
        return ORDER[self.number - 2] if self.number > 1 else None


def wanted_step(said: str) -> Step:
    """Return the step somebody asks for; the first for anything else."""
    return Step(said) if said in set(Step) else Step.WHAT


def with_usual(sent: MultiDict[str, str], usual: CampaignForm, step: Step) -> MultiDict[str, str]:
    """Fill in what is usual for the pages not seen yet; what was left empty before stays empty."""
    filled = MultiDict(sent.items(multi=True))
    for later in ORDER[ORDER.index(step) :]:
        for name in ASKED[later]:
            if name not in sent:
                filled.setlist(name, _values(usual, name))
    return filled


def page_for(form: CampaignForm, step: Step) -> Page:
    """Return the page of a step, or of the first step before it that has a fault."""
    form.validate()
    earlier = ORDER[: ORDER.index(step)]
    at = next((one for one in earlier if any(form[name].errors for name in ASKED[one])), step)
    _forget_faults(form, but=ASKED[at] if at is not step else ())
    return Page(at, {name: _values(form, name) for one in ORDER for name in ASKED[one]})


def copied(campaign: Campaign) -> dict[str, str | list[str]]:
    """Return what a new survey like this one would say, but for its name and its days."""
    fallback = {tuple(medium.value for medium in media): key for key, (_, media) in FALLBACKS.items()}
    return {
        "name": f"Copy of {campaign.name}"[:120],
        "instrument": f"{campaign.instrument_id}:{campaign.instrument_version}",
        "rota_items": _said(campaign.rota_items),
        "localities": list(campaign.localities),
        "channels": list(campaign.channels),
        "rhythm": campaign.rhythm.value,
        "weekly_sample": _said(campaign.weekly_sample),
        "window_days": _said(campaign.window_days),
        "reminder_days": _said(campaign.reminder_days),
        "fallback": fallback.get(tuple(campaign.fallback or ()), ""),
        "fallback_days": _said(campaign.fallback_days),
        "budget": _said(campaign.budget_pence and campaign.budget_pence // 100),
    }


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _forget_faults(form: CampaignForm, but: tuple[str, ...]) -> None:
    for field in form:
        if field.name not in but:
            field.errors = ()


def _values(form: CampaignForm, name: str) -> list[str]:
    field = form[name]
    if hasattr(field, "iter_choices"):
        data = field.data if isinstance(field.data, list) else [field.data]
        return [str(value) for value in data if value is not None]
    return [str(field.raw_data[0]) if field.raw_data else _said(field.data)]
