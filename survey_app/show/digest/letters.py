"""The letter itself: subject, plain text and HTML, made from the same news."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from survey_app.show.charts.phrases import chance_words
from survey_app.show.digest.gathering import Change, News
from survey_app.show.digest.styles import STYLES

CHART = "chart"
"""The picture's name inside the letter (its Content-ID)."""

_pages = Environment(
    loader=PackageLoader("survey_app.show.digest"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CLASS = re.compile(r'class="([a-z-]+)"')


@dataclass(frozen=True, slots=True)
class Links:
    """Where the letter leads: its own site, and the address that stops it."""

    site: str
    stop: str

    def chart(self, change: Change) -> str:
        """Return the address of a chart's page."""
        return f"{self.site}/dashboard/series/{change.measure_id}/{change.place_id}"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter ready to be read; `lead` says of which series it shows the picture."""

    subject: str
    text: str
    html: str
    picture: bytes | None
    lead: Change | None


def write(news: News, links: Links, *, service_name: str, picture: bytes | None) -> Written:
    """Write a letter; without a picture it says the same in words."""
    known = {
        "news": news,
        "links": links,
        "service_name": service_name,
        "by_chance": chance_words(news.by_chance),
        "headline": headline(news),
        "picture": CHART if picture and news.lead else "",
    }
    html = _pages.get_template("digest/letter.html").render(known)
    return Written(
        subject=headline(news),
        text=_pages.get_template("digest/letter.txt").render(known),
        html=_CLASS.sub(lambda found: f'style="{STYLES[found[1]]}"', html),
        picture=picture if news.lead else None,
        lead=news.lead,
    )


def headline(news: News) -> str:
    """Say the one thing."""
    if news.lead is None:
        return f"Nothing stands out in the week of {news.week}"
    still = "" if news.lead.is_new else "Still "
    word = news.lead.word if news.lead.is_new else news.lead.word.lower()
    return f"{still}{word}: {news.lead.title}, {news.lead.place}"
