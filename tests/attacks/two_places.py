"""Two places that know nothing of each other, with one of everything in each, and somebody in every role.

A file of rows may add its own: `rows_at(session, runtime, place)` makes them and returns ids by argument.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.accounts import passes, staff
from survey_app.accounts.scope import Granted, SignedIn, only
from survey_app.accounts.sign_in import open_session
from survey_app.accounts.tables import Role, Staff, StaffPass
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.panels.opening import NewRound, open_round
from survey_app.ask.outreach.panels.raters import NewRater
from survey_app.ask.population.places import import_places
from survey_app.ask.population.tables import Place
from survey_app.clock import london_day
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding import callbacks
from survey_app.hear.safeguarding.alerts import Distress, raise_alert
from survey_app.know.evidence.keeping import save
from survey_app.know.evidence.panels.computing import save_panels
from survey_app.know.evidence.panels.result import PanelResult
from survey_app.know.evidence.places.tables import FindingKind, StoredFinding
from survey_app.know.evidence.tables import StoredQuarter
from survey_app.know.improvement.annotations import NewAnnotation, annotate
from survey_app.know.improvement.rebases import Confirmation, Proposal, confirm
from survey_app.know.improvement.scorecards.store import create, save_version
from survey_app.show.charts.documents import letter_runs
from survey_app.show.charts.documents.store import Wanted, ask
from survey_app.show.charts.documents.store import finish as finish_document
from survey_app.show.charts.documents.tables import Document
from survey_app.show.charts.funnels.tables import FunnelPicture
from survey_app.show.charts.tables import Drawing, PanelDrawing, Rendering
from survey_app.show.pages.accounts.gate import ROLES
from survey_app.web.access import Who
from tests.attacks.matrix import TOPICS
from tests.attacks.scorecard_rows import PLAN
from tests.factories import make_action, make_campaign
from tests.integration.signed_in import PLACES
from tests.unit.show.charts.example import example

EAST, WEST = ("east", "riverside"), ("west", "hilltop")
QUARTER = dt.date(2026, 7, 1)
MEASURE, COUNTED, PANEL = "ex.say.mean", "pulse-user-6.replies", "scirocco-style-12"
FIGURE = {"value": 55.5, "n": 40, "low": 50.0, "high": 61.0}
Ids = dict[str, dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the matrix: their roles, their browser's cookie, and what only they may open."""

    name: str
    roles: frozenset[Role]
    everywhere: frozenset[Role]
    token: str
    own: Mapping[str, str | int]
    signed_in: bool = True


def fill(runtime) -> Ids:
    """Put one of everything into both places; return the ids of each, by place and argument."""
    with runtime.database.writing() as session:
        import_places(session, PLACES)
        person = Staff(email="maker@example.org", name="M", password_hash="x", created_at=runtime.clock())
        session.add(person)
        session.flush()
        staff.grant(session, person.id, Granted(Role.ADMINISTRATOR, "/kmd/"))
        maker = SignedIn(person.id, "M", person.email, (Granted(Role.ADMINISTRATOR, "/kmd/"),))
        return {place: _one_place(session, runtime, parent, place, maker) for parent, place in (EAST, WEST)}


def _one_place(session, runtime, parent, place, maker) -> dict[str, str | int]:
    now, keys, settings = runtime.clock(), runtime.keys, runtime.settings
    locality = session.get_one(Place, place)
    series = example(place=place)
    save(session, [series], now=now)
    campaign = make_campaign(session, places=[locality], name=f"Campaign of {place}")
    raise_alert(session, _distress(place, now), keys=keys, settings=settings)
    callbacks.ask(session, _call(place, now), keys=keys, settings=settings)
    action = make_action(session, place, told=f"words of {place}")
    card = create(session, parent, replace(PLAN, name=f"Board of {parent}"), by="M", now=now)
    save_version(session, card, "why", by="M", now=now)
    note = annotate(
        session,
        NewAnnotation(place, MEASURE, london_day(now), f"note of {place}", "M"),
        now=now,
        today=london_day(now),
    )
    confirm(
        session,
        Confirmation(MEASURE, place, Proposal(dt.date(2026, 9, 7), 9, upwards=True), "cause", "M"),
        now=now,
    )
    poster = making.poster(session, campaign, place, "hall", keys=keys, now=now)
    instrument = runtime.library.latest(PANEL)
    raters = [NewRater(f"Rater {number} of {place}", "Post") for number in range(5)]
    made = open_round(
        session,
        NewRound(instrument, place, london_day(now) + dt.timedelta(days=20), "M"),
        raters,
        keys=keys,
        now=now,
    )
    result = PanelResult(made.id, PANEL, 1, "Panel", place, f"e{made.id}", QUARTER, QUARTER, 5, (), (), ())
    save_panels(session, [result])
    for rendering in Rendering:
        picture = {"rendering": rendering, "content": b"<svg/>", "drawn_at": now}
        session.add(Drawing(**_series_at(place), release=series.release, revision="", **picture))
        session.add(PanelDrawing(round_id=made.id, edition=result.edition, **picture))
    _found(session, parent, place)
    passes.invite(
        session, maker, f"new@{place}.example", Granted(Role.ANALYST, locality.path), keys=keys, now=now
    )
    link = session.query(StaffPass).filter_by(email=f"new@{place}.example").one()
    local = Staff(email=f"local@{place}.example", name=f"Local of {place}", password_hash="x", created_at=now)
    session.add(local)
    session.flush()
    staff.grant(session, local.id, Granted(Role.ANALYST, locality.path))
    session.flush()
    more = [topic.rows_at(session, runtime, place) for topic in TOPICS if hasattr(topic, "rows_at")]
    return {name: value for one in more for name, value in one.items()} | {
        "place_id": place,
        "campaign_id": campaign.id,
        "alert_id": _nth(place),
        "call_id": _nth(place),
        "action_id": action.id,
        "notice_id": action.id,
        "scorecard_id": card,
        "note_id": note,
        "rebase_id": _nth(place),
        "code_id": poster.id,
        "round_id": made.id,
        "staff_id": local.id,
        "pass_id": link.id,
        "document_id": "1" * 22,
        "run_id": "1" * 22,
        "place": parent,
    }


def _nth(place) -> int:
    return 1 if place == EAST[1] else 2


def _distress(place, now) -> Distress:
    sender = "+447700900123" if place == EAST[1] else "+447700900124"
    words = f"words of {place}"
    return Distress(f"SM-{place}", DistressKind.CRISIS, sender, words, at=now, place_id=place)


def _call(place, now) -> callbacks.CallRequest:
    number = "+447700900133" if place == EAST[1] else "+447700900134"
    return callbacks.CallRequest(f"c-{place}", number, place, "en", "web-1", now)


def _found(session, parent, place) -> None:
    quarter = [{"kind": "place", "category": "", "edition": 1, **FIGURE}]
    session.add(StoredQuarter(**_of(MEASURE, place), document=json.dumps(quarter)))
    comparison = {
        "target": None,
        "widened": False,
        "smoothing": "few_places",
        "needed": None,
        "places": [{"place": place, **FIGURE}],
        "lines": [],
    }
    equity = {
        "groups": [{"category": "18-64", **FIGURE}],
        "slope": None,
        "ratio": None,
        "no_slope": "withheld",
        "weighted": None,
        "unweighted": None,
    }
    answered = {"replies": 40, "invited": False, "rate": None, "partly": False, "item": "", "parts": []}
    for kind, measure, where, document in (
        (FindingKind.COMPARISON, MEASURE, parent, comparison),
        (FindingKind.EQUITY, MEASURE, place, equity),
        (FindingKind.ANSWERED, COUNTED, place, answered),
    ):
        session.add(StoredFinding(kind=kind, **_of(measure, where), document=json.dumps(document)))
    for narrow in (True, False):
        session.add(FunnelPicture(**_of(MEASURE, parent), narrow=narrow, content=b"<svg/>"))


def _series_at(place) -> dict[str, str]:
    return {"measure_id": MEASURE, "place_id": place}


def _of(measure, place) -> dict[str, object]:
    return {"measure_id": measure, "place_id": place, "quarter": QUARTER, "release": f"r-{place}"}


def people(runtime, ids: Ids) -> list[Somebody]:
    """Open a session for somebody of the east in every role, and for some whose roles are a trap."""
    east, whole = "/kmd/east/", "/kmd/"
    found = [_person(runtime, ids, role.value, [(role, east)]) for role in Role]
    # Roles elsewhere, or wider ones that read no figures, must not widen what a narrow one shows.
    found.append(_person(runtime, ids, "lead_and_auditor", [(Role.LEAD, east), (Role.AUDITOR, whole)]))
    found.append(_person(runtime, ids, "no_role", []))
    found.append(_person(runtime, ids, "closed", [(Role.ADMINISTRATOR, whole)], active=False))
    return [*found, Somebody("stranger", frozenset(), frozenset(), "", {}, signed_in=False)]


def _person(runtime, ids, name, grants, *, active=True) -> Somebody:
    now, keys = runtime.clock(), runtime.keys
    with runtime.database.writing() as session:
        row = Staff(email=f"{name}@east.example", name=name, password_hash="x", active=active, created_at=now)
        session.add(row)
        session.flush()
        for role, path in grants:
            staff.grant(session, row.id, Granted(role, path))
        person = SignedIn(row.id, name, row.email, tuple(Granted(*grant) for grant in grants))
        own = _own_files(session, runtime, person, ids[EAST[1]]["campaign_id"])
        token = open_session(session, row.id, now=now, keys=keys)
    roles = frozenset(role for role, _ in grants)
    everywhere = frozenset(role for role, path in grants if path == "/kmd/")
    return Somebody(name, roles, everywhere, token, own, signed_in=active)


def _own_files(session, runtime, person, campaign_id) -> dict[str, str]:
    now, keys = runtime.clock(), runtime.keys
    reader = only(person, ROLES[Who.READER])
    document = ask(session, reader, Wanted(person.name, "file", "/dashboard", "<p>x</p>"), now=now)
    finish_document(session, document, b"%PDF-1.7")
    run = letter_runs.ask(session, campaign_id, person.staff_id, n_letters=1, now=now)
    letter_runs.finish(session, run, b"%PDF-1.7", 1, keys=keys)
    session.flush()
    assert session.get_one(Document, document).content
    return {"document_id": document, "run_id": run}
