"""Records and a panel for the demonstration: invented counts and officials, through the ordinary ways in."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import random
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.panels.opening import NewRound, close_round, open_round
from survey_app.ask.outreach.panels.raters import read_raters
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.tables import Place
from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.clock import day_starts_at, london_day
from survey_app.hear.channels.synthetic.people import Experience, answer
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.tables import Channel
from survey_app.know.records.importing import Sheet, take
from survey_app.know.records.rows import COLUMNS

MONTHS = 24
BY = "Demonstration (synthetic)"
PEOPLE_65 = {world.SYSTEM: 29_600, "harbour": 14_800, "vale": 14_800}
PANEL = "scirocco-style-12"
RATERS = """name,post,agreed
Ana Whitlock (invented),Chief executive of the trust,yes
Ben Okafor (invented),Director of adult social care,yes
Carys Penn (invented),GP lead,yes
Dev Sharma (invented),Head of community nursing,yes
Ellen Marsh (invented),Lead for carers,yes
Farid Aziz (invented),Finance director,yes
Grace Holt (invented),Head of therapies,yes
Hugh Tarn (invented),Housing manager,yes
Ines Costa (invented),Voluntary sector lead,yes
Jack Moor (invented),Mental health lead,yes
Kim Lowe (invented),Lead for digital records,yes
Leo Brandt (invented),Chair of the patient group,yes
"""
LEVELS = {"sc.digital": 0.38, "sc.money": 0.42, "sc.change": 0.68, "sc.breadth": 0.6}
APART = "sc.empower"
"""Half of the panel thinks that people have a say, the other half that they have none."""


def load_judgement(runtime: Runtime) -> None:
    """Import two years of records and let a panel judge twice."""
    today = london_day(runtime.clock())
    sheet = Sheet(_csv(today).encode(), "synthetic-records.csv", "Made up for the demonstration: SYNTHETIC")
    with runtime.database.writing() as session:
        places = set(session.scalars(sa.select(Place.id)))
        take(session, sheet, runtime.records, places, by=BY, now=runtime.clock())
    for days_ago, gain in ((210, 0.0), (24, 0.12)):
        _round(runtime, day_starts_at(today - dt.timedelta(days=days_ago)) + dt.timedelta(hours=9), gain)


def _csv(today: dt.date) -> str:
    luck = random.Random("records")  # noqa: S311 - a demonstration must be repeatable
    rows = [",".join(COLUMNS)]
    for place, people in PEOPLE_65.items():
        for number, (start, end) in enumerate(_months(today)):
            rows += _month(place, people, number, (start, end), luck)
    first = today.year - 1 if today.month > 6 else today.year - 2
    for year, home, whole in ((first - 2, 214, 268), (first - 1, 231, 281), (first, 246, 291)):
        rows.append(f"reable_91,{world.SYSTEM},{year}-10-01,{year}-12-31,{home},{whole},")
    rows += _stays(today, luck)
    return "\n".join(rows) + "\n"


def _month(
    place: str, people: int, number: int, span: tuple[dt.date, dt.date], luck: random.Random
) -> Iterator[str]:
    start, end = span
    winter = 1 + 0.08 * math.cos(2 * math.pi * (start.month - 1) / 12)
    fall = 0.86 if place == "harbour" and number >= MONTHS - 8 else 1.0
    admissions = round(people * 0.0195 * winter * fall * luck.gauss(1, 0.03) * (end.day / 30.4))
    yield f"emerg_adm_65,{place},{start},{end},{admissions},{people},"
    left = round(admissions * 0.93)
    offered = round(left * (0.075 + 0.0008 * number) * luck.gauss(1, 0.06))
    yield f"reable_offer,{place},{start},{end},{offered},{left},"


def _stays(today: dt.date, luck: random.Random) -> Iterator[str]:
    total = 0
    for start, end in _months(today):
        new = round(luck.gauss(14, 3.2))
        total = new if start.month == 4 else total + new
        note = "a new team agrees on stays from here on" if start == _months(today)[-6][0] else ""
        yield f"resid_adm_65,{world.SYSTEM},{start},{end},{total},{PEOPLE_65[world.SYSTEM]},{note}"


def _months(today: dt.date) -> list[tuple[dt.date, dt.date]]:
    last = today.year * 12 + today.month - 2  # the newest month that is over
    found = []
    for number in range(last - MONTHS + 1, last + 1):
        year, month = number // 12, number % 12 + 1
        found.append((dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])))
    return found


def _round(runtime: Runtime, at: dt.datetime, gain: float) -> None:
    luck = random.Random(f"panel:{gain}")  # noqa: S311 - a demonstration must be repeatable
    closes_on = london_day(at) + dt.timedelta(days=14)
    new = NewRound(runtime.library.latest(PANEL), world.SYSTEM, closes_on, BY, synthetic=True)
    with runtime.database.writing() as session:
        made = open_round(session, new, read_raters(RATERS), keys=runtime.keys, now=at)
        campaign = session.get_one(Campaign, made.campaign_id)
        asked = sa.select(Invitation).where(Invitation.campaign_id == campaign.id).order_by(Invitation.id)
        for number, invitation in enumerate(session.scalars(asked).all()):
            _judge(session, runtime, campaign, invitation, (number, gain, luck))
        close_round(session, made, now=at + dt.timedelta(days=14))


def _judge(
    session: Session,
    runtime: Runtime,
    campaign: Campaign,
    invitation: Invitation,
    rater: tuple[int, float, random.Random],
) -> None:
    number, gain, luck = rater

    def level(item_id: str) -> float:
        if item_id == APART:
            return 0.9 if number % 2 else 0.08
        return min(0.97, LEVELS.get(item_id, 0.5) + gain)

    origin = origin_of(invitation, campaign, runtime.keys, synthetic=True)
    at = invitation.invited_at + dt.timedelta(days=1, hours=number)
    experience = Experience(level, luck)
    answer(session, origin, runtime.library, channel=Channel.WEB, at=at, experience=experience)
