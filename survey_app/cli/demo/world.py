"""The invented system of the demonstration: its places, people and what their experience is really like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SYSTEM = "harbour-vale"
SMALL = "marsh-end"
NEIGHBOUR = "fellside"
GROUP_ID, GROUP_NAME = "fellside-marsh-end", "Fellside and Marsh End"
PANEL = 170
"""People a locality: asked in five parts, so that nobody is asked again within 28 days."""
ASKED_A_WEEK = 34
PHONES_EACH = 4
"""People a locality whose simulated phone can be picked up at /simulator."""
FIRST_PHONE = 100
"""The phones are +447700900100 and on; the panel shares the numbers from +447700900200 on."""

SPOKEN = {9: "cy", 10: "pl", 11: "ur", 12: "ar", 13: "bn", 14: "pa", 15: "ro"}
"""Which of the phones, counted from 0, belong to people who asked for another language than English."""

LOCALITIES = (
    ("quayside", "Quayside", "harbour"),
    ("old-town", "Old Town", "harbour"),
    ("northfield", "Northfield", "harbour"),
    ("seaview", "Seaview", "harbour"),
    ("millbrook", "Millbrook", "vale"),
    ("oakridge", "Oakridge", "vale"),
    ("fellside", "Fellside", "vale"),
    ("marsh-end", "Marsh End", "vale"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One true thing that happens in the invented world, as a shift on 0-1 from a week on."""

    locality: str
    items: tuple[str, ...]
    from_share: float  # of the weeks loaded
    shift: float


IMPROVEMENT = Change("quayside", ("ex.say", "ex.info"), 0.6, 0.17)
WORSENING = Change("millbrook", ("ex.moves", "ex.life"), 0.72, -0.17)
CHANNEL_STEP = ("northfield", 0.5)
"""Half way through, Northfield turns from web to text; people there are as well off as before."""
TEXT_BONUS = 0.16
"""By text people answer more kindly than on the web: the same experience gives another figure."""

BASE = {
    "ex.life": 0.62,
    "ex.info": 0.58,
    "ex.say": 0.55,
    "ex.moves": 0.6,
    "ex.community": 0.5,
    "ex.carer": 0.56,
}


PRACTICES = ("Station Road Surgery", "The Elms Practice")
"""Each locality has both, under its own name."""
RESIDENTS = {"18-64": 6000, "65-79": 2600, "80-over": 1100}
"""People a locality; more of the older ones are asked and answer."""
AGES = ("65-79", "80-over", "18-64", "65-79", "80-over", "65-79", "18-64", "65-79", "")
"""In this order people are given an age, by their number; the last one has not said."""


def places_csv(n_localities: int) -> str:
    """Return the places file: one system, two places, up to eight localities with two practices each."""
    rows = [
        "id,name,kind,code,parent",
        f"{SYSTEM},Harbour and Vale,system,SYN0,",
        f"harbour,Harbour,place,SYN1,{SYSTEM}",
        f"vale,Vale,place,SYN2,{SYSTEM}",
    ]
    rows += [
        f"{locality},{name},locality,SYN1{number},{parent}"
        for number, (locality, name, parent) in enumerate(LOCALITIES[:n_localities])
    ]
    rows += [
        f"{practice_of(locality, which)},{title} ({name}),practice,SYNG{number}{which},{locality}"
        for number, (locality, name, _) in enumerate(LOCALITIES[:n_localities])
        for which, title in enumerate(PRACTICES)
    ]
    return "\n".join(rows) + "\n"


def practice_of(locality: str, which: int) -> str:
    """Return the id of one of a locality's practices."""
    return f"{locality}-gp-{which + 1}"


def population_csv(n_localities: int) -> str:
    """Return how many people of each age live at each locality."""
    rows = ["place,category,people"]
    rows += [
        f"{locality},{age},{n_people}"
        for locality, _, _ in LOCALITIES[:n_localities]
        for age, n_people in RESIDENTS.items()
    ]
    return "\n".join(rows) + "\n"


def phones_csv(n_localities: int) -> str:
    """Return the people whose phones can be picked up in the simulator."""
    return _people_csv(n_localities, PHONES_EACH, "phone", lambda number: FIRST_PHONE + number)


def panel_csv(n_localities: int) -> str:
    """Return the people who answered in the past."""
    return _people_csv(n_localities, PANEL, "panel", lambda number: 200 + number % 800)


def phones(n_localities: int) -> list[str]:
    """Return the numbers of the phones in the simulator."""
    return [f"+447700900{FIRST_PHONE + number:03}" for number in range(n_localities * PHONES_EACH)]


def _people_csv(n_localities: int, n_each: int, name: str, ending: Callable[[int], int]) -> str:
    rows = ["reference,audience,locality,practice,phone,channel,language,consent,category,hear_back"]
    for place_number, (locality, _, _) in enumerate(LOCALITIES[:n_localities]):
        for person in range(n_each):
            number = place_number * n_each + person
            practice = practice_of(locality, person % 5 % 2)  # three in five go to the first
            language = SPOKEN.get(number, "en") if name == "phone" else "en"
            phone, age = f"07700900{ending(number):03}", AGES[number % len(AGES)]
            back = "yes" if number % 5 < 2 else "no"  # two in five want to hear what was done
            rows.append(
                f"SYN-{name}-{number:04},user,{locality},{practice},{phone},text,{language},given,{age},{back}"
            )
    return "\n".join(rows) + "\n"


def response_share(locality: str) -> float:
    """Return the share of people asked who answer: about 25 a week, and 6 in the small place."""
    return 0.18 if locality == SMALL else 0.74


def text_share(locality: str, done: float) -> float:
    """Return the share who answer by text when `done` of the weeks have passed."""
    place, at = CHANNEL_STEP
    return 0.85 if locality == place and done >= at else 0.25


def level(item_id: str, locality: str, done: float, *, by_text: bool) -> float:
    """Return how good one statement is there and then, on 0-1."""
    place_effect = (sum(map(ord, locality)) % 7 - 3) / 60
    value = BASE.get(item_id, 0.55) + place_effect + (TEXT_BONUS if by_text else 0.0)
    for change in (IMPROVEMENT, WORSENING):
        if locality == change.locality and item_id in change.items and done >= change.from_share:
            value += change.shift
    return min(0.97, max(0.03, value))
