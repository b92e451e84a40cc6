from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.faults import LARGEST_BYTES, InstrumentFault
from survey_app.ask.instruments.loader import (
    UnknownInstrument,
    load_instrument,
    load_library,
    released_hash,
)

FIXTURE = Path("tests/fixtures/instruments/tiny/v1.toml")
MODEL = load_logic_model(Path("config/logic_model.toml"))


def changed(tmp_path: Path, old: str, new: str, count: int = 1) -> Path:
    text = FIXTURE.read_text()
    assert old in text
    path = tmp_path / "tiny" / "v1.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(old, new, count))
    return path


def faults_of(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(InstrumentFault) as caught:
        load_instrument(path, MODEL)
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return [(fault.line, fault.fault) for fault in caught.value.faults]


def line(path: Path, text: str, nth: int = 0) -> int:
    return [n for n, row in enumerate(path.read_text().splitlines(), 1) if text in row][nth]


def test_a_good_file_loads_with_all_it_says():
    tiny = load_instrument(FIXTURE, MODEL)
    assert (tiny.id, tiny.version, tiny.reading_age, tiny.validated) == ("tiny", 1, 9, False)
    assert tiny.digest == released_hash(FIXTURE)
    assert [item.ordinal for item in tiny.items] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "where", "nth", "expected"),
    [
        ('id = "t.turned"', 'id = "t.plain"', 'id = "t.plain"', 1, "every item id only once"),
        (
            'type = "yes_no"',
            'type = "slider"',
            'type = "slider"',
            0,
            "expected type to be one of labelled_scale",
        ),
        ("codes = [1] }", "codes = [8] }", "show_if", 0, "show_if codes of t.plan among [0, 1, 2, 3]"),
        (
            'item = "t.plan", codes',
            'item = "t.visits", codes',
            "show_if",
            0,
            "an earlier item, found t.visits",
        ),
        (
            'item = "t.plan", codes',
            'item = "t.plan_used", codes',
            "show_if",
            0,
            "an earlier item, found t.plan_used",
        ),
        ("codes = [1] }", "codes = [] }", "show_if", 0, "expected show_if = {"),
        (
            'elements = ["outcomes.experience.3"]',
            'elements = ["outcomes.experience.9"]',
            "experience.9",
            0,
            "scie",
        ),
        ('elements = ["outcomes.experience.3"]', "elements = []", "elements = []", 0, "at least one element"),
        ('items = ["t.plain", "t.turned"]', 'items = ["t.plain", "t.gone"]', "t.gone", 0, "found t.gone"),
        ('gate = "t.plan"', 'gate = "t.gone"', 'items = ["t.plain", "t.turned"]', 0, "found t.gone"),
        (
            '0 Not sure"\nspoken',
            "0 Don't know\"\nspoken",
            "Don't know",
            0,
            'expected sms to offer "0 Not sure"',
        ),
        ("Press 1 for never, ", "", "Do staff listen? 2 for", 0, "expected spoken to name key 1"),
        (
            "Do staff listen? Reply",
            "Do staff \u2013 listen? Reply",
            "\u2013",
            0,
            "GSM-7 characters in sms, found \u2013",
        ),
        (
            "Do staff listen? Reply",
            f"Do {'really ' * 14}listen? Reply",
            "really",
            0,
            "in 160 septets, found 16",
        ),
        (
            'text = "Do staff listen?"',
            'text = "Don\u2019t staff listen?"',
            "\u2019",
            0,
            "straight quotes in text",
        ),
        ("reading_age = 9", "reading_age = 40", "reading_age", 0, "between 5 and 18"),
        ('licence = "MIT"', 'licence = ""', "licence", 0, "expected licence, a text"),
        ('source = "Written for the tests."', "source = 7", "source", 0, "expected source, a text"),
        ('audience = "user"', 'audience = "users"', "audience", 0, "one of user, carer, staff"),
        ("version = 1", "version = 2", "version", 0, "file's number"),
        ('id = "tiny"', 'id = "other"', 'id = "other"', 0, "folder's name, tiny"),
        ("reverse = true", "reversed = true", "reversed", 0, "unknown key reversed"),
        ("reverse = true", 'reverse = "yes"', "reverse", 0, "to be true or false"),
        ("maximum = 20", "maximum = 0", "number", 0, "0 <= minimum < maximum"),
        ("maximum = 20\n", "", "number", 0, "expected minimum and maximum"),
        ('rule = "sum"', 'rule = "total"', 'rule = "total"', 0, "one of percent, sum"),
        ('id = "added"', 'id = "all"', 'id = "all"', 1, "an id of its own"),
        ('options = "yes"', 'options = "no"', 'options = "no"', 0, "options to be one of steps, yes"),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_was_expected(tmp_path, old, new, where, nth, expected):
    path = changed(tmp_path, old, new)
    found = faults_of(path)
    assert any(number == line(path, where, nth) and expected in fault for number, fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('code = 2, label = "Sometimes"', 'code = 1, label = "Sometimes"', "every option code only once"),
        ('code = 4, label = "Always"', 'code = 12, label = "Always"', "between 0 and 9"),
        ('label = "Always", score = 3', 'label = "Always", score = 2', "a score of its own"),
        ('label = "Always", score = 3', 'label = "Always"', "a score for every option of kind scored"),
        ('kind = "not_sure"', 'kind = "not_sure", score = 1', "no score for options of kind not_sure"),
        ('kind = "not_sure"', 'kind = "unsure"', "expected kind to be one of"),
        ('label = "Always", score = 3', 'label = "Never", score = 3', "a label of its own"),
        ('label = "Sometimes", score = 1', 'label = "Sometimes", score = 9', "to rise or to fall"),
        ('code = 1, label = "Yes"', 'code = 5, label = "Yes"', "exactly codes 1 (yes) and 2 (no)"),
    ],
)
def test_options_that_cannot_be_answered_or_scored_are_refused(tmp_path, old, new, expected):
    assert any(expected in fault for _, fault in faults_of(changed(tmp_path, old, new)))


def test_a_scale_of_one_step_is_refused(tmp_path):
    path = changed(tmp_path, "\n".join(FIXTURE.read_text().splitlines()[13:17]) + "\n", "")
    assert any("at least 2 options" in fault for _, fault in faults_of(path))


def test_every_fault_of_a_file_is_reported_at_once(tmp_path):
    path = changed(tmp_path, 'audience = "user"', 'audience = "dogs"')
    path.write_text(
        path.read_text().replace('type = "yes_no"', 'type = "slider"').replace("reading_age = 9", "")
    )
    found = faults_of(path)
    assert len(found) == 4  # reading_age is both missing and out of bounds
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("raw", "number", "expected"),
    [
        (b'id = "tiny"\nversion = = 1\n', 2, "expected TOML"),
        (b'id = "tiny"\n\xff\n', 2, "expected UTF-8"),
        (b"!!python/object:os.system {}", 1, "expected TOML"),
        (b"x = " + b"[" * 5000, 1, "TOML"),
        (b"#" * (LARGEST_BYTES + 1), 1, "at most"),
        (b"", 1, "at least one [[items]]"),
        (b"items = 3\nscales = {}\noptions = []", 1, "expected [[items]] tables"),
        (b"items = [3]", 1, "expected items to be a table"),
    ],
)
def test_a_file_that_is_no_instrument_is_a_fault_and_never_a_crash(tmp_path, raw, number, expected):
    path = tmp_path / "tiny" / "v1.toml"
    path.parent.mkdir()
    path.write_bytes(raw)
    assert any(line == number and expected in fault for line, fault in faults_of(path))


def test_a_missing_file_is_a_fault(tmp_path):
    assert "readable" in faults_of(tmp_path / "tiny" / "v1.toml")[0][1]


def released_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "instruments"
    shutil.copytree(FIXTURE.parent.parent, folder)
    (folder / "released.toml").write_text(f'[released]\n"tiny/v1" = "{released_hash(FIXTURE)}"\n')
    return folder


def test_a_released_file_loads_unchanged(tmp_path):
    assert load_library(released_folder(tmp_path)).get("tiny", 1).title == "A tiny instrument"


def test_a_released_file_that_differs_by_one_byte_is_refused_by_name(tmp_path):
    folder = released_folder(tmp_path)
    path = folder / "tiny" / "v1.toml"
    path.write_text(path.read_text() + "\n")
    with pytest.raises(InstrumentFault, match=r"released\.toml:2: tiny/v1: expected the released bytes"):
        load_library(folder)


def test_a_released_file_cannot_go_missing(tmp_path):
    folder = released_folder(tmp_path)
    (folder / "tiny" / "v1.toml").unlink()
    with pytest.raises(InstrumentFault, match="tiny/v1: expected the released file"):
        load_library(folder)


def test_private_files_need_no_hash_but_are_checked(tmp_path):
    folder, private = released_folder(tmp_path), tmp_path / "licensed"
    for root in (private, folder / "private"):
        (root / "bought").mkdir(parents=True)
    text = FIXTURE.read_text().replace('id = "tiny"', 'id = "bought"')
    (private / "bought" / "v1.toml").write_text(text)
    (folder / "private" / "bought" / "v2.toml").write_text(text.replace("version = 1", "version = 2"))
    library = load_library(folder, private, MODEL)
    assert library.latest("bought").version == 2
    assert [(one.id, one.version) for one in library.all()] == [("bought", 1), ("bought", 2), ("tiny", 1)]
    (private / "bought" / "v1.toml").write_text(text.replace('licence = "MIT"', ""))
    with pytest.raises(InstrumentFault, match="expected licence"):
        load_library(folder, private, MODEL)


def test_a_private_file_cannot_take_the_place_of_a_public_one(tmp_path):
    folder, private = released_folder(tmp_path), tmp_path / "licensed"
    shutil.copytree(FIXTURE.parent, private / "tiny")
    with pytest.raises(InstrumentFault, match="tiny v1 only once"):
        load_library(folder, private)


def test_a_library_refuses_what_it_does_not_have(tmp_path):
    library = load_library(released_folder(tmp_path))
    with pytest.raises(UnknownInstrument, match="tiny v2"):
        library.get("tiny", 2)
    with pytest.raises(UnknownInstrument, match="nothing"):
        library.latest("nothing")


def test_wording_that_looks_like_code_is_only_text(tmp_path):
    path = changed(tmp_path, 'text = "Do staff listen?"', "text = '<script>{{7*7}}{% raw %}</script>'")
    assert load_instrument(path).item("t.plain").text == "<script>{{7*7}}{% raw %}</script>"
