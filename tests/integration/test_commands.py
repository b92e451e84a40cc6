"""Every command, as people and checks run it: one program, its words, its output and its exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from survey_app.cli import commands
from survey_app.settings import ROOT

# A command's connections end with its process; here the process goes on.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

GOLDEN = ROOT / "tests" / "golden"
PEOPLE = "reference,audience,locality,practice,phone,channel,language,consent\n"
PLACES = """id,name,kind,code,parent
kmd,Kentmere,system,K1,
east,East,place,K2,kmd
river,River,locality,K3,east
"""
STRONG = "q7Xw-2LmZ9_vRt4Kp8sYb3Nc6Hd1Jf5G"
PRODUCTION = {
    "SURVEY_ENV": "production",
    "SURVEY_PUBLIC_BASE_URL": "https://surveys.example.org",
    "SURVEY_GATEWAY": "twilio",
    "SURVEY_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "SURVEY_TWILIO_AUTH_TOKEN": "b" * 32,
    "SURVEY_TWILIO_NUMBER": "+447700900999",
    "SURVEY_SECRET_KEY": STRONG,
    "SURVEY_SMTP_URL": "smtps://mail.example.org",
    "SURVEY_ON_CALL_EMAIL": "on-call@ours.nhs.uk",
}


class Program:
    """The product as its command line runs it, with a data directory of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.surroundings = {"SURVEY_ENV": "testing", "SURVEY_DATA_DIR": str(data)}

    def run(self, *words: str, given: str = "", fails: bool = False, **settings: str) -> str:
        """Run one command in this process, which saves seconds a time; return all it wrote."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("SURVEY_") or name == "PORT"]:
                patch.delenv(name)
            for name, value in (self.surroundings | settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["survey_app", *words])
            patch.setattr(sys, "stdin", io.StringIO(given))
            with redirect_stdout(said), redirect_stderr(said):
                code = self._code()
        assert (code != 0) == fails, said.getvalue()
        return said.getvalue()

    def _code(self) -> int:
        commands.runtime.cache_clear()
        try:
            commands.main()
        except SystemExit as end:
            return int(end.code or 0)
        finally:
            if commands.runtime.cache_info().currsize:
                commands.runtime().database.dispose()
                commands.runtime.cache_clear()
        return 0


@pytest.fixture
def program(tmp_path, sqlite_template) -> Program:
    """Return a program whose database is migrated and empty."""
    made = Program(tmp_path / "data")
    made.data.mkdir()
    shutil.copy(sqlite_template, made.data / "survey.db")
    return made


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Program:
    """Return a program with three weeks of the demonstration, loaded once."""
    made = Program(tmp_path_factory.mktemp("demo"))
    made.run("db", "upgrade")
    said = made.run("demo", "load", "--weeks", "3", "--localities", "3")
    assert "synthetic people answered" in said
    return made


def test_the_web_process_loads_nothing_that_only_counts_or_draws():
    loaded = (
        "import sys; from survey_app.cli import commands; "
        "commands.cli.get_command(None, 'web'); print(*sys.modules)"
    )
    modules = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {"matplotlib", "numpy", "scipy", "apscheduler"}.isdisjoint(modules.stdout.split())


def test_the_program_itself_refuses_in_one_plain_line(program):
    line = [sys.executable, "-m", "survey_app", "web"]
    weak = os.environ | program.surroundings | PRODUCTION | {"SURVEY_SECRET_KEY": "change-me"}
    done = subprocess.run(line, env=weak, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("BadSetting: SURVEY_SECRET_KEY must be")
    assert "Traceback" not in done.stderr


def test_help_names_every_command(program):
    said = program.run("--help")
    promised = "serve web jobs worker db doctor demo people nightly top-up texts replies stats series"
    assert [command for command in promised.split() if f"\n  {command} " not in said] == []


@pytest.mark.parametrize(
    "command",
    ["db upgrade", "demo load", "people import", "nightly", "top-up", "stats", "replies read", "serve"],
)
def test_each_command_explains_itself(program, command):
    assert "Usage:" in program.run(*command.split(), "--help")


def test_a_mistyped_command_is_refused_without_a_traceback(program):
    assert "No such command" in program.run("nightli", fails=True)


def test_a_new_database_is_brought_up_to_date_once(tmp_path):
    program = Program(tmp_path / "new")
    assert "has not been applied" in program.run("db", "check", fails=True)
    assert "applied 0001" in program.run("db", "upgrade")
    assert "nothing to do" in program.run("db", "upgrade")
    assert "agree" in program.run("db", "check")
    assert "all well" in program.run("doctor")


def test_nothing_is_served_from_a_database_without_its_migrations(tmp_path):
    program = Program(tmp_path / "new")
    for command in ("serve", "web", "jobs", "worker"):
        assert "db upgrade" in program.run(command, fails=True)


def test_doctor_names_missing_migrations_and_missing_keys(tmp_path):
    program = Program(tmp_path / "new")
    assert "keys create" in program.run("doctor", fails=True, **PRODUCTION)
    assert re.search(
        r"FAULT the database lacks 0001 to \d{4}, \d+ migrations: run", program.run("doctor", fails=True)
    )


@pytest.mark.parametrize("secret", ["", "short", "change-me-change-me-change-me-change-me", "a" * 40])
def test_production_refuses_a_weak_secret_by_name(program, secret):
    for command in ("web", "doctor"):
        said = program.run(command, fails=True, **PRODUCTION | {"SURVEY_SECRET_KEY": secret})
        assert "SURVEY_SECRET_KEY" in said
        assert not secret or secret not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("SURVEY_PUBLIC_BASE_URL", "http://surveys.example.org"), ("SURVEY_GATEWAY", "simulator")],
)
def test_production_refuses_what_is_only_for_trying_out(program, name, value):
    assert name in program.run("web", fails=True, **PRODUCTION | {name: value})


def test_a_setting_that_cannot_be_read_is_named(program):
    assert "SURVEY_PORT" in program.run("doctor", fails=True, SURVEY_PORT="eighty")


def test_production_keys_are_made_by_their_own_command_only(program):
    assert "FAULT" in program.run("doctor", fails=True, **PRODUCTION)
    program.run("keys", "create", **PRODUCTION)
    said = program.run("doctor", **PRODUCTION)
    assert "all well" in said
    for drafts in (
        "config/wording (ar, bn, cy",
        "config/pages (ar, bn, cy",
        "instruments/carer/v1 (ar, bn, cy",
    ):
        assert drafts in said
    assert "WARNING SURVEY_HELP_PHONE is 0800 000 0000" in said
    assert "SURVEY_ON_CALL_EMAIL" not in said
    shipped = {name: value for name, value in PRODUCTION.items() if name != "SURVEY_ON_CALL_EMAIL"}
    said = program.run("doctor", fails=True, **shipped)
    assert "FAULT SURVEY_ON_CALL_EMAIL is on-call@example.org: nobody would hear" in said
    assert "synthetic" in program.run("demo", "load", fails=True, **PRODUCTION)


def test_people_are_imported_whole_or_not_at_all(program, tmp_path):
    sheet = tmp_path / "people.csv"
    (tmp_path / "places.csv").write_text(PLACES)
    assert "3 places" in program.run("places", "import", str(tmp_path / "places.csv"))
    good = "p1,user,river,,07700900001,text,en,given\n"
    sheet.write_text(
        PEOPLE + good + "p2,user,mars,,07700900002,text,en,given\np3,user,river,,020,text,en,given\n"
    )
    said = program.run("people", "import", str(sheet), fails=True)
    assert "line 3" in said.lower()
    assert "line 4" in said.lower()
    sheet.write_text(PEOPLE + good)
    assert "1 people added" in program.run("people", "import", str(sheet))
    assert "0 people added, 1 updated" in program.run("people", "import", str(sheet))
    assert "does not exist" in program.run("people", "import", str(tmp_path / "none.csv"), fails=True)


def test_staff_are_added_at_places_that_exist(program, tmp_path):
    (tmp_path / "places.csv").write_text(PLACES)
    program.run("places", "import", str(tmp_path / "places.csv"))
    add = (
        "staff",
        "add",
        "kim@example.org",
        "--name",
        "Kim",
        "--role",
        "lead",
        "--password",
        "river candle orbit",
    )
    assert "can sign in" in program.run(*add, "--place", "kmd")
    assert "no place" in program.run(*add, "--place", "mars", fails=True)
    weak = (*add[:-1], "Local Care Surveys 9")
    assert "three random words" in program.run(*weak, "--place", "kmd", fails=True)
    assert "is bound to" in program.run("staff", "reset-sso", "kim@example.org")
    assert "nobody signs in" in program.run("staff", "reset-sso", "pat@example.org", fails=True)


def test_the_demonstration_is_loaded_once(demo):
    assert "nothing was loaded" in demo.run("demo", "load", "--weeks", "3", "--localities", "3")
    assert "all well" in demo.run("doctor")


def test_counting_by_hand_may_be_run_at_any_time_and_twice(demo):
    before = demo.run("series", "--measure", "ex.say.mean", "--place", "quayside")
    for _ in range(2):
        assert "nothing to do" in demo.run("nightly")
        assert "0 blocks closed" in demo.run("top-up")
    assert demo.run("series", "--measure", "ex.say.mean", "--place", "quayside") == before


def test_a_day_that_has_not_come_is_refused(demo):
    assert "expected a date up to today" in demo.run("nightly", "--day", "2999-01-01", fails=True)


def test_a_series_is_printed_as_json(demo):
    document = json.loads(demo.run("series", "--measure", "ex.say.mean", "--place", "quayside"))
    assert (document["measure"], document["place"], document["rules"]) == ("ex.say.mean", "quayside", "mdc7")
    assert {"from", "to", "value", "n", "low", "high", "state", "provisional"} <= set(document["points"][0])
    element = json.loads(
        demo.run("series", "--measure", "ex.say.mean", "--place", "quayside", "--element", "impact.quality.2")
    )
    assert element == document | {"element": "impact.quality.2"}
    assert "nothing has been released" in demo.run(
        "series", "--measure", "ex.say.mean", "--place", "mars", fails=True
    )


def test_texts_are_measured_as_the_reference_does(program):
    lines = [
        json.loads(line) for line in (GOLDEN / "segments.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    asked = "".join(json.dumps({"id": line["id"], "text": line["text"]}) + "\n" for line in lines)
    said = [json.loads(line) for line in program.run("texts", "measure", given=asked).splitlines()]
    keys = ("id", "encoding", "units", "segments")
    assert said == [{key: line[key] for key in keys} for line in lines]


def test_replies_are_read_as_the_corpus_expects(program):
    lines = [json.loads(line) for line in (GOLDEN / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = "".join(json.dumps({k: v for k, v in line.items() if k != "expect"}) + "\n" for line in lines)
    said = program.run(
        "replies", "read", "--questions", str(GOLDEN / "questions.json"), given=asked
    ).splitlines()
    rows = [json.loads(line) for line in said]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    digits = [(row, line) for row, line in zip(rows, lines, strict=True) if line["body"].strip().isdigit()]
    assert len(digits) > 5
    assert [row["intent"] for row, _ in digits] == [line["expect"]["intent"] for _, line in digits]
    assert "\n".join(said) == program.run(
        "replies", "read", "--questions", str(GOLDEN / "questions.json"), given=asked
    ).rstrip("\n")


def test_statistics_are_computed_case_by_case_and_a_bad_case_says_why(program):
    cases = [
        {"id": "good", "params": {"conf_level": 0.95}, "input": {"x": 8, "n": 10}},
        {"id": "bad", "params": {"conf_level": 0.95}, "input": {"x": 11, "n": 10}},
    ]
    good, bad = json.loads(program.run("stats", "wilson", given=json.dumps({"cases": cases})))["cases"]
    assert good["result"]["estimate"] == pytest.approx(0.8)
    assert good["result"]["wilson_lower"] == pytest.approx(0.4901625, abs=1e-6)
    assert set(bad) == {"id", "error"}


@pytest.mark.parametrize(
    ("method", "name"),
    [("funnel", "funnel"), ("alpha", "cronbach"), ("agreement", "agreement"), ("rake", "raking")],
)
def test_estimates_are_read_as_the_reference_writes_them(program, method, name):
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["cases"][:2]
    asked = [{"id": case["id"], "params": case["params"], "input": case["input"]} for case in golden]
    said = json.loads(program.run("stats", method, given=json.dumps({"cases": asked})))["cases"]
    assert [row["id"] for row in said] == [case["id"] for case in golden]
    assert set(said[1]) == {"id", "result"}


def test_charts_of_the_reference_are_computed_alike(program):
    golden = json.loads((GOLDEN / "xmr.json").read_text(encoding="utf-8"))["cases"][:3]
    asked = [{"id": case["id"], "params": case["params"], "input": case["input"]} for case in golden]
    said = json.loads(program.run("stats", "xmr", given=json.dumps({"cases": asked})))["cases"]
    for case, row in zip(golden, said, strict=True):
        wanted, found = case["expected"]["points"], row["result"]["points"]
        assert [point["mean"] for point in found] == pytest.approx(
            [point["mean"] for point in wanted], nan_ok=True
        )
        assert [point["point_type_increase"] for point in found] == [
            point["point_type_increase"] for point in wanted
        ]
