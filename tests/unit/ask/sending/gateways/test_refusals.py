from __future__ import annotations

import json

import pytest

from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.ask.sending.gateways.refusals import (
    Action,
    BadRefusals,
    load_codes,
    load_refusals,
    verdict_on,
)
from survey_app.settings import CONFIG_DIR, ROOT

GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture
def refusals():
    return load_refusals(CONFIG_DIR / "twilio_errors.toml")


@pytest.fixture
def codes():
    return load_codes(CONFIG_DIR / "twilio_errors.toml")


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("21610", 400, Verdict.STOP_ADDRESS),
        ("20429", 429, Verdict.LATER),
        ("20003", 401, Verdict.HOLD),
        ("21606", 400, Verdict.NEVER),
        ("20500", 500, Verdict.UNSURE),
        ("99999", 429, Verdict.LATER),
        ("99999", 502, Verdict.UNSURE),
        ("99999", 400, Verdict.NEVER),
    ],
)
def test_a_code_decides_and_an_unknown_one_goes_by_its_status(refusals, code, status, verdict):
    assert verdict_on(refusals, code, http_status=status) is verdict


def test_a_row_that_means_nothing_is_named(tmp_path):
    path = tmp_path / "errors.toml"
    path.write_text('21610 = { verdict = "shrug" }')
    with pytest.raises(BadRefusals, match="21610"):
        load_refusals(path)


def test_every_code_of_the_providers_list_is_known_with_its_kind_and_action(codes):
    listed = json.loads((GOLDEN / "provider_errors.json").read_text(encoding="utf-8"))
    assert len(listed) == 58
    assert {str(row["code"]): (row["kind"], row["action"]) for row in listed} == {
        code: (row.kind, row.action.value) for code, row in codes.items()
    }


def test_what_the_outbox_does_agrees_with_what_people_are_told_to_do(codes):
    by_action = {
        Action.SAFE_RETRY: {Verdict.LATER},
        Action.RETRY_LATER: {Verdict.LATER},
        Action.HOLD_ALL: {Verdict.HOLD, Verdict.HOLD_ADDRESS},
        Action.FIX_CONTENT: {Verdict.NEVER},
        Action.FIX_CONFIG: {Verdict.NEVER},
        Action.NEVER_BLIND_RETRY: {Verdict.UNSURE},
        Action.STOP_NUMBER: {Verdict.STOP_ADDRESS},
        Action.STOP_OPTOUT: {Verdict.STOP_ADDRESS},
    }
    for code, row in codes.items():
        assert row.verdict in by_action.get(row.action, set(Verdict)), code
