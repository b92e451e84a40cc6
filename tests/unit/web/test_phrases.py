import pytest

from survey_app.web.phrases import UnknownPhrase, load_phrases


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "en.toml").write_text(
        '[end]\nthanks = "Thank you, {name}"\nbye = "<em>Bye</em>"\n', encoding="utf-8"
    )
    draft = 'reviewed_by = ""\n[end]\nthanks = "Diolch, {name}"\n'
    (tmp_path / "cy.toml").write_text(draft, encoding="utf-8")
    return tmp_path


def test_a_phrase_is_said_in_the_language_of_the_page_and_else_in_english(folder):
    phrases = load_phrases(folder, unsigned_too=True)

    assert phrases.text("cy", "end.thanks", name="Siân") == "Diolch, Siân"
    assert phrases.text("cy", "end.bye") == "<em>Bye</em>"
    assert phrases.text("fr", "end.thanks", name="Siân") == "Thank you, Siân"


def test_what_is_filled_in_is_escaped(folder):
    assert "<b>" not in load_phrases(folder, unsigned_too=True).text("en", "end.thanks", name="<b>")


def test_a_draft_nobody_signed_is_not_said_where_only_signed_wording_may_be(folder):
    phrases = load_phrases(folder, unsigned_too=False)

    assert phrases.text("cy", "end.thanks", name="Siân") == "Thank you, Siân"
    assert phrases.unsigned == ("cy",)


def test_a_phrase_that_does_not_exist_is_named(folder):
    with pytest.raises(UnknownPhrase, match=r"end\.nothing"):
        load_phrases(folder, unsigned_too=True).text("en", "end.nothing")
