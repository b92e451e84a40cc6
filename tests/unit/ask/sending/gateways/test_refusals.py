from __future__ import annotations

import pytest

from survey_app.ask.sending.gateways.contract import Verdict
from survey_app.ask.sending.gateways.refusals import BadRefusals, load_refusals, verdict_on
from survey_app.settings import CONFIG_DIR


@pytest.fixture
def refusals():
    return load_refusals(CONFIG_DIR / "twilio_errors.toml")


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
