"""From a letter's code, a paper form and a shared screen to what is counted, and what is kept apart."""

from __future__ import annotations

import pytest

from survey_app.ask.outreach.codes import making
from survey_app.ask.population.tables import ChannelChoice, Place
from survey_app.hear.responses.tables import Channel, Response
from survey_app.jobs.counting import catch_up
from survey_app.know.aggregation.tables import Block, Cell
from survey_app.know.measures.modes import CODES, MODE
from tests.attacks.ground import ON_SQLITE, all_of, seal_of
from tests.factories import make_campaign, make_invitation, make_participant
from tests.integration.signed_in import csrf_in, enter, settle

pytestmark = ON_SQLITE
N_TYPED, N_PAPER, N_TOUCHED = 6, 6, 3


@pytest.fixture
def handed_out(runtime):
    """The codes of twelve letters and of one poster, as printed."""
    settle(runtime, "officer@example.org")
    keys, now = runtime.keys, runtime.clock()
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        campaign = make_campaign(session, places=[place])
        for _ in range(N_TYPED + N_PAPER):
            person = make_participant(session, keys, place=place, channel=ChannelChoice.LETTER)
            make_invitation(session, keys, campaign=campaign, participant=person)
        letters = making.letters(session, campaign.id, keys=keys, now=now)
        poster = making.poster(session, campaign, place.id, "Hall", keys=keys, now=now)
        return [making.printed(keys, code) for code in letters], making.printed(keys, poster)


def fill_in(client, runtime, address, n_items=6):
    for number in range(1, n_items + 1):
        seal = seal_of(client.get(f"{address}/{number}"))
        runtime.clock.advance(seconds=3)
        assert client.post(f"{address}/{number}", data={"seal": seal, "answer": "1"}).status_code == 303


def test_letters_and_their_forms_are_counted_and_a_shared_screen_is_kept_apart(app, runtime, handed_out):
    letters, poster = handed_out
    phone, desk = app.test_client(), enter(app, "officer@example.org")[0]
    for code in letters[:N_TYPED]:
        fill_in(phone, runtime, phone.post("/q", data={"code": code.lower()}).headers["Location"])
    keyed = {f"item-{number}": "1" for number in range(1, 7)} | {"csrf_token": csrf_in(desk)}
    for code in letters[N_TYPED:]:
        reply = desk.post("/workspace/paper/key", data=keyed | {"number": code})
        assert "said=counted" in reply.headers["Location"]
    for _ in range(N_TOUCHED):
        seal = seal_of(phone.get(f"/kiosk/{poster}"))
        begun = phone.post(f"/kiosk/{poster}", data={"seal": seal}).headers["Location"]
        fill_in(phone, runtime, begun.rpartition("/")[0])
    assert len(all_of(runtime.database, Response)) == N_TYPED + N_PAPER + N_TOUCHED
    runtime.clock.advance(days=8)
    catch_up(runtime)
    (block,) = all_of(runtime.database, Block)
    assert block.n_people == N_TYPED + N_PAPER
    came = {cell.code: cell.n for cell in all_of(runtime.database, Cell) if cell.item_id == MODE}
    assert came == {CODES[Channel.WEB]: N_TYPED, CODES[Channel.PAPER]: N_PAPER}
