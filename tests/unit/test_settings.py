"""Settings come from one file and the environment, and production does not start with unsafe ones."""

from __future__ import annotations

import tomllib

import pytest

from survey_app.settings import CONFIG_DIR, BadSetting, Environment, GatewayKind, load_settings

SAFE = {
    "SURVEY_ENV": "production",
    "SURVEY_SECRET_KEY": "q8Zt1LwYx0Vb6NfKj3RhUo9PcMa5Ei2D",
    "SURVEY_PUBLIC_BASE_URL": "https://surveys.example.org",
    "SURVEY_SMTP_URL": "smtps://surveys:longpassword@mail.example.org:465",
    "SURVEY_GATEWAY": "twilio",
    "SURVEY_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "SURVEY_TWILIO_AUTH_TOKEN": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "SURVEY_TWILIO_NUMBER": "+447700900123",
    "SURVEY_DATABASE_URL": "postgresql://survey@db/survey",
}


def test_without_any_variable_development_works_out_of_the_box():
    settings = load_settings({})
    assert settings.env is Environment.DEVELOPMENT
    assert settings.database_url == f"sqlite:///{settings.data_dir}/survey.db"
    assert settings.public_base_url == "http://127.0.0.1:8000"
    assert settings.twilio_api_base == "http://127.0.0.1:8000/simulator/provider"


@pytest.mark.parametrize(
    ("environ", "port"),
    [({"PORT": "8123"}, 8123), ({"PORT": "8123", "SURVEY_PORT": "8124"}, 8124), ({}, 8000)],
)
def test_port_is_taken_from_the_shorter_name_too(environ, port):
    assert load_settings(environ).port == port


def test_every_setting_of_the_file_can_be_overridden_by_name():
    defaults = tomllib.loads((CONFIG_DIR / "settings.toml").read_text(encoding="utf-8"))
    text = {name for name, value in defaults.items() if isinstance(value, str)} - {"env", "gateway"}
    plain = {name for name in text if not name.startswith("sso_")}  # those must fit together: below
    plain -= {"data_dir", "private_instruments_dir"}
    changed = load_settings({f"SURVEY_{name.upper()}": "changed" for name in plain})
    assert {name for name in plain if getattr(changed, name) != "changed"} == set()


def test_safe_production_settings_are_accepted():
    settings = load_settings(SAFE)
    assert settings.is_production
    assert settings.gateway is GatewayKind.TWILIO
    assert settings.public_host == "surveys.example.org"
    assert settings.twilio_api_base == ""


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("SURVEY_SECRET_KEY", ""),
        ("SURVEY_SECRET_KEY", "change-me-change-me-change-me-1234567890"),
        ("SURVEY_SECRET_KEY", "a" * 40),
        ("SURVEY_PUBLIC_BASE_URL", "http://surveys.example.org"),
        ("SURVEY_PUBLIC_BASE_URL", ""),
        ("SURVEY_GATEWAY", "simulator"),
        ("SURVEY_SMTP_URL", ""),
        ("SURVEY_TWILIO_AUTH_TOKEN", ""),
        ("SURVEY_TWILIO_NUMBER", ""),
        ("SURVEY_SENDER_NAME", "A name that is too long"),
        ("SURVEY_POSTER_STARTS_A_DAY", "0"),
    ],
)
def test_production_refuses_each_unsafe_setting_by_its_name(name, unsafe):
    with pytest.raises(BadSetting, match=name):
        load_settings(SAFE | {name: unsafe})


def test_all_faults_are_named_at_once():
    with pytest.raises(BadSetting) as caught:
        load_settings({"SURVEY_ENV": "production"})
    named = str(caught.value)
    assert all(word in named for word in ("SURVEY_SECRET_KEY", "SURVEY_PUBLIC_BASE_URL", "SURVEY_GATEWAY"))


def test_many_web_workers_need_postgresql():
    crowded = SAFE | {"SURVEY_DATABASE_URL": "sqlite:///survey.db", "SURVEY_WEB_WORKERS": "5"}
    with pytest.raises(BadSetting, match="SURVEY_WEB_WORKERS"):
        load_settings(crowded)


@pytest.mark.parametrize(("name", "value"), [("SURVEY_PORT", "eighty"), ("SURVEY_ENV", "staging")])
def test_a_value_of_the_wrong_kind_is_refused_by_name(name, value):
    with pytest.raises(BadSetting, match=name):
        load_settings({name: value})


def test_a_setting_missing_from_the_file_is_named(tmp_path):
    short = tmp_path / "settings.toml"
    short.write_text('env = "development"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="data_dir is missing"):
        load_settings({}, path=short)


def test_settings_never_show_secrets_in_a_log():
    assert SAFE["SURVEY_SECRET_KEY"] not in repr(load_settings(SAFE))
    assert SAFE["SURVEY_TWILIO_AUTH_TOKEN"] not in repr(load_settings(SAFE))


NOTIFY = SAFE | {
    "SURVEY_GATEWAY": "notify",
    "SURVEY_NOTIFY_API_KEY": "live-00000000-0000-0000-0000-000000000001-00000000-0000-0000-0000-000000000002",
    "SURVEY_NOTIFY_NUMBER": "+447700900000",
    "SURVEY_NOTIFY_TEXT_TEMPLATE": "00000000-0000-0000-0000-000000000003",
    "SURVEY_NOTIFY_CALLBACK_TOKEN": "0123456789abcdef",
}
WHATSAPP = SAFE | {
    "SURVEY_WHATSAPP_NUMBER": "+447700900001",
    "SURVEY_WHATSAPP_TEMPLATES": "invitation=HX" + "0" * 32,
}


def test_notify_and_whatsapp_start_when_all_is_there_and_show_no_secret():
    for whole in (NOTIFY, WHATSAPP):
        shown = repr(load_settings(whole))
        assert not any(whole[name] in shown for name in whole if name.endswith(("KEY", "TOKEN")))


@pytest.mark.parametrize(
    ("whole", "name", "bad"),
    [
        (NOTIFY, "SURVEY_NOTIFY_API_KEY", ""),
        (NOTIFY, "SURVEY_NOTIFY_API_KEY", "half-a-key"),
        (NOTIFY, "SURVEY_NOTIFY_NUMBER", ""),
        (NOTIFY, "SURVEY_NOTIFY_TEXT_TEMPLATE", ""),
        (NOTIFY, "SURVEY_NOTIFY_CALLBACK_TOKEN", "short"),
        (NOTIFY, "SURVEY_NOTIFY_LETTERS", "perhaps"),
        (WHATSAPP, "SURVEY_WHATSAPP_TEMPLATES", ""),
        (WHATSAPP, "SURVEY_WHATSAPP_TEMPLATES", "invitation"),
        (WHATSAPP, "SURVEY_TWILIO_AUTH_TOKEN", ""),
    ],
)
def test_a_gateway_that_lacks_something_does_not_start_and_says_what(whole, name, bad):
    with pytest.raises(BadSetting, match=name):
        load_settings(whole | {name: bad})


SSO = {
    "SURVEY_SSO_ISSUER": "https://id.example",
    "SURVEY_SSO_NAME": "Kentmere ID",
    "SURVEY_SSO_CLIENT_ID": "surveys",
    "SURVEY_SSO_CLIENT_SECRET": "x",
}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({}, None),
        ({"SURVEY_SSO_ISSUER": "http://127.0.0.1:5000"}, None),
        ({"SURVEY_SSO_ISSUER": ""}, "SURVEY_SSO_ISSUER is missing"),
        ({"SURVEY_SSO_ISSUER": "http://id.example"}, "SURVEY_SSO_ISSUER must start with https"),
        ({"SURVEY_SSO_DISCOVERY_URL": "http://id.example"}, "SURVEY_SSO_DISCOVERY_URL"),
        ({"SURVEY_SSO_NAME": ""}, "SURVEY_SSO_NAME is missing"),
        ({"SURVEY_SSO_CLIENT_SECRET": ""}, "exactly one of them"),
        ({"SURVEY_SSO_KEY_FILE": "/k.pem"}, "exactly one of them"),
        ({"SURVEY_SSO_SCOPES": "email"}, "SURVEY_SSO_SCOPES"),
        ({"SURVEY_SSO_KEY_ALGORITHM": "HS256"}, "SURVEY_SSO_KEY_ALGORITHM"),
        ({"SURVEY_SSO_SECOND_FACTOR": "nobody's"}, "SURVEY_SSO_SECOND_FACTOR"),
        ({"SURVEY_SSO_REQUIRED_CLAIM": "amr"}, "SURVEY_SSO_REQUIRED_CLAIM"),
        ({"SURVEY_SSO_GROUPS_CLAIM": "groups"}, "SURVEY_SSO_GROUP_ROLES go together"),
    ],
)
def test_single_sign_on_that_does_not_fit_together_is_refused_by_name(changed, named, tmp_path):
    surroundings = {"SURVEY_DATA_DIR": str(tmp_path)} | SSO | changed
    if named is None:
        read = load_settings(surroundings)
        assert all(getattr(read, name[7:].lower()) == value for name, value in (SSO | changed).items())
        return
    with pytest.raises(BadSetting, match=named):
        load_settings(surroundings)
