from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator

from survey_app.hear.channels.signature import is_signed, signed_url

BASE = "https://survey.example.org"
FORM = {"From": "+447700900123", "Body": "Hi é & ü"}


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"RAW_URI": "/hooks?o=%C5%82"}, "/hooks?o=%C5%82"),
        ({"REQUEST_URI": "/hooks?o=a%2Fb"}, "/hooks?o=a%2Fb"),
        ({"RAW_URI": "http://10.0.0.5:8000/hooks?x=1"}, "/hooks?x=1"),
        ({"PATH_INFO": "/hooks/a b", "QUERY_STRING": "o=1"}, "/hooks/a%20b?o=1"),
    ],
)
def test_the_address_is_our_public_one_with_the_raw_path(environ, path):
    assert signed_url(environ, BASE) == BASE + path


@pytest.mark.parametrize("signature", [None, "", "no", "x" * 201, "ü"])
def test_what_cannot_be_checked_is_not_signed(signature):
    assert is_signed({"RAW_URI": "/hooks"}, FORM, signature, base_url=BASE, auth_token="token") is False


def test_http_in_place_of_https_is_not_signed():
    signature = RequestValidator("token").compute_signature("http://survey.example.org/hooks", FORM)
    assert is_signed({"RAW_URI": "/hooks"}, FORM, signature, base_url=BASE, auth_token="token") is False


def test_the_providers_signature_is_accepted():
    signature = RequestValidator("token").compute_signature(f"{BASE}/hooks", FORM)
    assert is_signed({"RAW_URI": "/hooks"}, FORM, signature, base_url=BASE, auth_token="token") is True
    assert is_signed({"RAW_URI": "/hooks"}, FORM, signature, base_url=BASE, auth_token="other") is False
