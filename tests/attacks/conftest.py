"""What every attack on a survey stands on: a link, its forms, and a way to answer like a person."""

from __future__ import annotations

import pytest

from tests.attacks.ground import invited, seal_of


@pytest.fixture
def token(runtime):
    return invited(runtime)


@pytest.fixture
def form_of(client, clock):
    """Open a page, wait as a reader would, and return its form with an answer."""

    def form(token, number=1, answer="3", *, seconds=4):
        seal = seal_of(client.get(f"/s/{token}/{number}"))
        clock.advance(seconds=seconds)
        return {"seal": seal, "answer": answer}

    return form


@pytest.fixture
def finish(client, form_of):
    """Answer every item of a link."""

    def finish(token):
        for number in range(1, 7):
            assert client.post(f"/s/{token}/{number}", data=form_of(token, number)).status_code == 303

    return finish
